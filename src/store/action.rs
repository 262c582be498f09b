//! Saves actions, their leads, their states and their deadlines.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{action, assignment, cross_reference, deadline_revision, recommendation, state_change};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::NotSet,
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
    sea_query::{Expr, ExprTrait},
};

use super::{Source, StoreError, Tx, record};
use crate::domain::{
    action::{ActionDraft, Decision, State, StateChange},
    deadline::Reading,
    id::{ActionId, PersonId, PlanId, PostId, RevisionId, RoundId},
    post::Lead,
};

/// What became of a save that names the version it started from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Saved {
    /// It holds.
    Yes,
    /// Somebody else saved in between; nothing was written.
    Stale,
}

impl Saved {
    /// From the number of rows that a versioned save changed.
    pub(super) fn from_rows(rows: u64) -> Self {
        if rows == 0 { Self::Stale } else { Self::Yes }
    }
}

/// Adds an action at the end of its recommendation's actions, or of the plan's table.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn insert(
    tx: &Tx,
    plan: PlanId,
    draft: &ActionDraft,
    added_on: Option<NaiveDate>,
) -> Result<ActionId, StoreError> {
    let row = action::ActiveModel {
        id: NotSet,
        plan_id: Set(plan.0),
        recommendation_id: Set(draft.recommendation.map(|r| r.0)),
        position: Set(next_position(tx, plan, draft).await?),
        short_title: Set(draft.short_title.clone()),
        text: Set(draft.text.clone()),
        lead_wording: Set(draft.lead_wording.clone()),
        resource_wording: Set(draft.resource.clone()),
        resource_kind: Set(draft.resource_kind.map(|k| k.code().to_owned())),
        resource_pence: Set(draft.resource_pence),
        themes: Set(serde_json::json!(draft.themes)),
        state: Set(State::Open.code().to_owned()),
        state_from: Set(None),
        merged_into_id: Set(None),
        added_on: Set(added_on),
        version: Set(1),
    }
    .insert(tx.on())
    .await?;
    let id = ActionId(row.id);
    assign(tx, id, draft).await?;
    Ok(id)
}

/// The place for a new action: after the last of its recommendation; for the first of one, before the actions of those
/// that come later; else at the end. What follows moves down.
async fn next_position(tx: &Tx, plan: PlanId, draft: &ActionDraft) -> Result<i32, StoreError> {
    let of_plan = || {
        action::Entity::find()
            .select_only()
            .filter(action::Column::PlanId.eq(plan.0))
            .join(JoinType::LeftJoin, action::Relation::Recommendation.def())
    };
    let mut place = None;
    if let Some(recommendation) = draft.recommendation {
        let own = action::Column::RecommendationId.eq(recommendation.0);
        let last = of_plan().column_as(action::Column::Position.max(), "position").filter(own);
        place = last.into_tuple::<Option<i32>>().one(tx.on()).await?.flatten().map(|last| last + 1);
        let itself = recommendation::Entity::find_by_id(recommendation.0).one(tx.on()).await?;
        if let (None, Some(itself)) = (place, itself) {
            let later = recommendation::Column::Position.gt(itself.position);
            let first = of_plan().column_as(action::Column::Position.min(), "position").filter(later);
            place = first.into_tuple::<Option<i32>>().one(tx.on()).await?.flatten();
        }
    }
    let Some(place) = place else {
        let last = of_plan().column_as(action::Column::Position.max(), "position");
        let last = last.into_tuple::<Option<i32>>().one(tx.on()).await?.flatten();
        return Ok(last.unwrap_or(0) + 1);
    };
    action::Entity::update_many()
        .col_expr(action::Column::Position, Expr::col(action::Column::Position).add(1))
        .filter(action::Column::PlanId.eq(plan.0))
        .filter(action::Column::Position.gte(place))
        .exec(tx.on())
        .await?;
    Ok(place)
}

/// Changes an action's words and leads, if its version is still the one that the editor saw.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn save(tx: &Tx, id: ActionId, version: i32, draft: &ActionDraft) -> Result<Saved, StoreError> {
    let done = action::Entity::update_many()
        .set(action::ActiveModel {
            recommendation_id: Set(draft.recommendation.map(|r| r.0)),
            short_title: Set(draft.short_title.clone()),
            text: Set(draft.text.clone()),
            lead_wording: Set(draft.lead_wording.clone()),
            resource_wording: Set(draft.resource.clone()),
            resource_kind: Set(draft.resource_kind.map(|k| k.code().to_owned())),
            resource_pence: Set(draft.resource_pence),
            themes: Set(serde_json::json!(draft.themes)),
            version: Set(version + 1),
            ..Default::default()
        })
        .filter(action::Column::Id.eq(id.0))
        .filter(action::Column::Version.eq(version))
        .exec(tx.on())
        .await?;
    let saved = Saved::from_rows(done.rows_affected);
    if saved == Saved::Yes {
        assignment::Entity::delete_many().filter(assignment::Column::ActionId.eq(id.0)).exec(tx.on()).await?;
        assign(tx, id, draft).await?;
    }
    Ok(saved)
}

