//! What stands in a calendar: deadlines, updates due, meetings; one person's, or one plan's.
//!
//! Works from records that the person may read, so an entry can't say more than their pages do. Says what an entry is about
//! and on which day, never what anybody wrote and nobody's name.

use chrono::NaiveDate;

use super::{
    access::{Actor, Permission, Role, may_in},
    asking::awaited,
    id::{ActionId, MeetingId, PlanId, RoundId},
    meeting::Meeting,
    plan::Record,
    round::{Round, RoundState},
    standing::{self, Standing},
    text,
};

/// One entry, for a whole day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is about: the same entry keeps it, on whatever day it comes to lie.
    pub about: About,
    /// The day.
    pub on: NaiveDate,
    /// What it says: "Aiii is due – Digital Safeguarding".
    pub summary: String,
    /// How often it was moved or changed.
    pub sequence: u32,
    /// Since when it is as it is, where that is known.
    pub since: Option<NaiveDate>,
}

/// What an entry is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    /// An action's deadline in force.
    Deadline(ActionId),
    /// The day by which a round's updates are due.
    UpdatesDue(RoundId),
    /// The day by which a meeting's papers are with Democratic Services.
    PapersDue(MeetingId),
    /// The day on which a meeting's agenda is published.
    Agenda(MeetingId),
    /// A meeting, by its number.
    Meeting(MeetingId),
    /// A meeting of which nothing but the day is known, of a round.
    MeetingOfRound(RoundId),
    /// The response to what was sent on a day, by the plan and its name in addresses.
    Response(PlanId, String, NaiveDate),
}

/// What one person has to do with: the deadlines of their open actions, updates that are awaited of them, and the meetings of
/// the panels that watch their plans.
pub fn of_person(records: &[Record], meetings: &[Meeting], actor: &Actor, today: NaiveDate) -> Vec<Entry> {
    let mut entries = Vec::new();
    for record in records.iter().filter(|record| is_theirs(record, actor)) {
        let open = open_actions(record, today).filter(|s| actor.answers_for(s.action));
        let mut own: Vec<Entry> = open.filter_map(|s| deadline(record, &s)).collect();
        let asks = |round: &&Round| awaited(record, round, today).any(|action| actor.answers_for(action));
        let open_rounds = record.rounds.iter().filter(|r| r.state_at(today) == RoundState::Open);
        own.extend(open_rounds.filter(asks).filter_map(updates_due));
        own.extend(meetings_of(record, meetings));
        entries.extend(until_the_end(record, today, own));
    }
    in_order(entries)
}

/// Everything of one plan; `runs_rounds` for whoever sees to the papers.
pub fn of_plan(record: &Record, meetings: &[Meeting], runs_rounds: bool, today: NaiveDate) -> Vec<Entry> {
    let mut entries: Vec<Entry> = open_actions(record, today).filter_map(|s| deadline(record, &s)).collect();
    entries.extend(record.rounds.iter().filter_map(updates_due));
    entries.extend(meetings_of(record, meetings));
    if runs_rounds {
        for meeting in meetings.iter().filter(|m| record.plan.panel_id == Some(m.panel)) {
            let dates = [
                (meeting.dates.papers_due_on, About::PapersDue(meeting.id), "Papers due"),
                (meeting.dates.agenda_on, About::Agenda(meeting.id), "Agenda published"),
            ];
            entries.extend(dates.into_iter().filter_map(|(on, about, words)| {
                let summary = format!("{words} – {}, {}", meeting.panel_name, text::day(meeting.held_on));
                Some(Entry { about, on: on?, summary, sequence: changes(meeting), since: None })
            }));
        }
    }
    entries.extend(record.responses_awaited(today).into_iter().map(|awaited| Entry {
        about: About::Response(record.plan.id, record.plan.slug.clone(), awaited.sent_on),
        on: awaited.due_on,
        summary: format!("{} – {}", record.words.say("{Executive} response due"), title(record)),
        sequence: 0,
        since: Some(awaited.sent_on),
    }));
    in_order(until_the_end(record, today, entries).collect())
}

