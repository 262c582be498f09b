//! Tests of [`super`]: what is put to a meeting, what is gone from it, and in which words.

use super::*;
use crate::domain::{
    action::Variation,
    decision::Resolution,
    id::{PanelId, ResolutionId},
    meeting::Panel,
    sample::{action, agreed, change, day, recommendation, record, revision, with_revisions},
};

const MEETING: &str = "2018-02-19";

fn numbered(id: i64, change: StateChange) -> StateChange {
    StateChange { id: Some(StateChangeId(id)), ..change }
}

/// 1 is complete, 2 asks for March, 3 is merged into 2; recommendation 1 was varied.
fn plan() -> Record {
    let complete =
        Action { states: vec![numbered(11, change(State::Complete, "2018-01-10"))], ..action(1, None) };
    let asks =
        with_revisions(action(2, Some("2018-01-31")), [revision(22, Some("2018-03-31"), "2018-01-12")]);
    let merge = StateChange { into: Some(ActionId(2)), ..change(State::Merged, "2018-01-15") };
    let merged = Action { states: vec![numbered(33, merge)], ..action(3, None) };
    let varied = Recommendation {
        variations: vec![Variation {
            id: Some(VariationId(44)),
            was: "twice a year".to_owned(),
            now: "once a year".to_owned(),
            agreed_by: "The chair".to_owned(),
            agreed_on: None,
            known_from: day("2018-01-20"),
        }],
        ..recommendation(1, None, None)
    };
    Record { recommendations: vec![varied], ..record([complete, asks, merged]) }
}

fn decided(put: Put, outcome: Outcome, meeting: i64, on: &str) -> Decided {
    Decided {
        resolution: Resolution {
            id: ResolutionId(meeting),
            meeting: MeetingId(meeting),
            panel: "Panel".to_owned(),
            on: day(on),
            minute: None,
        },
        kind: put.kind(),
        outcome,
        reason: None,
        action: put.action(),
        recommendation: None,
        revision: match put {
            Put::Extension(_, id) => Some(id),
            _ => None,
        },
        state_change: match put {
            Put::Completion(_, id) | Put::Merge(_, id) => Some(id),
            _ => None,
        },
        variation: match put {
            Put::Variation(_, id) => Some(id),
            _ => None,
        },
    }
}

fn keys(record: &Record, meeting: i64, held_on: &str) -> Vec<String> {
    put_to(record, MeetingId(meeting), day(held_on), day("2018-02-20")).into_iter().map(Put::key).collect()
}

const ALL: [&str; 4] = ["completion-11", "extension-22", "merge-33", "variation-44"];

#[test]
fn completions_dates_merges_and_variations_are_put_to_a_meeting() {
    assert_eq!(keys(&plan(), 1, MEETING), ALL);
}

#[test]
fn what_came_after_the_meeting_was_not_put_to_it() {
    assert_eq!(keys(&plan(), 1, "2018-01-12"), ["completion-11", "extension-22"]);
}

#[test]
fn a_plan_that_leaves_completions_and_dates_to_officers_puts_only_merges_and_variations() {
    let mut record = plan();
    record.plan.panel_confirms_completion = false;
    record.plan.panel_grants_dates = false;
    assert_eq!(keys(&record, 1, MEETING), ["merge-33", "variation-44"]);
}

#[test]
fn what_is_settled_is_gone_and_what_is_noted_or_deferred_comes_back_at_the_next_meeting() {
    for outcome in [Outcome::Agreed, Outcome::NotAgreed, Outcome::Deferred, Outcome::Noted] {
        let mut record = plan();
        let all = put_to(&record, MeetingId(1), day(MEETING), day("2018-02-20"));
        record.decided = all.into_iter().map(|put| decided(put, outcome, 1, MEETING)).collect();
        assert_eq!(keys(&record, 1, MEETING), [""; 0], "{outcome:?}: dealt with at this meeting");
        let again = if outcome.is_final() { Vec::new() } else { ALL.to_vec() };
        assert_eq!(keys(&record, 2, "2018-06-04"), again, "{outcome:?}");
    }
}

#[test]
fn what_somebody_else_agreed_or_undid_is_not_put() {
    let mut record = plan();
    let done = record.actions[0].states.pop().unwrap();
    record.actions[0].states.push(agreed(done, "Panel", "2018-02-01"));
    record.actions[2].states.push(change(State::Open, "2018-02-01"));
    record.actions[1].states.push(change(State::NoFurtherAction, "2018-02-01"));
    record.recommendations[0].variations[0].agreed_by = "The Scrutiny Panel, minute 4".to_owned();
    record.plan.panels = vec![panel("Old Panel"), panel("Scrutiny Panel")];
    assert_eq!(keys(&record, 1, MEETING), [""; 0]);
}

