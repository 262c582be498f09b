//! Recording what a panel decided at a meeting, all of it in one transaction; and the minute reference, which may follow.
//!
//! # Why the whole form is refused when one thing was settled meanwhile
//! Somebody checked the list and pressed the button for all of it. If part of it is not so any more, they are shown what became
//! of that part and what is left; half of what they pressed would be neither.

use super::{CommandError, Cx, Event, Now, notice::with_article};
use crate::{
    domain::{
        access::{Actor, Denied, Permission, may, may_in},
        action::{Agreement, DateOutcome, Decider, Decision, State, StateChange},
        agenda::{self, Put, consequence},
        decision::{Outcome, Verdict},
        id::{ActionId, MeetingId, RecommendationId, ResolutionId},
        meeting::Meeting,
        plan::Record,
        rating::Rating,
        text,
    },
    store::{
        self, StoreError, Tx,
        action::Saved,
        decision::{NewResolution, Sitting},
    },
};

mod letter;

pub use letter::readers;
use letter::{letters, send};

/// Everything that one page records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// The resolution's words.
    pub text: String,
    /// The minute reference; none: awaited.
    pub minute: Option<String>,
    /// What the panel said to what was put to it.
    pub said: Vec<Said>,
    /// Its own ratings.
    pub ratings: Vec<Rated>,
    /// Its conclusions.
    pub conclusions: Vec<Concluded>,
    /// The last resolution of the meeting that whoever records has seen.
    pub seen: Option<ResolutionId>,
    /// Unique to the form.
    pub form_token: Option<String>,
}

/// What the panel said to one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What was put.
    pub put: Put,
    /// What it said.
    pub outcome: Outcome,
    /// Why; needed where it is not agreed.
    pub reason: Option<String>,
}

/// The panel's own rating of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rated {
    /// The action.
    pub action: ActionId,
    /// The rating, of its plan's key.
    pub rating: Rating,
    /// Why.
    pub reason: String,
}

/// The panel's conclusion on a recommendation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concluded {
    /// The recommendation.
    pub recommendation: RecommendationId,
    /// What it concludes.
    pub verdict: Verdict,
    /// Why.
    pub reason: Option<String>,
}

/// What became of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It is recorded; so many people are told.
    New(usize),
    /// It was recorded before: a double click, or the back button.
    Before,
}

/// Records what a panel decided at a meeting.
///
/// # Errors
/// [`CommandError::Stale`] where something of it was settled in the meantime, or more was recorded of this meeting: the page
/// shows what is left. [`CommandError::Refused`] where the meeting lies ahead, nothing is decided, a reason is missing or a
/// rating is not in its plan's key.
pub async fn record(
    cx: &Cx,
    actor: &Actor,
    meeting: MeetingId,
    decisions: &Decisions,
) -> Result<Recorded, CommandError> {
    let now = cx.now();
    may(actor, Permission::RecordDecisions)?;
    let tx = cx.store.begin().await?;
    if let Some(token) = &decisions.form_token
        && store::decision::by_form_token(&tx, token).await?.is_some()
    {
        return Ok(Recorded::Before);
    }
    let sitting = store::decision::sitting(&tx, actor, meeting).await?.ok_or(CommandError::NotFound)?;
    if !sitting.has_been(now.today) {
        return Err(CommandError::refused("text", too_early(&sitting)));
    }
    if sitting.resolutions.last().map(|r| r.id) != decisions.seen {
        return Err(CommandError::Stale);
    }
    check(&sitting, decisions, now)?;
    let id = write(&tx, actor, &sitting, decisions, now).await?;
    let letters = letters(&sitting, decisions, now.today);
    let told = send(&tx, &sitting, id, &letters, now).await?;
    tx.commit().await?;
    Ok(Recorded::New(told))
}

/// Why nothing can be recorded yet.
pub fn too_early(sitting: &Sitting) -> String {
    format!(
        "The meeting is on {}: decisions can be recorded from that day",
        text::day(sitting.meeting.held_on)
    )
}

