//! What stands in a calendar, for whom, and how entries move.

use super::*;
use crate::domain::{
    access::Grant,
    action::{Action, Decider, State},
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
    Actor { person: Some(PersonId(9)), name: "Lead".to_owned(), grants: Vec::new(), posts: vec![PostId(5)] }
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
    assert_eq!(of_person(&[plan()], &[], &somebody, day("2018-01-10")), [], "who has nothing to do with it");
    let member =
        Actor { posts: Vec::new(), grants: vec![Grant { role: Role::PanelMember, plan: None }], ..lead() };
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
    assert_eq!(own(&ended, "2018-02-01"), left[1..], "nobody is asked any more");
    assert_eq!(said(&of_plan(&ended, &[meeting(1, PANEL, "2018-02-19")], true, day("2018-06-01"))), left);
}

#[test]
fn a_meeting_of_two_plans_stands_once() {
    let entries =
        of_person(&[plan(), plan()], &[meeting(1, PANEL, "2018-02-19")], &lead(), day("2018-01-10"));
    assert_eq!(entries.iter().filter(|e| matches!(e.about, About::Meeting(_))).count(), 1);
}

#[test]
fn what_a_round_without_a_meeting_says_is_newer_each_time_that_it_is_saved() {
    let mut plan = plan();
    plan.rounds[0].meeting = None;
    let sequence = |plan: &Record| {
        let entries = of_plan(plan, &[], false, day("2018-01-10"));
        entries.iter().find(|e| e.about == About::UpdatesDue(RoundId(1))).map(|e| e.sequence)
    };
    let before = sequence(&plan);
    plan.rounds[0].version += 1;
    assert_eq!(sequence(&plan), before.map(|n| n + 1));
    // A meeting that it is given later does not make it older.
    plan.rounds[0].meeting = Some(meeting(1, PANEL, "2018-02-19"));
    assert!(sequence(&plan) > before);
}
