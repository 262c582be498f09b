//! Reporting rounds: planning, opening, reminding, closing, publishing.

use chrono::NaiveDate;

use super::{
    CommandError, Cx, Event, Now, asking,
    meeting::{self, MeetingDraft},
};
use crate::{
    domain::{
        access::{Actor, Denied, Permission, may_in},
        id::{PlanId, RoundId, UpdateId},
        meeting::Dates,
        paper,
        plan::Record,
        round::{RoundDraft, RoundState},
        text,
    },
    store::{self, Tx, action::Saved, record::Depth, round::RoundRow},
};
pub use asking::Mailed;

/// A meeting that is made along with the round for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMeeting {
    /// Who meets, by name; made, where there is no such panel.
    pub of: String,
    /// The day.
    pub held_on: NaiveDate,
    /// The dates before it, as they were typed.
    pub dates: Dates,
}

/// Plans a round over some plans.
///
/// # Errors
/// [`CommandError::Refused`] where no plan is chosen, or where the meeting has been held.
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

/// Plans a round along with the meeting that it is for.
///
/// # Errors
/// As [`create`]; and as [`meeting::create`], on the fields `meeting_of`, `meeting_on` and those of the dates.
pub async fn create_with_meeting(
    cx: &Cx,
    actor: &Actor,
    draft: &RoundDraft,
    plans: &[PlanId],
    new: &NewMeeting,
) -> Result<RoundId, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let draft = with_meeting(cx, &tx, actor, draft, new, now).await?;
    let id = create_within(&tx, actor, &draft, plans, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Makes a meeting, and its panel where there is none, for a round: the round's draft with it.
async fn with_meeting(
    cx: &Cx,
    tx: &Tx,
    actor: &Actor,
    draft: &RoundDraft,
    new: &NewMeeting,
    now: Now,
) -> Result<RoundDraft, CommandError> {
    is_to_come(new.held_on, "meeting_on", now)?;
    let (panels, meetings) = store::meeting::all(tx).await?;
    let (panel, name) = match panels.iter().find(|panel| panel.is_called(&new.of)) {
        Some(panel) => (panel.id, panel.name.clone()),
        None => (meeting::panel::create_within(cx, tx, actor, &new.of, now).await?, new.of.clone()),
    };
    let meeting = MeetingDraft { panel, held_on: new.held_on, dates: new.dates, held_already: false };
    if meetings.iter().any(|m| m.panel == panel && m.held_on == new.held_on) {
        let on = text::day(new.held_on);
        let message = format!("{name} meets on {on} already: choose it from the list");
        return Err(CommandError::refused("meeting_on", message));
    }
    meeting::create_within(cx, tx, actor, &meeting, now).await.map_err(|error| match error {
        CommandError::Refused { field: "panel", message } => CommandError::refused("meeting_of", message),
        CommandError::Refused { field: "held_on", message } => CommandError::refused("meeting_on", message),
        other => other,
    })?;
    Ok(RoundDraft { meeting_on: Some(new.held_on), meeting_of: Some(name), ..draft.clone() })
}

/// A round asks for what is reported at a meeting: one that has been held can't be reported to any more.
fn is_to_come(held_on: NaiveDate, field: &'static str, now: Now) -> Result<(), CommandError> {
    if held_on < now.today {
        let message = format!(
            "That meeting was on {}: a round is for a meeting that is still to come",
            text::day(held_on)
        );
        return Err(CommandError::refused(field, message));
    }
    Ok(())
}

/// The same within a transaction.
pub(super) async fn create_within(
    tx: &Tx,
    actor: &Actor,
    draft: &RoundDraft,
    plans: &[PlanId],
    now: Now,
) -> Result<RoundId, CommandError> {
    if plans.is_empty() {
        return Err(CommandError::refused("plans", "Choose the plans that this round covers"));
    }
    is_free(&run(tx, actor, plans).await?, &draft.label, None)?;
    if let Some(on) = draft.meeting_on {
        is_to_come(on, "meeting", now)?;
    }
    let id = store::round::insert(tx, draft, plans).await?;
    let said = Said { kind: "round.planned", summary: format!("Round planned: {}", draft.label) };
    record(tx, actor, id, plans, said, &serde_json::json!({}), now).await?;
    Ok(id)
}

/// Whether no other round of one of some plans has a name: their columns could not be told apart.
pub(super) fn is_free(records: &[Record], label: &str, but: Option<RoundId>) -> Result<(), CommandError> {
    let same = |label: &str| text::fold(label).to_lowercase();
    let taken = |record: &&Record| {
        record.rounds.iter().any(|round| Some(round.id) != but && same(&round.label) == same(label))
    };
    match records.iter().find(taken) {
        None => Ok(()),
        Some(record) => {
            let message =
                format!("{} has a round {label} already: give this one another name", record.plan.title);
            Err(CommandError::refused("label", message))
        }
    }
}

/// What an event about a round says.
struct Said {
    kind: &'static str,
    summary: String,
}

/// Writes an event about a round into the history of each of its plans, with the round's number.
async fn record(
    tx: &Tx,
    actor: &Actor,
    id: RoundId,
    plans: &[PlanId],
    said: Said,
    detail: &serde_json::Value,
    now: Now,
) -> Result<(), CommandError> {
    let mut detail = detail.clone();
    if let Some(fields) = detail.as_object_mut() {
        fields.insert("round".to_owned(), id.0.into());
    }
    for plan in plans {
        let event = Event {
            plan: Some(*plan),
            action: None,
            kind: said.kind,
            summary: said.summary.clone(),
            detail: detail.clone(),
        };
        super::record(tx, now, actor, event).await?;
    }
    Ok(())
}

/// Changes a round's label and what it is for, as long as it is not closed; `new`: a meeting that is made along with it.
///
/// # Errors
/// [`CommandError::Stale`] where somebody else saved in between; [`CommandError::Refused`] where it is closed, and as
/// [`create_with_meeting`].
pub async fn edit(
    cx: &Cx,
    actor: &Actor,
    id: RoundId,
    version: i32,
    draft: &RoundDraft,
    new: Option<&NewMeeting>,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let row = store::round::by_id(&tx, id).await?.ok_or(CommandError::NotFound)?;
    let records = run(&tx, actor, &row.plans).await?;
    if row.round.state.is_closed() {
        return Err(CommandError::refused("label", "A closed round is frozen"));
    }
    if row.version != version {
        return Err(CommandError::Stale);
    }
    let draft = match new {
        Some(new) => with_meeting(cx, &tx, actor, draft, new, now).await?,
        None => draft.clone(),
    };
    is_free(&records, &draft.label, Some(id))?;
    if let Some(on) = draft.meeting_on.filter(|on| row.round.meeting_on != Some(*on)) {
        is_to_come(on, "meeting", now)?;
    }
    if store::round::save(&tx, id, version, &draft).await? == Saved::Stale {
        return Err(CommandError::Stale);
    }
    let after = store::round::by_id(&tx, id).await?.ok_or(CommandError::NotFound)?;
    let day = |d: Option<NaiveDate>| d.map(text::day).unwrap_or_default();
    let of = |row: &RoundRow| row.meeting_of.clone().unwrap_or_default();
    let detail = super::changes([
        ("Label", row.round.label.clone(), draft.label.clone()),
        ("Date", row.round.span.to_string(), draft.span.to_string()),
        ("Updates due", day(row.round.updates_due_on), day(after.round.updates_due_on)),
        ("Meeting", day(row.round.meeting_on), day(after.round.meeting_on)),
        ("Body that meets", of(&row), of(&after)),
    ]);
    let said = Said { kind: "round.edited", summary: format!("Round edited: {}", draft.label) };
    record(&tx, actor, id, &row.plans, said, &detail, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a planned round out: nobody has been asked for anything.
///
/// # Errors
/// [`CommandError::Refused`] where it has been opened.
pub async fn remove(cx: &Cx, actor: &Actor, id: RoundId) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let row = store::round::by_id(&tx, id).await?.ok_or(CommandError::NotFound)?;
    run(&tx, actor, &row.plans).await?;
    if row.round.state != RoundState::Planned || store::round::remove(&tx, id).await? == Saved::Stale {
        return Err(CommandError::refused("", "This round has been opened: it can’t be taken out any more"));
    }
    let said = Said { kind: "round.removed", summary: format!("Round taken out: {}", row.round.label) };
    record(&tx, actor, id, &row.plans, said, &serde_json::json!({}), now).await?;
    tx.commit().await?;
    Ok(())
}

/// Opens a planned round, takes the given updates written since the last one into it, and asks everyone with an action that
/// is awaited, once, in one mail with all of theirs.
///
/// # Errors
/// [`CommandError::Refused`] where another round of one of its plans is open, or its meeting has been held;
/// [`CommandError::Stale`] where it is not planned any more.
pub async fn open(cx: &Cx, actor: &Actor, id: RoundId, carry: &[UpdateId]) -> Result<Mailed, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let row = store::round::by_id(&tx, id).await?.ok_or(CommandError::NotFound)?;
    let records = run(&tx, actor, &row.plans).await?;
    if row.round.state != RoundState::Planned {
        return Err(CommandError::Stale);
    }
    if let Some(on) = row.round.meeting_on {
        is_to_come(on, "round", now)?;
    }
    let mut carried = Vec::new();
    for record in records {
        if let Some(open) = record.rounds.iter().find(|r| r.state == RoundState::Open) {
            return Err(CommandError::refused(
                "round",
                format!("{} is open for {}: close it first", open.label, record.plan.title),
            ));
        }
        // Only updates of its own plans that were written since the last round can be taken in, and with each what it corrects: the
        // round of the first one says in which column they stand.
        for action in &record.actions {
            let taken: Vec<UpdateId> = paper::since_last_round(&record, action, now.today)
                .filter(|u| carry.contains(&u.id))
                .map(|u| action.began_as(u).id)
                .collect();
            let between = action.updates.iter().filter(|u| u.round.is_none());
            carried.extend(between.filter(|u| taken.contains(&action.began_as(u).id)).map(|u| u.id));
        }
    }
    advance(&tx, &row, RoundState::Planned, RoundState::Open, now).await?;
    if !carried.is_empty() {
        store::update::carry_into(&tx, &carried, id).await?;
    }
    // Read anew: what has just been taken in is not asked for.
    let mailed = ask(cx, &tx, id, &row.plans, false, now).await?;
    let detail = serde_json::json!({ "updates taken in": carried.len(), "people asked": mailed.now.len() });
    let said = Said { kind: "round.opened", summary: format!("Round {} opened", row.round.label) };
    record(&tx, actor, id, &row.plans, said, &detail, now).await?;
    tx.commit().await?;
    cx.bell.ring();
    Ok(mailed)
}

/// Reminds everyone of whom an update is still awaited, at most once a day.
///
/// # Errors
/// [`CommandError::Refused`] where the round is not open, and where nobody is awaited.
pub async fn remind(cx: &Cx, actor: &Actor, id: RoundId) -> Result<Mailed, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let row = store::round::by_id(&tx, id).await?.ok_or(CommandError::NotFound)?;
    run(&tx, actor, &row.plans).await?;
    let refuse = |message: String| Err(CommandError::refused("", message));
    let label = &row.round.label;
    match row.round.state {
        RoundState::Open => {}
        RoundState::Planned => {
            return refuse(format!("{label} is not open yet: opening it asks everyone for the first time"));
        }
        RoundState::Closed | RoundState::Published => {
            return refuse(format!("{label} is closed: nobody is awaited any more"));
        }
    }
    let mailed = ask(cx, &tx, id, &row.plans, true, now).await?;
    if mailed == Mailed::default() {
        return refuse(format!("There is nobody to remind: every update for {label} has been received"));
    }
    if !mailed.now.is_empty() {
        let people = text::plural(mailed.now.len(), "person", "people");
        // Like an update, it tells what is not published yet: who has not written.
        let said = Said { kind: "update.reminded", summary: format!("Reminder for {label} to {people}") };
        record(&tx, actor, id, &row.plans, said, &serde_json::json!({}), now).await?;
    }
    tx.commit().await?;
    cx.bell.ring();
    Ok(mailed)
}

