//! Meetings: recording them with the dates before them. Panels, and who took over from whom, are [`panel`]'s.
//!
//! A meeting that does not take place is moved to its new day; one to which nothing hangs yet can be taken out.

use chrono::NaiveDate;

use super::{CommandError, Cx, Event, Now};
use crate::{
    domain::{
        access::{Actor, Permission, may},
        deadline::Span,
        id::{MeetingId, PanelId, PlanId},
        meeting::{Dates, Meeting, Panel},
        plan::Record,
        round::{RoundState, proposed_label},
        text,
    },
    store::{self, Tx, action::Saved, round::RoundRow},
};

pub mod panel;

/// A meeting as somebody wrote it, with all its fields checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingDraft {
    /// The panel that meets.
    pub panel: PanelId,
    /// The day.
    pub held_on: NaiveDate,
    /// The dates before it, as they were typed: those left empty are proposed by the calendar.
    pub dates: Dates,
    /// It lies in the past, and that is meant: it is recorded afterwards.
    pub held_already: bool,
}

/// Records a meeting.
///
/// # Errors
/// [`CommandError::Refused`] where the panel meets on that day already or is not there any more, where the dates are in the
/// wrong order, and where it lies in the past without that being meant.
pub async fn create(cx: &Cx, actor: &Actor, draft: &MeetingDraft) -> Result<MeetingId, CommandError> {
    let tx = cx.store.begin().await?;
    let id = create_within(cx, &tx, actor, draft, cx.now()).await?;
    tx.commit().await?;
    Ok(id)
}

/// The same within a transaction.
pub(super) async fn create_within(
    cx: &Cx,
    tx: &Tx,
    actor: &Actor,
    draft: &MeetingDraft,
    now: Now,
) -> Result<MeetingId, CommandError> {
    may(actor, Permission::RunRounds)?;
    let (panels, meetings) = store::meeting::all(tx).await?;
    let (panel, dates) = check(cx, &panels, &meetings, draft, None, now)?;
    let id = store::meeting::insert(tx, panel.id, draft.held_on, dates).await?;
    let event = Event {
        plan: None,
        action: None,
        kind: "meeting.recorded",
        summary: format!("Meeting recorded: {}, {}", panel.name, text::day(draft.held_on)),
        detail: serde_json::json!({ "meeting": id.0 }),
    };
    super::record(tx, now, actor, event).await?;
    Ok(id)
}

