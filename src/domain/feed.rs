//! What stands in a calendar: deadlines, updates due, meetings; one person's, or one plan's.
//!
//! Works from records that the person may read, so an entry can't say more than their pages do. Says what an entry is about
//! and on which day, never what anybody wrote and nobody's name.

use chrono::NaiveDate;

use super::{
    access::{Actor, Permission, Role, may_in},
    action::Action,
    id::{ActionId, MeetingId, PlanId, RoundId},
    meeting::Meeting,
    plan::Record,
    round::{Round, RoundState},
    standing::{self, Standing},
    text,
    update::Update,
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
        let mut own = Vec::new();
        let open = open_actions(record, today).filter(|s| actor.answers_for(s.action));
        let asked: Vec<&Action> =
            open.inspect(|s| own.extend(deadline(record, s))).map(|s| s.action).collect();
        // Asked is who has not answered yet.
        let awaits = |round: RoundId| {
            asked.iter().any(|a| !a.updates_at(today).any(|u: &Update| u.round == Some(round)))
        };
        for round in record.rounds.iter().filter(|r| r.state_at(today) == RoundState::Open) {
            if awaits(round.id) {
                own.extend(updates_due(round));
            }
        }
        own.extend(meetings_of(record, meetings));
        entries.extend(until_the_end(record, today, own));
    }
    in_order(entries)
}