/// Queues the mails of a round that is open in this transaction.
async fn ask(
    cx: &Cx,
    tx: &Tx,
    id: RoundId,
    plans: &[PlanId],
    again: bool,
    now: Now,
) -> Result<Mailed, CommandError> {
    let row = store::round::by_id(tx, id).await?.ok_or(CommandError::NotFound)?;
    let records = asking::records(tx, plans).await?;
    asking::queue(cx, tx, &row.round, &records, again, now).await
}

/// That somebody was asked by phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneCall {
    /// The plan about whose actions they were asked.
    pub plan: PlanId,
    /// The post or person.
    pub whom: String,
    /// The day.
    pub on: NaiveDate,
    /// What was said, in short.
    pub note: Option<String>,
}

/// Notes that somebody was asked by phone. The same noted twice is noted once.
///
/// # Errors
/// [`CommandError::Denied`] for who neither runs rounds nor manages the plan; [`CommandError::Refused`] where the day is to
/// come, and where the round has not been opened.
pub async fn note_call(cx: &Cx, actor: &Actor, id: RoundId, call: &PhoneCall) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let row = store::round::by_id(&tx, id).await?.ok_or(CommandError::NotFound)?;
    let plan = row.plans.iter().find(|plan| **plan == call.plan).ok_or(CommandError::NotFound)?;
    let record_of = store::record::by_id(&tx, actor, *plan, Depth::Current).await?;
    let of = record_of.ok_or(CommandError::NotFound)?;
    may_in(actor, Permission::NoteCalls, &of.plan)?;
    if row.round.state == RoundState::Planned {
        let message = format!("{} is not open yet: nobody is asked for anything", row.round.label);
        return Err(CommandError::refused("whom", message));
    }
    if call.on > now.today {
        return Err(CommandError::refused("asked_on", "The day of the call can’t lie in the future"));
    }
    if row.round.opened_on.is_some_and(|opened| call.on < opened) {
        let opened = row.round.opened_on.map(text::day).unwrap_or_default();
        let message = format!("The round was opened on {opened}: enter that day or a later one");
        return Err(CommandError::refused("asked_on", message));
    }
    let call = store::phone::Call {
        plan: call.plan,
        whom: call.whom.clone(),
        on: call.on,
        note: call.note.clone(),
        by: None,
    };
    if store::phone::list(&tx, id)
        .await?
        .iter()
        .any(|noted| store::phone::Call { by: None, ..noted.clone() } == call)
    {
        return Ok(());
    }
    store::phone::insert(&tx, id, &call, actor.person, now.at).await?;
    let summary = format!("Asked by phone for {}: {}, {}", row.round.label, call.whom, text::day(call.on));
    // The note stays out of the history, which leads of the plan can read too.
    let said = Said { kind: "update.asked_by_phone", summary };
    record(&tx, actor, id, &[*plan], said, &serde_json::json!({}), now).await?;
    tx.commit().await?;
    Ok(())
}