/// Whether all of it is still as it was put, and can be recorded.
fn check(sitting: &Sitting, decisions: &Decisions, now: Now) -> Result<(), CommandError> {
    let refuse = |message: &str| Err(CommandError::refused("text", message));
    if decisions.said.is_empty() && decisions.ratings.is_empty() && decisions.conclusions.is_empty() {
        return refuse("Nothing is decided here: choose an outcome, a rating or a conclusion");
    }
    let waiting: Vec<Put> = sitting.put(now.today).into_iter().map(|(_, put)| put).collect();
    for said in &decisions.said {
        if !waiting.contains(&said.put) {
            return Err(CommandError::Stale);
        }
        if said.outcome == Outcome::NotAgreed && said.reason.is_none() {
            return refuse("Say why something was not agreed: whoever asked for it will read this");
        }
    }
    for rated in &decisions.ratings {
        let (record, _) = sitting.action(rated.action).ok_or(CommandError::NotFound)?;
        if !record.plan.key.entries().any(|entry| entry.rating == rated.rating) {
            return refuse("Choose a rating of the plan’s own key");
        }
    }
    for concluded in &decisions.conclusions {
        sitting.of_recommendation(concluded.recommendation).ok_or(CommandError::NotFound)?;
    }
    Ok(())
}

async fn write(
    tx: &Tx,
    actor: &Actor,
    sitting: &Sitting,
    decisions: &Decisions,
    now: Now,
) -> Result<ResolutionId, CommandError> {
    let meeting = &sitting.meeting;
    let new = NewResolution {
        meeting: meeting.id,
        text: &decisions.text,
        minute: decisions.minute.as_deref(),
        decided_on: meeting.held_on,
        by: actor.person,
        form_token: decisions.form_token.as_deref(),
    };
    let id = store::decision::insert(tx, &new, now.at).await?;
    for (position, said) in (1..).zip(&decisions.said) {
        let record = sitting.of(said.put).ok_or(CommandError::NotFound)?;
        may_in(actor, Permission::RecordDecisions, &record.plan)?;
        let reason = said.reason.as_deref();
        store::decision::insert_decided(tx, id, position, said.put, said.outcome, reason).await?;
        apply(tx, record, meeting, said, decisions.minute.as_deref(), now).await?;
        let what = consequence(record, said.put, said.outcome, now.today);
        let label = said.put.action().map_or(String::new(), |a| format!("{}: ", record.label(a)));
        let summary = format!("{label}{what}. {}", at_meeting(meeting));
        history(tx, now, actor, record, said.put.action(), "decision.recorded", summary, reason).await?;
    }
    for rated in &decisions.ratings {
        let (record, action) = sitting.action(rated.action).ok_or(CommandError::NotFound)?;
        may_in(actor, Permission::RecordDecisions, &record.plan)?;
        let (reason, held_on) = (&rated.reason, meeting.held_on);
        store::decision::insert_rating(tx, id, rated.action, rated.rating, reason, held_on, now.at).await?;
        let word = record.plan.key.word(rated.rating);
        let summary = format!("{}: rated {word}. {}", action.label, at_meeting(meeting));
        history(tx, now, actor, record, Some(action.id), "decision.rated", summary, Some(reason)).await?;
    }
    for concluded in &decisions.conclusions {
        let Concluded { recommendation, verdict, reason } = concluded;
        let record = sitting.of_recommendation(*recommendation).ok_or(CommandError::NotFound)?;
        may_in(actor, Permission::RecordDecisions, &record.plan)?;
        let reason = reason.as_deref();
        let held_on = meeting.held_on;
        store::decision::insert_conclusion(tx, id, *recommendation, *verdict, reason, held_on, now.at)
            .await?;
        let name = agenda::name(record, *recommendation);
        let verdict = verdict.words().to_lowercase();
        let summary = format!("Recommendation {name}: {verdict}. {}", at_meeting(meeting));
        history(tx, now, actor, record, None, "decision.concluded", summary, reason).await?;
    }
    Ok(id)
}

fn at_meeting(meeting: &Meeting) -> String {
    let panel = text::initial_capital(&with_article(&meeting.panel_name));
    format!("{panel}, {}", text::day(meeting.held_on))
}

#[allow(clippy::too_many_arguments, reason = "the parts of one event, named at each call")]
async fn history(
    tx: &Tx,
    now: Now,
    actor: &Actor,
    record: &Record,
    action: Option<ActionId>,
    kind: &str,
    summary: String,
    reason: Option<&str>,
) -> Result<(), StoreError> {
    let detail = serde_json::json!({ "reason": reason });
    super::record(tx, now, actor, Event { plan: Some(record.plan.id), action, kind, summary, detail }).await
}

