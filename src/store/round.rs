//! Saves rounds, and says which plans they cover.

use chrono::NaiveDate;
use entity::{plan, round, round_plan};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::NotSet,
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait},
};

use super::{Source, StoreError, Tx, action::Saved, meeting, record};
use crate::domain::{
    deadline::Span,
    id::{MeetingId, PanelId, PlanId, RoundId},
    meeting::Dates,
    round::{Round, RoundDraft, RoundState},
};

/// Adds a planned round over some plans.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn insert(tx: &Tx, draft: &RoundDraft, plans: &[PlanId]) -> Result<RoundId, StoreError> {
    let meeting = meeting_of(tx, draft, plans).await?;
    let row = round::ActiveModel {
        id: NotSet,
        meeting_id: Set(meeting.map(|m| m.0)),
        state: Set(RoundState::Planned.code().to_owned()),
        opened_on: Set(None),
        closed_on: Set(None),
        published_on: Set(None),
        version: Set(1),
        ..columns(draft)
    }
    .insert(tx.on())
    .await?;
    for plan in plans {
        round_plan::ActiveModel { id: NotSet, round_id: Set(row.id), plan_id: Set(plan.0) }
            .insert(tx.on())
            .await?;
    }
    Ok(RoundId(row.id))
}

/// Changes a round, if its version is still the one that the editor saw.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn save(tx: &Tx, id: RoundId, version: i32, draft: &RoundDraft) -> Result<Saved, StoreError> {
    let covers = round_plan::Entity::find().filter(round_plan::Column::RoundId.eq(id.0)).all(tx.on()).await?;
    let plans: Vec<PlanId> = covers.into_iter().map(|c| PlanId(c.plan_id)).collect();
    let meeting = meeting_of(tx, draft, &plans).await?;
    let done = round::Entity::update_many()
        .set(round::ActiveModel {
            version: Set(version + 1),
            meeting_id: Set(meeting.map(|m| m.0)),
            ..columns(draft)
        })
        .filter(round::Column::Id.eq(id.0))
        .filter(round::Column::Version.eq(version))
        .exec(tx.on())
        .await?;
    Ok(Saved::from_rows(done.rows_affected))
}

/// The meeting that a draft names; made, where it is not there. Without a body it is that of the first plan's panel.
async fn meeting_of(tx: &Tx, draft: &RoundDraft, plans: &[PlanId]) -> Result<Option<MeetingId>, StoreError> {
    let Some(held_on) = draft.meeting_on else { return Ok(None) };
    let panel = match (&draft.meeting_of, plans.first()) {
        (Some(name), _) => Some(meeting::panel_named(tx, name).await?),
        (None, Some(first)) => {
            plan::Entity::find_by_id(first.0).one(tx.on()).await?.and_then(|p| p.panel_id).map(PanelId)
        }
        (None, None) => None,
    };
    let panel = match panel {
        Some(panel) => panel,
        None => meeting::panel_named(tx, &tx.installation().words.say("{Panel}")).await?,
    };
    let dates = Dates { updates_due_on: draft.updates_due_on, ..Dates::default() };
    Ok(Some(meeting::meeting_on(tx, panel, held_on, dates).await?))
}

fn columns(draft: &RoundDraft) -> round::ActiveModel {
    round::ActiveModel {
        label: Set(draft.label.clone()),
        earliest: Set(draft.span.earliest),
        latest: Set(draft.span.latest),
        updates_due_on: Set(draft.updates_due_on),
        ..Default::default()
    }
}

/// Gives a round another date and name, along with its meeting.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn move_along(tx: &Tx, id: RoundId, span: Span, label: &str) -> Result<(), StoreError> {
    round::Entity::update_many()
        .set(round::ActiveModel {
            earliest: Set(span.earliest),
            latest: Set(span.latest),
            label: Set(label.to_owned()),
            ..Default::default()
        })
        .col_expr(round::Column::Version, Expr::col(round::Column::Version).add(1))
        .filter(round::Column::Id.eq(id.0))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Takes a planned round out; not any more, where it was opened meanwhile.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn remove(tx: &Tx, id: RoundId) -> Result<Saved, StoreError> {
    round_plan::Entity::delete_many().filter(round_plan::Column::RoundId.eq(id.0)).exec(tx.on()).await?;
    let done = round::Entity::delete_many()
        .filter(round::Column::Id.eq(id.0))
        .filter(round::Column::State.eq(RoundState::Planned.code()))
        .exec(tx.on())
        .await?;
    Ok(Saved::from_rows(done.rows_affected))
}

/// Moves a round from one state to the next, if it still is in the first. `on`: the office day; none: not recorded.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn advance(
    tx: &Tx,
    id: RoundId,
    from: RoundState,
    to: RoundState,
    on: Option<NaiveDate>,
) -> Result<Saved, StoreError> {
    let mut row = round::ActiveModel { state: Set(to.code().to_owned()), ..Default::default() };
    match to {
        RoundState::Planned => {}
        RoundState::Open => row.opened_on = Set(on),
        RoundState::Closed => row.closed_on = Set(on),
        RoundState::Published => row.published_on = Set(on),
    }
    let done = round::Entity::update_many()
        .set(row)
        .col_expr(round::Column::Version, Expr::col(round::Column::Version).add(1))
        .filter(round::Column::Id.eq(id.0))
        .filter(round::Column::State.eq(from.code()))
        .exec(tx.on())
        .await?;
    Ok(Saved::from_rows(done.rows_affected))
}

/// A round with the plans it covers, its version, and the body that meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundRow {
    /// The round.
    pub round: Round,
    /// Number of the saved state.
    pub version: i32,
    /// The body that meets.
    pub meeting_of: Option<String>,
    /// The plans that it covers.
    pub plans: Vec<PlanId>,
}

/// One round.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn by_id(from: &impl Source, id: RoundId) -> Result<Option<RoundRow>, StoreError> {
    Ok(rows(from, round::Column::Id.eq(id.0)).await?.pop())
}

/// The rounds for a meeting, with the plans that they cover.
///
/// # Errors
/// [`StoreError`] if the database does not answer or a row is not understood.
pub async fn of_meeting(from: &impl Source, id: MeetingId) -> Result<Vec<RoundRow>, StoreError> {
    rows(from, round::Column::MeetingId.eq(id.0)).await
}

async fn rows(from: &impl Source, which: Expr) -> Result<Vec<RoundRow>, StoreError> {
    let found = round::Entity::find()
        .filter(which)
        .order_by_asc(round::Column::Id)
        .find_with_related(plan::Entity)
        .all(from.on())
        .await?;
    let (_, meetings) = meeting::all(from).await?;
    let one = |(row, covers): (round::Model, Vec<plan::Model>)| {
        let version = row.version;
        let round = record::round(row, &meetings)?;
        Ok(RoundRow {
            version,
            meeting_of: round.meeting.as_ref().map(|m| m.panel_name.clone()),
            round,
            plans: covers.into_iter().map(|c| PlanId(c.id)).collect(),
        })
    };
    found.into_iter().map(one).collect()
}