/// Everything of one plan; `runs_rounds` for whoever sees to the papers.
pub fn of_plan(record: &Record, meetings: &[Meeting], runs_rounds: bool, today: NaiveDate) -> Vec<Entry> {
    let mut entries: Vec<Entry> = open_actions(record, today).filter_map(|s| deadline(record, &s)).collect();
    entries.extend(record.rounds.iter().filter_map(|round| updates_due(round)));
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
    entries.extend(record.awaited_responses(today).into_iter().map(|awaited| Entry {
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

fn updates_due(round: &Round) -> Option<Entry> {
    Some(Entry {
        about: About::UpdatesDue(round.id),
        on: round.updates_due_on?,
        summary: format!("Updates due for {}", round.label),
        sequence: round.meeting.as_ref().map_or(0, changes),
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
            sequence: 0,
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
mod tests {
    use super::*;
    use crate::domain::{
        access::Grant,
        action::{Decider, State},
        id::{PanelId, PersonId, PostId},
        meeting::Dates,
        post::Lead,
        rating::Rating,
        sample::{action, change, day, decided, record, revision, round, update, with_revisions},
    };

    const PANEL: PanelId = PanelId(7);

    fn meeting(id: i64, panel: PanelId, on: &str) -> Meeting {
        Meeting {
            id: MeetingId(id),
            version: 2,
            panel,
            panel_name: "Children’s Panel".to_owned(),
            held_on: day(on),
            dates: Dates {
                updates_due_on: Some(day("2018-01-29")),
                papers_due_on: Some(day("2018-02-07")),
                agenda_on: Some(day("2018-02-09")),
            },
        }
    }

    /// A plan of a panel: A1 is led by the post 5, A2 by nobody; a round is open.
    fn plan() -> Record {
        let lead = vec![Lead::Post { post: PostId(5), named: None }];
        let mut plan =
            record([Action { leads: lead, ..action(1, Some("2018-01-31")) }, action(2, Some("2018-02-28"))]);
        plan.plan.panel_id = Some(PANEL);
        plan.rounds = vec![Round {
            updates_due_on: Some(day("2018-01-29")),
            meeting: Some(meeting(1, PANEL, "2018-02-19")),
            meeting_on: Some(day("2018-02-19")),
            ..round(1, "19 Feb 2018", "2018-01-08", RoundState::Open)
        }];
        plan
    }

    fn lead() -> Actor {
        Actor {
            person: Some(PersonId(9)),
            name: "Lead".to_owned(),
            grants: Vec::new(),
            posts: vec![PostId(5)],
        }
    }

    fn said(entries: &[Entry]) -> Vec<String> {
        entries.iter().map(|e| format!("{} {}", e.on, e.summary)).collect()
    }

    fn own(record: &Record, on: &str) -> Vec<String> {
        said(&of_person(std::slice::from_ref(record), &[meeting(1, PANEL, "2018-02-19")], &lead(), day(on)))
    }

    #[test]
    fn a_lead_has_their_own_deadlines_what_is_asked_of_them_and_the_meeting() {
        assert_eq!(
            own(&plan(), "2018-01-10"),
            [
                "2018-01-29 Updates due for 19 Feb 2018",
                "2018-01-31 A1 is due – Plan",
                "2018-02-19 Meeting of the Children’s Panel",
            ]
        );
        let somebody = Actor { posts: Vec::new(), ..lead() };
        assert_eq!(
            of_person(&[plan()], &[], &somebody, day("2018-01-10")),
            [],
            "who has nothing to do with it"
        );
        let member = Actor {
            posts: Vec::new(),
            grants: vec![Grant { role: Role::PanelMember, plan: None }],
            ..lead()
        };
        assert_eq!(
            said(&of_person(&[plan()], &[], &member, day("2018-01-10"))),
            ["2018-02-19 Meeting of the Children’s Panel"]
        );
    }

    #[test]
    fn what_was_answered_is_not_asked_and_what_is_done_is_not_due() {
        let mut answered = plan();
        answered.actions[0].updates = vec![update(1, Some(1), "2018-01-10", Rating::OnTrack)];
        assert_eq!(
            own(&answered, "2018-01-10"),
            ["2018-01-31 A1 is due – Plan", "2018-02-19 Meeting of the Children’s Panel"]
        );
        let mut done = plan();
        done.actions[0].states = vec![change(State::Complete, "2018-01-09")];
        assert_eq!(own(&done, "2018-01-10"), ["2018-02-19 Meeting of the Children’s Panel"]);
    }

    #[test]
    fn a_granted_date_moves_the_same_entry_and_one_asked_for_does_not() {
        let asked = revision(7, Some("2018-03-31"), "2018-01-05");
        let with = |revision| {
            let mut moved = plan();
            moved.actions[0] = with_revisions(moved.actions[0].clone(), [revision]);
            let entries = of_plan(&moved, &[], false, day("2018-01-10"));
            entries.into_iter().find(|e| e.about == About::Deadline(ActionId(1))).unwrap()
        };
        let before = with(asked.clone());
        assert_eq!((before.on, before.sequence), (day("2018-01-31"), 0));
        let after = with(decided(asked, true, "2018-01-09", Decider::Panel));
        assert_eq!((after.on, after.sequence, after.since), (day("2018-03-31"), 1, Some(day("2018-01-09"))));
        assert_eq!(before.about, after.about, "the same entry, so that calendars move it");
    }

    #[test]
    fn a_plan_has_all_its_days_and_those_before_the_meeting_for_whoever_sees_to_the_papers() {
        let meetings = [meeting(1, PANEL, "2018-02-19"), meeting(2, PanelId(8), "2018-03-05")];
        assert_eq!(
            said(&of_plan(&plan(), &meetings, false, day("2018-01-10"))),
            [
                "2018-01-29 Updates due for 19 Feb 2018",
                "2018-01-31 A1 is due – Plan",
                "2018-02-19 Meeting of the Children’s Panel",
                "2018-02-28 A2 is due – Plan",
            ]
        );
        let with_papers = of_plan(&plan(), &meetings, true, day("2018-01-10"));
        assert_eq!(with_papers.len(), 6);
        let papers = [
            "2018-02-07 Papers due – Children’s Panel, 19 February 2018",
            "2018-02-09 Agenda published – Children’s Panel, 19 February 2018",
        ];
        for words in papers {
            assert!(said(&with_papers).iter().any(|s| s == words), "{words}");
        }
    }

    #[test]
    fn a_plan_that_was_sent_has_the_day_of_the_response() {
        let mut sent = plan();
        sent.plan.sent_on = Some(day("2017-12-07"));
        let entries = of_plan(&sent, &[], false, day("2018-01-10"));
        assert!(said(&entries).contains(&"2018-02-07 Executive response due – Plan".to_owned()));
    }

    #[test]
    fn once_monitoring_has_ended_only_what_lay_before_is_left() {
        let mut ended = plan();
        ended.plan.monitoring_ended_on = Some(day("2018-02-01"));
        let left = ["2018-01-29 Updates due for 19 Feb 2018", "2018-01-31 A1 is due – Plan"];
        assert_eq!(own(&ended, "2018-02-01"), left);
        assert_eq!(said(&of_plan(&ended, &[meeting(1, PANEL, "2018-02-19")], true, day("2018-06-01"))), left);
    }

    #[test]
    fn a_meeting_of_two_plans_stands_once() {
        let entries =
            of_person(&[plan(), plan()], &[meeting(1, PANEL, "2018-02-19")], &lead(), day("2018-01-10"));
        assert_eq!(entries.iter().filter(|e| matches!(e.about, About::Meeting(_))).count(), 1);
    }
}