/// Brings the record in line with what the panel said. What is deferred or noted stays as it was.
async fn apply(
    tx: &Tx,
    record: &Record,
    meeting: &Meeting,
    said: &Said,
    minute: Option<&str>,
    now: Now,
) -> Result<(), CommandError> {
    let (by, on) = (meeting.panel_name.clone(), meeting.held_on);
    let saved = match (said.put, said.outcome) {
        (_, Outcome::Deferred | Outcome::Noted) | (Put::Variation(..), _) => Saved::Yes,
        (Put::Completion(_, change) | Put::Merge(_, change), Outcome::Agreed) => {
            let agreed = Agreement { by, on, minute: minute.map(str::to_owned) };
            store::decision::agree(tx, change, &agreed).await?
        }
        (Put::Completion(action, _) | Put::Merge(action, _), Outcome::NotAgreed) => {
            let not = record.words.say("Not agreed by the {panel} on");
            let reason = said.reason.as_deref().unwrap_or_default();
            let open = StateChange {
                id: None,
                state: State::Open,
                into: None,
                from: on,
                reason: Some(format!("{not} {}: {reason}", text::day(on))),
                agreed: None,
                update: None,
            };
            store::action::change_state(tx, action, &open, now.at).await?;
            Saved::Yes
        }
        (Put::Extension(_, revision), outcome) => {
            let granted = outcome == Outcome::Agreed;
            let outcome = if granted { DateOutcome::Granted } else { DateOutcome::Refused };
            let decision = Decision { outcome, on, decider: Decider::Panel, by, reason: said.reason.clone() };
            store::action::decide_revision(tx, revision, &decision).await?
        }
    };
    match saved {
        Saved::Yes => Ok(()),
        Saved::Stale => Err(CommandError::Stale),
    }
}

/// Adds, changes or takes out the minute reference of a resolution: it shows wherever what was agreed in it does.
///
/// # Errors
/// [`CommandError::Stale`] where somebody else changed it in the meantime; and as [`may_minute`].
pub async fn minute(
    cx: &Cx,
    actor: &Actor,
    id: ResolutionId,
    version: i32,
    minute: Option<&str>,
) -> Result<MeetingId, CommandError> {
    let now = cx.now();
    may(actor, Permission::RecordDecisions)?;
    let tx = cx.store.begin().await?;
    let before = store::decision::by_id(&tx, id).await?.ok_or(CommandError::NotFound)?;
    let touched = store::decision::touched(&tx, id).await?;
    may_minute(actor, &touched)?;
    let (_, meetings) = store::meeting::all(&tx).await?;
    let meeting = meetings.iter().find(|m| m.id == before.meeting).ok_or(CommandError::NotFound)?;
    if before.minute.as_deref() == minute {
        return Ok(before.meeting);
    }
    if store::decision::save_minute(&tx, id, version, minute).await? == Saved::Stale {
        return Err(CommandError::Stale);
    }
    let words = |minute: Option<&str>| minute.unwrap_or("awaited").to_owned();
    let changed = super::changes([("Minute", words(before.minute.as_deref()), words(minute))]);
    let summary = format!("Minute {}: {}", words(minute), at_meeting(meeting));
    // Once for every plan that it touches: each has its own history.
    for record in &touched {
        let event = Event {
            plan: Some(record.plan.id),
            action: None,
            kind: "decision.minuted",
            summary: summary.clone(),
            detail: changed.clone(),
        };
        super::record(&tx, now, actor, event).await?;
    }
    tx.commit().await?;
    Ok(before.meeting)
}

/// Whether somebody may change a resolution's minute reference, of the plans that it touches: all of them are theirs.
///
/// # Errors
/// [`CommandError::NotFound`] where none of them is; [`CommandError::Denied`] where some are not.
pub fn may_minute(actor: &Actor, touched: &[Record]) -> Result<(), CommandError> {
    let theirs = |record: &&Record| may_in(actor, Permission::RecordDecisions, &record.plan).is_ok();
    match touched.iter().filter(theirs).count() {
        0 => Err(CommandError::NotFound),
        n if n < touched.len() => {
            Err(Denied::but("Only a scrutiny officer of every plan on which this resolution decided").into())
        }
        _ => Ok(()),
    }
}