/// Whether somebody has to do with a plan, and does not only read it.
fn is_theirs(record: &Record, actor: &Actor) -> bool {
    [Role::Manager, Role::ScrutinyOfficer, Role::PanelMember].iter().any(|r| actor.is_in(*r, record.plan.id))
        || actor.posts.contains(&record.plan.manager)
        || record.actions.iter().any(|action| actor.answers_for(action))
}

/// Whether somebody sees to the papers of a plan.
pub fn sees_to_papers(record: &Record, actor: &Actor) -> bool {
    may_in(actor, Permission::RunRounds, &record.plan).is_ok()
}

fn open_actions(record: &Record, today: NaiveDate) -> impl Iterator<Item = Standing<'_>> {
    standing::stand(record, today).into_iter().filter(Standing::expects_updates)
}

fn deadline(record: &Record, standing: &Standing<'_>) -> Option<Entry> {
    let revision = standing.deadline?;
    Some(Entry {
        about: About::Deadline(standing.action.id),
        on: revision.latest()?,
        summary: format!("{} is due – {}", standing.action.label, title(record)),
        sequence: u32::try_from(revision.number).unwrap_or_default(),
        since: Some(revision.decision.as_ref().map_or(revision.known_from, |decision| decision.on)),
    })
}

/// How often a round was saved anew, and its meeting: never fewer, whichever of the two holds the date.
fn moves(round: &Round) -> u32 {
    let own = u32::try_from(round.version - 1).unwrap_or_default();
    own + round.meeting.as_ref().map_or(0, changes)
}

fn updates_due(round: &Round) -> Option<Entry> {
    Some(Entry {
        about: About::UpdatesDue(round.id),
        on: round.updates_due_on?,
        summary: format!("Updates due for {}", round.label),
        sequence: moves(round),
        since: None,
    })
}

/// The meetings of the panel that watches a plan, and those of which only a round knows.
fn meetings_of<'a>(record: &'a Record, meetings: &'a [Meeting]) -> impl Iterator<Item = Entry> + use<'a> {
    let of_panel = meetings.iter().filter(|m| record.plan.panel_id == Some(m.panel));
    let of_rounds = record.rounds.iter().filter_map(|round| round.meeting.as_ref());
    let known = of_panel.chain(of_rounds).map(|meeting| Entry {
        about: About::Meeting(meeting.id),
        on: meeting.held_on,
        summary: format!("Meeting of the {}", meeting.panel_name),
        sequence: changes(meeting),
        since: None,
    });
    let others = record.rounds.iter().filter(|round| round.meeting.is_none()).filter_map(|round| {
        let panel = record.plan.panel.clone().unwrap_or_else(|| record.words.panel.clone());
        Some(Entry {
            about: About::MeetingOfRound(round.id),
            on: round.meeting_on?,
            summary: format!("Meeting of the {panel}"),
            sequence: moves(round),
            since: None,
        })
    });
    known.chain(others)
}

fn changes(meeting: &Meeting) -> u32 {
    u32::try_from(meeting.version.saturating_sub(1)).unwrap_or_default()
}

/// Of a plan whose monitoring has ended, what lay before.
fn until_the_end(
    record: &Record,
    today: NaiveDate,
    entries: impl IntoIterator<Item = Entry>,
) -> impl Iterator<Item = Entry> {
    let end = record.plan.monitoring_ended_on.filter(|_| !record.is_monitored(today));
    entries.into_iter().filter(move |entry| end.is_none_or(|end| entry.on <= end))
}

/// By day, each once: several plans can have one meeting.
fn in_order(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.sort_by(|a, b| (a.on, &a.about).cmp(&(b.on, &b.about)));
    entries.dedup_by(|a, b| a.about == b.about);
    entries
}

fn title(record: &Record) -> String {
    text::short_title(&record.plan.title)
}

#[cfg(test)]
mod tests;
