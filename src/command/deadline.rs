//! Deadlines: asking for another date, and recording what was decided. The original is never lost.

use chrono::NaiveDate;

use super::{CommandError, Cx, Event, Now, notice};
use crate::{
    domain::{
        access::{Actor, Permission, may_on},
        action::{Action, DateOutcome, Decider, Decision, State},
        deadline::{self, Context, Reading},
        decision::Outcome,
        id::{ActionId, RevisionId, RoundId},
        plan::Record,
        text,
    },
    store::{
        self, Tx,
        action::{NewRevision, Saved},
        record::Depth,
    },
};

/// What the reader of deadlines needs to know of a plan.
pub fn context(record: &Record) -> Context {
    let spans: Vec<_> = record.actions.iter().filter_map(|a| a.original()?.span).collect();
    Context {
        agreed_on: record.plan.agreed_on,
        years: record.plan.years,
        mostly_months: deadline::mostly_months(&spans),
    }
}

/// Reads a deadline's wording for a plan.
///
/// # Errors
/// [`CommandError::Refused`] with the field, for a day that does not exist.
pub fn read(record: &Record, field: &'static str, wording: &str) -> Result<Reading, CommandError> {
    deadline::read(wording, &context(record)).map_err(|e| CommandError::refused(field, e.to_string()))
}

/// Asks for another date. It changes nothing until it is granted.
///
/// # Errors
/// [`CommandError::Refused`] where the date can't be read, is the one in force, or another is asked for already.
pub async fn ask(
    cx: &Cx,
    actor: &Actor,
    action: ActionId,
    wording: &str,
    reason: &str,
) -> Result<RevisionId, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let record =
        store::record::of_action(&tx, actor, action, Depth::Current).await?.ok_or(CommandError::NotFound)?;
    let action = record.action(action).ok_or(CommandError::NotFound)?;
    may_on(actor, Permission::AskForDate, &record.plan, action)?;
    let id = ask_within(&tx, actor, &record, action, &Asked::now(actor, &record, wording, reason, now), now)
        .await?;
    tx.commit().await?;
    Ok(id)
}

/// Another date as it is asked for, and when.
#[derive(Clone, Debug)]
pub(super) struct Asked<'a> {
    pub(super) wording: &'a str,
    pub(super) reason: &'a str,
    pub(super) by: &'a str,
    pub(super) round: Option<RoundId>,
    /// None: the day is not known, and the round's counts.
    pub(super) on: Option<NaiveDate>,
    pub(super) known_from: NaiveDate,
}

impl<'a> Asked<'a> {
    /// Asked for by somebody today.
    pub(super) fn now(
        actor: &'a Actor,
        record: &Record,
        wording: &'a str,
        reason: &'a str,
        now: Now,
    ) -> Self {
        let round = record.open_round_at(now.today).map(|r| r.id);
        Self { wording, reason, by: &actor.name, round, on: Some(now.today), known_from: now.today }
    }
}

/// The same within a transaction: an update's form can ask too, and so can a plan that is read in.
pub(super) async fn ask_within(
    tx: &Tx,
    actor: &Actor,
    record: &Record,
    action: &Action,
    asked: &Asked<'_>,
    now: Now,
) -> Result<RevisionId, CommandError> {
    const FIELD: &str = "wording";
    let day = asked.known_from;
    match action.state_at(day) {
        State::Open => {}
        other => {
            return Err(CommandError::refused(
                FIELD,
                format!("{} is {}: it needs no other date", action.label, other.words().to_lowercase()),
            ));
        }
    }
    if let Some(before) = action.asked_at(day) {
        return Err(CommandError::refused(
            FIELD,
            format!("{} is asked for already: that has to be decided first", before.wording),
        ));
    }
    let reading = read(record, FIELD, asked.wording)?;
    let current = action.deadline_at(day);
    if reading.span.is_some() && reading.span == current.and_then(|c| c.span) {
        return Err(CommandError::refused(FIELD, "This is the deadline already"));
    }
    let number = action.revisions.iter().map(|r| r.number).max().unwrap_or(0) + 1;
    let new = NewRevision {
        number,
        wording: asked.wording.trim(),
        reading: &reading,
        reason: Some(asked.reason),
        asked_by: Some(asked.by),
        asked_by_id: actor.person,
        asked_in: asked.round,
        asked_on: asked.on,
        known_from: asked.known_from,
    };
    let id = store::action::insert_revision(tx, action.id, &new, now.at).await?;
    let instead_of = current.map_or("no deadline".to_owned(), |c| c.wording.clone());
    super::record(
        tx,
        now,
        actor,
        Event {
            plan: Some(record.plan.id),
            action: Some(action.id),
            kind: "deadline.asked",
            summary: format!(
                "{} asked for on {} instead of {instead_of}",
                asked.wording.trim(),
                action.label
            ),
            detail: serde_json::json!({ "reason": asked.reason }),
        },
    )
    .await?;
    Ok(id)
}