/// Refuses a step that comes too early, unless that is meant.
fn in_time(row: &RoundRow, step: RoundState, although_early: bool, now: Now) -> Result<(), CommandError> {
    match row.round.is_early(step, now.today).filter(|_| !although_early) {
        None => Ok(()),
        Some(due) => {
            let what = if step == RoundState::Closed { "Updates are" } else { "The papers are" };
            let message = format!("{what} due on {}: tick the box if you mean it", text::day(due));
            Err(CommandError::refused("early", message))
        }
    }
}

/// Closes an open round: it is frozen from here on. `although_early`: before updates are due, and that is meant.
///
/// # Errors
/// [`CommandError::Stale`] where it is not open any more; [`CommandError::Refused`] where it is early without that being meant.
pub async fn close(cx: &Cx, actor: &Actor, id: RoundId, although_early: bool) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let row = store::round::by_id(&tx, id).await?.ok_or(CommandError::NotFound)?;
    run(&tx, actor, &row.plans).await?;
    advance(&tx, &row, RoundState::Open, RoundState::Closed, now).await?;
    in_time(&row, RoundState::Closed, although_early, now)?;
    let said = Said { kind: "round.closed", summary: format!("Round {} closed", row.round.label) };
    record(&tx, actor, id, &row.plans, said, &serde_json::json!({}), now).await?;
    super::pack::freeze_within(&tx, actor, &row.round, &row.plans, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Publishes a closed round: the panel can read it. `although_early`: before its papers are due, and that is meant.
///
/// # Errors
/// [`CommandError::Stale`] where it is not closed, or published already; [`CommandError::Refused`] as for [`close`].
pub async fn publish(cx: &Cx, actor: &Actor, id: RoundId, although_early: bool) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let row = store::round::by_id(&tx, id).await?.ok_or(CommandError::NotFound)?;
    run(&tx, actor, &row.plans).await?;
    advance(&tx, &row, RoundState::Closed, RoundState::Published, now).await?;
    in_time(&row, RoundState::Published, although_early, now)?;
    let said = Said { kind: "round.published", summary: format!("Round {} published", row.round.label) };
    record(&tx, actor, id, &row.plans, said, &serde_json::json!({}), now).await?;
    super::pack::settle_within(&tx, actor, &row.round, &row.plans, now).await?;
    tx.commit().await?;
    Ok(())
}

/// The records of a round's plans, for somebody who may run rounds in every one of them.
pub(super) async fn run(tx: &Tx, actor: &Actor, plans: &[PlanId]) -> Result<Vec<Record>, CommandError> {
    let mut records = store::record::all(tx, actor, Depth::Current).await?;
    records.retain(|record| plans.contains(&record.plan.id));
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

/// Moves a round from one state to the next.
async fn advance(
    tx: &Tx,
    row: &RoundRow,
    from: RoundState,
    to: RoundState,
    now: Now,
) -> Result<(), CommandError> {
    match store::round::advance(tx, row.round.id, from, to, Some(now.today)).await? {
        Saved::Stale => Err(CommandError::Stale),
        _ => Ok(()),
    }
}