/// Makes another post lead an action in place of one, with the wording that goes with it. A name that the plan puts beside
/// the old post goes with it; where the new post leads it already, jointly, it is named once.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn move_lead(
    tx: &Tx,
    id: ActionId,
    from: PostId,
    to: PostId,
    wording: &str,
) -> Result<(), StoreError> {
    let led_by = |post: PostId| {
        Condition::all()
            .add(assignment::Column::ActionId.eq(id.0))
            .add(assignment::Column::Capacity.eq(record::LEAD))
            .add(assignment::Column::PostId.eq(post.0))
    };
    assignment::Entity::delete_many().filter(led_by(to)).exec(tx.on()).await?;
    assignment::Entity::update_many()
        .set(assignment::ActiveModel {
            post_id: Set(Some(to.0)),
            named_person: Set(None),
            ..Default::default()
        })
        .filter(led_by(from))
        .exec(tx.on())
        .await?;
    action::Entity::update_many()
        .set(action::ActiveModel { lead_wording: Set(wording.to_owned()), ..Default::default() })
        .col_expr(action::Column::Version, Expr::col(action::Column::Version).add(1))
        .filter(action::Column::Id.eq(id.0))
        .exec(tx.on())
        .await?;
    Ok(())
}

async fn assign(tx: &Tx, action: ActionId, draft: &ActionDraft) -> Result<(), StoreError> {
    let contributor = |person: &PersonId| assignment::ActiveModel {
        person_id: Set(Some(person.0)),
        ..blank_assignment(action, record::CONTRIBUTOR)
    };
    let rows = number(draft.leads.iter().map(|lead| lead_row(action, lead)))
        .chain(number(draft.contributors.iter().map(contributor)))
        .collect::<Vec<_>>();
    if !rows.is_empty() {
        assignment::Entity::insert_many(rows).exec(tx.on()).await?;
    }
    Ok(())
}

fn number(
    rows: impl Iterator<Item = assignment::ActiveModel>,
) -> impl Iterator<Item = assignment::ActiveModel> {
    (1..).zip(rows).map(|(n, row)| assignment::ActiveModel { position: Set(n), ..row })
}

fn blank_assignment(action: ActionId, capacity: &str) -> assignment::ActiveModel {
    assignment::ActiveModel {
        id: NotSet,
        action_id: Set(action.0),
        position: Set(0),
        capacity: Set(capacity.to_owned()),
        post_id: Set(None),
        person_id: Set(None),
        named_person: Set(None),
        outside_body: Set(None),
    }
}

fn lead_row(action: ActionId, lead: &Lead) -> assignment::ActiveModel {
    let blank = blank_assignment(action, record::LEAD);
    match lead {
        Lead::Post { post, named } => {
            assignment::ActiveModel { post_id: Set(Some(post.0)), named_person: Set(named.clone()), ..blank }
        }
        Lead::Person(person) => assignment::ActiveModel { person_id: Set(Some(person.id.0)), ..blank },
        Lead::OutsideBody(body) => assignment::ActiveModel { outside_body: Set(Some(body.clone())), ..blank },
    }
}

/// Adds a change of state, and makes it the action's state if it is the last by its day.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn change_state(
    tx: &Tx,
    id: ActionId,
    change: &StateChange,
    recorded_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let agreed = change.agreed.as_ref();
    state_change::ActiveModel {
        id: NotSet,
        action_id: Set(id.0),
        state: Set(change.state.code().to_owned()),
        merged_into_id: Set(change.into.map(|a| a.0)),
        from_day: Set(change.from),
        reason: Set(change.reason.clone()),
        agreed_by: Set(agreed.map(|a| a.by.clone())),
        agreed_on: Set(agreed.map(|a| a.on)),
        minute: Set(agreed.and_then(|a| a.minute.clone())),
        update_id: Set(change.update.map(|u| u.0)),
        recorded_at: Set(recorded_at),
    }
    .insert(tx.on())
    .await?;
    action::Entity::update_many()
        .set(action::ActiveModel {
            state: Set(change.state.code().to_owned()),
            state_from: Set(Some(change.from)),
            merged_into_id: Set(change.into.map(|a| a.0)),
            ..Default::default()
        })
        .col_expr(action::Column::Version, Expr::col(action::Column::Version).add(1))
        .filter(action::Column::Id.eq(id.0))
        .filter(
            Condition::any()
                .add(action::Column::StateFrom.is_null())
                .add(action::Column::StateFrom.lte(change.from)),
        )
        .exec(tx.on())
        .await?;
    Ok(())
}

