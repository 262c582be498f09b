//! Reporting rounds: planning, opening, closing, publishing.

use super::{CommandError, Cx, Event, Now};
use crate::{
    domain::{
        access::{Actor, Denied, Permission, may_in},
        id::{PlanId, RoundId, UpdateId},
        plan::Record,
        round::{RoundDraft, RoundState},
        text,
    },
    store::{self, Tx, action::Saved, record::Depth, round::RoundRow},
};

/// Plans a round over some plans.
///
/// # Errors
/// [`CommandError::Refused`] where no plan is chosen.
pub async fn create(
    cx: &Cx,
    actor: &Actor,
    draft: &RoundDraft,
    plans: &[PlanId],
) -> Result<RoundId, CommandError> {
    let tx = cx.store.begin().await?;
    let id = create_within(&tx, actor, draft, plans, cx.now()).await?;
    tx.commit().await?;
    Ok(id)
}

/// The same within a transaction.
pub(super) async fn create_within(
    tx: &Tx,
    actor: &Actor,
    draft: &RoundDraft,
    plans: &[PlanId],
    now: Now,
) -> Result<RoundId, CommandError> {
    let Some(first) = plans.first() else {
        return Err(CommandError::refused("plans", "Choose the plans that this round covers"));
    };
    run(tx, actor, plans).await?;
    let id = store::round::insert(tx, draft, plans).await?;
    let event = Event {
        plan: Some(*first),
        action: None,
        kind: "round.planned",
        summary: format!("Round planned: {}", draft.label),
        detail: serde_json::json!({}),
    };
    super::record(tx, now, actor, event).await?;
    Ok(id)
}

/// Changes a round's label and dates, as long as it is not closed.
///
/// # Errors
/// [`CommandError::Stale`] where somebody else saved in between; [`CommandError::Refused`] where it is closed.
pub async fn edit(
    cx: &Cx,
    actor: &Actor,
    id: RoundId,
    version: i32,
    draft: &RoundDraft,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let row = store::round::by_id(&tx, id).await?.ok_or(CommandError::NotFound)?;
    run(&tx, actor, &row.plans).await?;
    if row.round.state.is_closed() {
        return Err(CommandError::refused("label", "A closed round is frozen"));
    }
    if store::round::save(&tx, id, version, draft).await? == Saved::Stale {
        return Err(CommandError::Stale);
    }
    let day = |d: Option<chrono::NaiveDate>| d.map(text::day).unwrap_or_default();
    let event = Event {
        plan: row.plans.first().copied(),
        action: None,
        kind: "round.edited",
        summary: format!("Round edited: {}", draft.label),
        detail: super::changes([
            ("Label", row.round.label.clone(), draft.label.clone()),
            ("Date", row.round.span.to_string(), draft.span.to_string()),
            ("Updates due", day(row.round.updates_due_on), day(draft.updates_due_on)),
            ("Meeting", day(row.round.meeting_on), day(draft.meeting_on)),
            (
                "Body that meets",
                row.meeting_of.clone().unwrap_or_default(),
                draft.meeting_of.clone().unwrap_or_default(),
            ),
        ]),
    };
    super::record(&tx, now, actor, event).await?;
    tx.commit().await?;
    Ok(())
}