/// A decision as somebody records it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Granted, or refused.
    pub granted: bool,
    /// The day of the decision: today, or the meeting's day.
    pub on: NaiveDate,
    /// Whose word it was.
    pub decider: Decider,
    /// Who, in words; for the panel with the meeting or minute.
    pub by: String,
    /// Why.
    pub reason: Option<String>,
}

/// Records what was decided on a date that was asked for.
///
/// # Errors
/// [`CommandError::Refused`] where the panel grants dates in this plan and the decision is an officer's, or the day of
/// the decision lies ahead or before the date was asked for; [`CommandError::Stale`] where it was decided already.
pub async fn decide(
    cx: &Cx,
    actor: &Actor,
    revision: RevisionId,
    verdict: &Verdict,
) -> Result<ActionId, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let action = store::action::of_revision(&tx, revision).await?.ok_or(CommandError::NotFound)?;
    let record =
        store::record::of_action(&tx, actor, action, Depth::Current).await?.ok_or(CommandError::NotFound)?;
    let action = record.action(action).ok_or(CommandError::NotFound)?;
    may_on(actor, Permission::DecideDate, &record.plan, action)?;
    let asked = action.revisions.iter().find(|r| r.id == revision).ok_or(CommandError::NotFound)?;
    if asked.is_original() {
        return Err(CommandError::NotFound);
    }
    if record.plan.panel_grants_dates && verdict.decider == Decider::Officer {
        return Err(CommandError::refused(
            "decider",
            record.words.say(
                "In this plan later dates are the {panel’s} to grant: pass it to the {panel}, and record its decision here",
            ),
        ));
    }
    if verdict.on > now.today {
        return Err(CommandError::refused("on", "The day of the decision can’t lie in the future"));
    }
    if verdict.on < asked.known_from {
        return Err(CommandError::refused(
            "on",
            format!(
                "The date was asked for on {}: it can’t have been decided before",
                text::day(asked.known_from)
            ),
        ));
    }
    let outcome = if verdict.granted { DateOutcome::Granted } else { DateOutcome::Refused };
    let decision = Decision {
        outcome,
        on: verdict.on,
        decider: verdict.decider,
        by: verdict.by.clone(),
        reason: verdict.reason.clone(),
    };
    if store::action::decide_revision(&tx, revision, &decision).await? == Saved::Stale {
        return Err(CommandError::Stale);
    }
    super::record(
        &tx,
        now,
        actor,
        Event {
            plan: Some(record.plan.id),
            action: Some(action.id),
            kind: if verdict.granted { "deadline.granted" } else { "deadline.refused" },
            summary: format!("{} {} for {} by {}", asked.wording, outcome.code(), action.label, verdict.by),
            detail: serde_json::json!({ "reason": verdict.reason }),
        },
    )
    .await?;
    let outcome = if verdict.granted { Outcome::Agreed } else { Outcome::NotAgreed };
    notice::date_decided(&tx, actor, (&record, action), (revision, outcome), now).await?;
    tx.commit().await?;
    Ok(action.id)
}

/// Takes back a date that was asked for and is not decided: whoever may ask for another may take it back. Its words stay.
///
/// # Errors
/// [`CommandError::Refused`] where it has been decided or taken back already.
pub async fn withdraw(cx: &Cx, actor: &Actor, revision: RevisionId) -> Result<ActionId, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let action = store::action::of_revision(&tx, revision).await?.ok_or(CommandError::NotFound)?;
    let record =
        store::record::of_action(&tx, actor, action, Depth::Current).await?.ok_or(CommandError::NotFound)?;
    let action = record.action(action).ok_or(CommandError::NotFound)?;
    may_on(actor, Permission::AskForDate, &record.plan, action)?;
    let asked = action.revisions.iter().find(|r| r.id == revision && !r.is_original());
    let asked = asked.ok_or(CommandError::NotFound)?;
    let by = if actor.answers_for(action) { "the action’s lead" } else { "the plan’s manager" };
    let decision = Decision {
        outcome: DateOutcome::Withdrawn,
        on: now.today,
        decider: Decider::Officer,
        by: by.to_owned(),
        reason: None,
    };
    if store::action::decide_revision(&tx, revision, &decision).await? == Saved::Stale {
        let became = asked.decision.as_ref().map_or("decided", |d| d.outcome.code());
        return Err(CommandError::refused("", format!("{} was {became} already", asked.wording)));
    }
    let event = Event {
        plan: Some(record.plan.id),
        action: Some(action.id),
        kind: "deadline.withdrawn",
        summary: format!("{} is not asked for on {} any more", asked.wording, action.label),
        detail: serde_json::json!({}),
    };
    super::record(&tx, now, actor, event).await?;
    tx.commit().await?;
    Ok(action.id)
}