/// Changes a meeting.
///
/// # Errors
/// As [`create`]; [`CommandError::Stale`] where somebody else saved in between; [`CommandError::Refused`] where a round of it
/// is closed and the day by which its updates were due would change, and where it would move although decisions of it are
/// recorded, or to another panel although a round of it is published.
pub async fn edit(
    cx: &Cx,
    actor: &Actor,
    id: MeetingId,
    version: i32,
    draft: &MeetingDraft,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    may(actor, Permission::RunRounds)?;
    let (panels, meetings) = store::meeting::all(&tx).await?;
    let before = meetings.iter().find(|m| m.id == id).ok_or(CommandError::NotFound)?;
    let rounds = store::round::of_meeting(&tx, id).await?;
    let records = may_change(&tx, actor, &rounds).await?;
    may_move(&tx, before, draft, &rounds).await?;
    let (panel, dates) = check(cx, &panels, &meetings, draft, Some(before), now)?;
    if let Some(closed) = rounds.iter().find(|row| row.round.state.is_closed())
        && dates.updates_due_on != before.dates.updates_due_on
    {
        return Err(CommandError::refused(
            "updates_due_on",
            format!(
                "The round {} is closed: the day by which its updates were due stays",
                closed.round.label
            ),
        ));
    }
    if store::meeting::save(&tx, id, version, panel.id, draft.held_on, dates).await? == Saved::Stale {
        return Err(CommandError::Stale);
    }
    if draft.held_on != before.held_on {
        move_rounds(&tx, &rounds, &records, before.held_on, draft.held_on).await?;
    }
    let day = |on: Option<NaiveDate>| on.map(text::day).unwrap_or_default();
    let detail = super::changes([
        ("Who meets", before.panel_name.clone(), panel.name.clone()),
        ("Meeting", text::day(before.held_on), text::day(draft.held_on)),
        ("Updates due", day(before.dates.updates_due_on), day(dates.updates_due_on)),
        ("Papers due", day(before.dates.papers_due_on), day(dates.papers_due_on)),
        ("Agenda published", day(before.dates.agenda_on), day(dates.agenda_on)),
    ]);
    // Every plan that reports to it: its updates may be due on another day now.
    let what = ("Meeting changed", panel.name.as_str(), draft.held_on);
    changed(&tx, actor, &records, "meeting.edited", what, &detail, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes a meeting that of the panel that takes over from its own.
async fn pass_over(
    tx: &Tx,
    actor: &Actor,
    meeting: &Meeting,
    new: &Panel,
    now: Now,
) -> Result<(), CommandError> {
    let rounds = store::round::of_meeting(tx, meeting.id).await?;
    let records = may_change(tx, actor, &rounds).await?;
    let Meeting { id, version, held_on, dates, .. } = *meeting;
    if store::meeting::save(tx, id, version, new.id, held_on, dates).await? == Saved::Stale {
        return Err(CommandError::Stale);
    }
    let detail = super::changes([("Who meets", meeting.panel_name.clone(), new.name.clone())]);
    changed(tx, actor, &records, "meeting.edited", ("Meeting changed", &new.name, held_on), &detail, now)
        .await
}

/// Writes what became of a meeting into the history of every plan that reports to it; of none, into that of the installation.
async fn changed(
    tx: &Tx,
    actor: &Actor,
    records: &[Record],
    kind: &'static str,
    (what, panel, held_on): (&str, &str, NaiveDate),
    detail: &serde_json::Value,
    now: Now,
) -> Result<(), CommandError> {
    let touched: Vec<Option<PlanId>> =
        if records.is_empty() { vec![None] } else { records.iter().map(|r| Some(r.plan.id)).collect() };
    for plan in touched {
        let summary = format!("{what}: {panel}, {}", text::day(held_on));
        let event = Event { plan, action: None, kind, summary, detail: detail.clone() };
        super::record(tx, now, actor, event).await?;
    }
    Ok(())
}

/// Takes a meeting out that was recorded by mistake.
///
/// # Errors
/// [`CommandError::Refused`] where a round is for it, or decisions of it are recorded.
pub async fn remove(cx: &Cx, actor: &Actor, id: MeetingId) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    may(actor, Permission::RunRounds)?;
    let (_, meetings) = store::meeting::all(&tx).await?;
    let meeting = meetings.iter().find(|m| m.id == id).ok_or(CommandError::NotFound)?;
    if let Some(row) = store::round::of_meeting(&tx, id).await?.first() {
        let message = format!("The round {} is for this meeting: it can’t be taken out", row.round.label);
        return Err(CommandError::refused("", message));
    }
    if store::decision::any_of(&tx, id).await? {
        return Err(CommandError::refused(
            "",
            "Decisions of this meeting are recorded: it can’t be taken out",
        ));
    }
    store::meeting::remove(&tx, id).await?;
    let (panel, detail) = (&meeting.panel_name, serde_json::json!({ "meeting": id.0 }));
    changed(&tx, actor, &[], "meeting.removed", ("Meeting taken out", panel, meeting.held_on), &detail, now)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// The plans that report to a meeting, for somebody who may run rounds in every one of them.
async fn may_change(tx: &Tx, actor: &Actor, rounds: &[RoundRow]) -> Result<Vec<Record>, CommandError> {
    let mut plans: Vec<PlanId> = rounds.iter().flat_map(|row| row.plans.iter().copied()).collect();
    plans.sort_unstable();
    plans.dedup();
    if plans.is_empty() { Ok(Vec::new()) } else { super::round::run(tx, actor, &plans).await }
}

/// Whether a meeting may become one of another day or panel: not once its decisions are recorded, and its papers published
/// are one panel's.
async fn may_move(
    tx: &Tx,
    before: &Meeting,
    draft: &MeetingDraft,
    rounds: &[RoundRow],
) -> Result<(), CommandError> {
    let (other_panel, other_day) = (draft.panel != before.panel, draft.held_on != before.held_on);
    let field = if other_panel { "panel" } else { "held_on" };
    if (other_panel || other_day) && store::decision::any_of(tx, before.id).await? {
        let on = text::day(before.held_on);
        let message =
            format!("Decisions of this meeting are recorded: it stays {}’s of {on}", before.panel_name);
        return Err(CommandError::refused(field, message));
    }
    let published = rounds.iter().find(|row| row.round.state == RoundState::Published);
    if let Some(row) = published.filter(|_| other_panel) {
        let (label, panel) = (&row.round.label, &before.panel_name);
        let message = format!("The round {label} is published for this meeting: it stays {panel}’s");
        return Err(CommandError::refused(field, message));
    }
    Ok(())
}

/// Moves the rounds that are not closed along with their meeting, and renames those that are called by its day.
async fn move_rounds(
    tx: &Tx,
    rounds: &[RoundRow],
    records: &[Record],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<(), CommandError> {
    let (old, new) = (Span::day(from), Span::day(to));
    for row in rounds.iter().filter(|row| !row.round.state.is_closed() && row.round.span == old) {
        let is_proposed = row.round.label == proposed_label(old);
        let label = if is_proposed { proposed_label(new) } else { row.round.label.clone() };
        let own: Vec<Record> =
            records.iter().filter(|record| row.plans.contains(&record.plan.id)).cloned().collect();
        super::round::is_free(&own, &label, Some(row.round.id)).map_err(|error| match error {
            CommandError::Refused { message, .. } => CommandError::refused("held_on", message),
            other => other,
        })?;
        store::round::move_along(tx, row.round.id, new, &label).await?;
    }
    Ok(())
}

/// The panel that meets and the dates before the meeting, where nothing speaks against it.
fn check<'a>(
    cx: &Cx,
    panels: &'a [Panel],
    meetings: &[Meeting],
    draft: &MeetingDraft,
    before: Option<&Meeting>,
    now: Now,
) -> Result<(&'a Panel, Dates), CommandError> {
    let panel = panels
        .iter()
        .find(|p| p.id == draft.panel)
        .ok_or_else(|| CommandError::refused("panel", cx.words().say("Choose the {panel} that meets")))?;
    match wrong(cx, panels, meetings, draft, before, now.today).into_iter().next() {
        Some((field, message)) => Err(CommandError::refused(field, message)),
        None => Ok((panel, draft.dates.or(Dates::proposed(&cx.calendar(), draft.held_on)))),
    }
}

/// All that speaks against a meeting as somebody wrote it: the form's field, and why in words.
pub fn wrong(
    cx: &Cx,
    panels: &[Panel],
    meetings: &[Meeting],
    draft: &MeetingDraft,
    before: Option<&Meeting>,
    today: NaiveDate,
) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    let on = text::day(draft.held_on);
    let moved = before.is_none_or(|b| b.panel != draft.panel || b.held_on != draft.held_on);
    if let Some(panel) = panels.iter().find(|p| p.id == draft.panel) {
        if let Some(ended) = panel.ended_on.filter(|ended| moved && *ended <= draft.held_on) {
            let next = panel.successor.and_then(|id| panels.iter().find(|p| p.id == id));
            let next = next.map_or(String::new(), |next| format!(": from then on {} meets", next.name));
            wrong.push(("panel", format!("{} ended on {}{next}", panel.name, text::day(ended))));
        }
        let same_day = |m: &&Meeting| {
            m.panel == panel.id && m.held_on == draft.held_on && before.is_none_or(|b| b.id != m.id)
        };
        if meetings.iter().any(|m| same_day(&m)) {
            wrong
                .push(("held_on", format!("{} meets on {on} already: that meeting is recorded", panel.name)));
        }
    }
    if draft.held_on < today && moved && !draft.held_already {
        let message = format!(
            "{on} is in the past: if the meeting has been held and you record it now, tick the box below"
        );
        wrong.push(("held_on", message));
    }
    wrong.extend(draft.dates.or(Dates::proposed(&cx.calendar(), draft.held_on)).check(draft.held_on).err());
    wrong
}