/// Opens a planned round, and takes the given updates written since the last one into it.
///
/// # Errors
/// [`CommandError::Refused`] where another round of one of its plans is open; [`CommandError::Stale`] where it is not
/// planned any more.
pub async fn open(cx: &Cx, actor: &Actor, id: RoundId, carry: &[UpdateId]) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let row = store::round::by_id(&tx, id).await?.ok_or(CommandError::NotFound)?;
    let mut carried = Vec::new();
    for record in run(&tx, actor, &row.plans).await? {
        if let Some(open) = record.rounds.iter().find(|r| r.state == RoundState::Open) {
            return Err(CommandError::refused(
                "round",
                format!("{} is open for {}: close it first", open.label, record.plan.title),
            ));
        }
        // Only updates of its own plans that stand between rounds can be taken in, and with each what it corrects: the
        // round of the first one says in which column they stand.
        for action in &record.actions {
            let taken: Vec<UpdateId> = action
                .updates
                .iter()
                .filter(|u| carry.contains(&u.id))
                .map(|u| action.began_as(u).id)
                .collect();
            let between = action.updates.iter().filter(|u| u.round.is_none());
            carried.extend(between.filter(|u| taken.contains(&action.began_as(u).id)).map(|u| u.id));
        }
    }
    advance(actor, tx, row, RoundState::Planned, RoundState::Open, &carried, now).await
}

/// Closes an open round: it is frozen from here on.
///
/// # Errors
/// [`CommandError::Stale`] where it is not open any more.
pub async fn close(cx: &Cx, actor: &Actor, id: RoundId) -> Result<(), CommandError> {
    step(cx, actor, id, RoundState::Open, RoundState::Closed).await
}

/// Publishes a closed round: the panel can read it.
///
/// # Errors
/// [`CommandError::Stale`] where it is not closed, or published already.
pub async fn publish(cx: &Cx, actor: &Actor, id: RoundId) -> Result<(), CommandError> {
    step(cx, actor, id, RoundState::Closed, RoundState::Published).await
}

async fn step(
    cx: &Cx,
    actor: &Actor,
    id: RoundId,
    from: RoundState,
    to: RoundState,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let row = store::round::by_id(&tx, id).await?.ok_or(CommandError::NotFound)?;
    run(&tx, actor, &row.plans).await?;
    advance(actor, tx, row, from, to, &[], now).await
}

/// The records of a round's plans, for somebody who may run rounds in every one of them.
async fn run(tx: &Tx, actor: &Actor, plans: &[PlanId]) -> Result<Vec<Record>, CommandError> {
    let mut records = Vec::with_capacity(plans.len());
    for plan in plans {
        records.extend(store::record::by_id(tx, actor, *plan, Depth::Current).await?);
    }
    if records.is_empty() {
        return Err(CommandError::NotFound);
    }
    if records.len() < plans.len() {
        return Err(Denied::but("Only a scrutiny officer of every plan in this round").into());
    }
    for record in &records {
        may_in(actor, Permission::RunRounds, &record.plan)?;
    }
    Ok(records)
}

#[allow(clippy::too_many_arguments, reason = "one place for what the three steps have in common")]
async fn advance(
    actor: &Actor,
    tx: Tx,
    row: RoundRow,
    from: RoundState,
    to: RoundState,
    carry: &[UpdateId],
    now: Now,
) -> Result<(), CommandError> {
    if store::round::advance(&tx, row.round.id, from, to, Some(now.today)).await? == Saved::Stale {
        return Err(CommandError::Stale);
    }
    if !carry.is_empty() {
        store::update::carry_into(&tx, carry, row.round.id).await?;
    }
    let (kind, word) = match to {
        RoundState::Planned => ("round.planned", "planned"),
        RoundState::Open => ("round.opened", "opened"),
        RoundState::Closed => ("round.closed", "closed"),
        RoundState::Published => ("round.published", "published"),
    };
    let event = Event {
        plan: row.plans.first().copied(),
        action: None,
        kind,
        summary: format!("Round {} {word}", row.round.label),
        detail: serde_json::json!({ "updates taken in": carry.len() }),
    };
    super::record(&tx, now, actor, event).await?;
    match to {
        RoundState::Planned | RoundState::Open => {}
        RoundState::Closed => super::pack::freeze_within(&tx, actor, &row.round, &row.plans, now).await?,
        RoundState::Published => super::pack::settle_within(&tx, actor, &row.round, &row.plans, now).await?,
    }
    tx.commit().await?;
    Ok(())
}