/// A deadline to be recorded: the original, or a revision asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRevision<'a> {
    /// 0 for the original.
    pub number: i32,
    /// As written.
    pub wording: &'a str,
    /// How it was read.
    pub reading: &'a Reading,
    /// Why.
    pub reason: Option<&'a str>,
    /// Who asked, in words.
    pub asked_by: Option<&'a str>,
    /// Who asked.
    pub asked_by_id: Option<PersonId>,
    /// The round in whose papers it was asked.
    pub asked_in: Option<RoundId>,
    /// The day on which it was asked, if known.
    pub asked_on: Option<NaiveDate>,
    /// The day from which it counts.
    pub known_from: NaiveDate,
}

/// Adds a deadline.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn insert_revision(
    tx: &Tx,
    action: ActionId,
    new: &NewRevision<'_>,
    recorded_at: DateTime<Utc>,
) -> Result<RevisionId, StoreError> {
    let row = deadline_revision::ActiveModel {
        id: NotSet,
        action_id: Set(action.0),
        number: Set(new.number),
        wording: Set(new.wording.to_owned()),
        earliest: Set(new.reading.span.map(|s| s.earliest)),
        latest: Set(new.reading.span.map(|s| s.latest)),
        how_read: Set(new.reading.how.clone()),
        reason: Set(new.reason.map(str::to_owned)),
        asked_by: Set(new.asked_by.map(str::to_owned)),
        asked_by_id: Set(new.asked_by_id.map(|p| p.0)),
        asked_in_round_id: Set(new.asked_in.map(|r| r.0)),
        asked_on: Set(new.asked_on),
        known_from: Set(new.known_from),
        decision: Set(None),
        decided_on: Set(None),
        decider: Set(None),
        decided_by: Set(None),
        decision_reason: Set(None),
        recorded_at: Set(recorded_at),
    }
    .insert(tx.on())
    .await?;
    Ok(RevisionId(row.id))
}

/// Records what was decided, once: a revision that is decided already stays as it is.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn decide_revision(tx: &Tx, id: RevisionId, decision: &Decision) -> Result<Saved, StoreError> {
    let done = deadline_revision::Entity::update_many()
        .set(deadline_revision::ActiveModel {
            decision: Set(Some(decision.outcome.code().to_owned())),
            decided_on: Set(Some(decision.on)),
            decider: Set(Some(decision.decider.code().to_owned())),
            decided_by: Set(Some(decision.by.clone())),
            decision_reason: Set(decision.reason.clone()),
            ..Default::default()
        })
        .filter(deadline_revision::Column::Id.eq(id.0))
        .filter(deadline_revision::Column::Decision.is_null())
        .exec(tx.on())
        .await?;
    Ok(Saved::from_rows(done.rows_affected))
}

/// Corrects the original deadline of an action that has none yet or whose wording was mistyped.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn correct_original(
    tx: &Tx,
    id: RevisionId,
    wording: &str,
    reading: &Reading,
) -> Result<(), StoreError> {
    deadline_revision::Entity::update_many()
        .set(deadline_revision::ActiveModel {
            wording: Set(wording.to_owned()),
            earliest: Set(reading.span.map(|s| s.earliest)),
            latest: Set(reading.span.map(|s| s.latest)),
            how_read: Set(reading.how.clone()),
            ..Default::default()
        })
        .filter(deadline_revision::Column::Id.eq(id.0))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// The action that a revision belongs to.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn of_revision(from: &impl Source, id: RevisionId) -> Result<Option<ActionId>, StoreError> {
    let row = deadline_revision::Entity::find_by_id(id.0).one(from.on()).await?;
    Ok(row.map(|r| ActionId(r.action_id)))
}

/// One action's text names another: from, to, and in which words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrossReference {
    /// The action whose text it is.
    pub from: ActionId,
    /// The action that is named.
    pub to: ActionId,
    /// The words.
    pub wording: Option<String>,
}

/// Adds a cross-reference.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn insert_cross_reference(tx: &Tx, reference: &CrossReference) -> Result<(), StoreError> {
    cross_reference::ActiveModel {
        id: NotSet,
        from_action_id: Set(reference.from.0),
        to_action_id: Set(reference.to.0),
        wording: Set(reference.wording.clone()),
    }
    .insert(tx.on())
    .await?;
    Ok(())
}

/// The cross-references from and to an action.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn cross_references(from: &impl Source, id: ActionId) -> Result<Vec<CrossReference>, StoreError> {
    let either = Condition::any()
        .add(cross_reference::Column::FromActionId.eq(id.0))
        .add(cross_reference::Column::ToActionId.eq(id.0));
    let rows = cross_reference::Entity::find()
        .filter(either)
        .order_by_asc(cross_reference::Column::Id)
        .all(from.on())
        .await?;
    Ok(rows
        .into_iter()
        .map(|r| CrossReference {
            from: ActionId(r.from_action_id),
            to: ActionId(r.to_action_id),
            wording: r.wording,
        })
        .collect())
}