fn panel(name: &str) -> Panel {
    Panel { id: PanelId(1), version: 1, name: name.to_owned(), successor: None, ended_on: None }
}

#[test]
fn a_variation_is_the_panels_own_where_its_whole_name_says_so() {
    for (agreed_by, own) in [
        ("Scrutiny Panel", true),
        ("the scrutiny  PANEL", true),
        ("The Scrutiny Panel, minute 4", true),
        ("Scrutiny Panel (17/42)", true),
        ("Scrutiny Panel on 7 December 2017", true),
        ("Scrutiny Panel and Executive", true),
        ("Old Panel", true),
        ("Executive, on advice of the Scrutiny Panel", false),
        ("Scrutiny Panel’s chair", false),
        ("Scrutiny Panels of the region", false),
        ("Scrutiny Panel 2", false),
        ("Children’s Scrutiny Panel", false),
        ("Scrutiny", false),
    ] {
        let mut record = plan();
        record.plan.panels = vec![panel("Old Panel"), panel("The Scrutiny Panel")];
        record.recommendations[0].variations[0].agreed_by = agreed_by.to_owned();
        let put = keys(&record, 1, MEETING).contains(&"variation-44".to_owned());
        assert_eq!(put, !own, "{agreed_by}");
    }
}

#[test]
fn a_plan_whose_monitoring_had_ended_puts_nothing() {
    let mut record = plan();
    record.plan.monitoring_ended_on = Some(day("2018-02-18"));
    assert_eq!(keys(&record, 1, MEETING), [""; 0]);
    record.plan.monitoring_ended_on = Some(day(MEETING));
    assert_eq!(keys(&record, 1, MEETING), ALL, "ended at this meeting");
}

#[test]
fn noted_is_not_agreed_in_words_either() {
    let record = plan();
    let all = put_to(&record, MeetingId(1), day(MEETING), day("2018-02-20"));
    let said = |n: usize, outcome| consequence(&record, all[n], outcome, day("2018-02-20"));
    for (n, outcome, expected) in [
        (0, Outcome::Agreed, "Completion agreed: it is agreed complete"),
        (0, Outcome::NotAgreed, "Completion not agreed: it is open again"),
        (0, Outcome::Noted, "Completion noted, which is not agreed: it is put to the next meeting again"),
        (1, Outcome::Agreed, "2018-03-31 agreed: it is the deadline now"),
        (1, Outcome::NotAgreed, "2018-03-31 not agreed: the deadline stays 2018-01-31"),
        (2, Outcome::Deferred, "Merge into A2 deferred: it is put to the next meeting again"),
        (
            3,
            Outcome::NotAgreed,
            "Variation of recommendation That something be done. not agreed: the old wording stands again",
        ),
    ] {
        assert_eq!(said(n, outcome), expected);
    }
}

#[test]
fn an_agreement_from_a_resolution_awaits_its_minute_and_another_does_not() {
    let mut record = plan();
    let put = Put::Completion(ActionId(1), StateChangeId(11));
    record.decided = vec![decided(put, Outcome::Agreed, 1, MEETING)];
    let mut done = agreed(record.actions[0].states[0].clone(), "Panel", MEETING);
    assert_eq!(agreement_words(&record, &record.actions[0].states[0]), None);
    let words = |done: &StateChange| agreement_words(&record, done).unwrap();
    assert_eq!(words(&done), "agreed by Panel on 19 February 2018, minute awaited");
    assert_eq!(words(&StateChange { id: None, ..done.clone() }), "agreed by Panel on 19 February 2018");
    done.agreed.as_mut().unwrap().minute = Some("17/43".to_owned());
    assert_eq!(words(&done), "agreed by Panel on 19 February 2018, minute 17/43");
}

#[test]
fn what_the_panel_said_holds_from_the_day_of_the_meeting() {
    let mut record = plan();
    let put = Put::Variation(RecommendationId(1), VariationId(44));
    record.decided = vec![decided(put, Outcome::NotAgreed, 1, MEETING)];
    let one = &record.recommendations[0];
    let said = |on| variations(&record, one, day(on)).next().and_then(|varied| varied.said_words());
    assert_eq!(
        (said("2018-02-18"), said(MEETING).as_deref()),
        (None, Some("Not agreed by Panel on 19 February 2018, minute awaited: the old wording stands"))
    );
    let stands = |on| wording(&record, one, day(on));
    assert_eq!(stands("2018-01-19"), one.text);
    assert_eq!((stands("2018-02-18"), stands(MEETING)), ("once a year", one.text.as_str()));
}
