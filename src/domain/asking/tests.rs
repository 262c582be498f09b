//! Whom a round asks, whom it does not, and who is away all through it.

use std::sync::Arc;

use super::*;
use crate::domain::{
    action::State,
    id::{HoldingId, PlanId, PostId},
    plan::Plan,
    post::{Holding, Post},
    rating::Rating,
    round::RoundState,
    sample::{action, change, day, person, post, record, round, update},
};

const OPENING: &str = "2018-01-08";

fn led_by(action: Action, posts: &[i64]) -> Action {
    let leads = posts.iter().map(|id| Lead::Post { post: PostId(*id), named: None }).collect();
    Action { leads, ..action }
}

/// A plan that post 1 manages, with posts 2 and 3 for its leads.
fn plan(id: i64, actions: Vec<Action>) -> Record {
    let mut record = record(actions);
    record.plan = Plan { id: PlanId(id), manager: PostId(1), ..record.plan };
    record.posts = vec![post(1, "Manager"), post(2, "MAP Coordinator"), post(3, "LSCB Manager")].into();
    record
}

fn for_february() -> Round {
    Round {
        updates_due_on: Some(day("2018-01-29")),
        meeting_on: Some(day("2018-02-19")),
        ..round(9, "19 Feb 2018", "2018-02-19", RoundState::Planned)
    }
}

/// Who is asked for what: "MAP Coordinator: A1, A2".
fn asked(asking: &Asking<'_>) -> Vec<String> {
    let labels = |asked: &Asked<'_>| {
        asked.actions.iter().map(|w| w.action.label.as_str()).collect::<Vec<_>>().join(", ")
    };
    asking.people.iter().map(|a| format!("{}: {}", a.person.name, labels(a))).collect()
}

#[test]
fn everybody_is_asked_once_with_all_of_theirs_over_all_plans() {
    let one = plan(1, vec![led_by(action(1, None), &[2]), led_by(action(2, None), &[3])]);
    let two = plan(2, vec![led_by(action(3, None), &[2])]);
    let (records, round) = ([one, two], for_february());
    let asking = asking(&records, &round, day(OPENING));
    assert_eq!(asked(&asking), ["LSCB Manager: A2", "MAP Coordinator: A1, A3"]);
    assert_eq!(because(&asking.people[1]), "you hold the post MAP Coordinator");
    assert_eq!(asking.people[1].posts, ["MAP Coordinator"], "once, whatever the number of plans");
}

#[test]
fn only_open_actions_without_an_update_in_the_round_are_asked_for() {
    let complete = Action { states: vec![change(State::Complete, "2017-12-07")], ..action(2, None) };
    let answered =
        Action { updates: vec![update(1, Some(9), "2018-01-09", Rating::OnTrack)], ..action(3, None) };
    let before = Action { updates: vec![update(2, None, "2018-01-05", Rating::OnTrack)], ..action(4, None) };
    let actions = [action(1, None), complete, answered, before].map(|a| led_by(a, &[2]));
    let (records, round) = ([plan(1, actions.to_vec())], for_february());
    assert_eq!(asked(&asking(&records, &round, day("2018-01-10"))), ["MAP Coordinator: A1, A4"]);
    let mut ended = records;
    ended[0].plan.monitoring_ended_on = Some(day(OPENING));
    assert!(asking(&ended, &round, day(OPENING)).is_empty(), "mail has stopped");
}

#[test]
fn a_joint_action_is_asked_of_each_of_its_leads() {
    let (records, round) = ([plan(1, vec![led_by(action(1, None), &[2, 3])])], for_february());
    let asking = asking(&records, &round, day(OPENING));
    assert_eq!(asked(&asking), ["LSCB Manager: A1", "MAP Coordinator: A1"]);
}

#[test]
fn each_lead_of_a_joint_action_reads_who_the_others_are() {
    let joint = |record: &Record, person: i64| {
        jointly(record, &record.actions[0], PersonId(person), day(OPENING)).unwrap_or_default()
    };
    let mut record = plan(1, vec![led_by(action(1, None), &[2, 3])]);
    assert_eq!(joint(&record, 2), "Jointly with LSCB Manager: one update is enough");
    assert_eq!(joint(&record, 3), "Jointly with MAP Coordinator: one update is enough");
    assert_eq!(joint(&record, 1), "", "who manages the plan is not asked");
    // One of them is gone: it is still joint.
    Arc::make_mut(&mut record.posts)[2].holdings.clear();
    assert_eq!(joint(&record, 2), "Jointly with LSCB Manager: one update is enough");
    // Both are: the manager is asked, and leads nothing.
    Arc::make_mut(&mut record.posts)[1].holdings.clear();
    assert_eq!(joint(&record, 1), "");
    // One person holds both.
    let both = post(2, "MAP Coordinator").holdings;
    Arc::make_mut(&mut record.posts)[1].holdings.clone_from(&both);
    Arc::make_mut(&mut record.posts)[2].holdings = both;
    assert_eq!(joint(&record, 2), "");
    let alone = plan(1, vec![led_by(action(1, None), &[2])]);
    assert_eq!(joint(&alone, 2), "");
}

#[test]
fn where_nobody_can_be_reached_the_manager_is_asked_with_the_reason() {
    let mut vacant = plan(1, vec![led_by(action(1, None), &[2]), action(2, None)]);
    Arc::make_mut(&mut vacant.posts)[1].holdings.clear();
    let (records, round) = ([vacant], for_february());
    let to_manager = asking(&records, &round, day(OPENING));
    assert_eq!(asked(&to_manager), ["Manager: A1, A2"]);
    let why: Vec<_> = to_manager.people[0].actions.iter().filter_map(|w| w.instead_of.as_deref()).collect();
    assert_eq!(
        why,
        [
            "nobody holds MAP Coordinator, so the plan’s manager is asked",
            "the lead is “N/A”, so the plan’s manager is asked"
        ]
    );
}

#[test]
fn an_action_for_which_not_even_a_manager_can_be_asked_is_named() {
    let mut nobody = plan(1, vec![led_by(action(1, None), &[2]), led_by(action(2, None), &[3])]);
    Arc::make_mut(&mut nobody.posts)[0].holdings.clear();
    Arc::make_mut(&mut nobody.posts)[1].holdings[0].person.active = false;
    let (records, round) = ([nobody], for_february());
    let asking = asking(&records, &round, day(OPENING));
    assert_eq!(asked(&asking), ["LSCB Manager: A2"]);
    let named: Vec<_> = asking.nobody.iter().map(|u| (u.action.label.as_str(), u.why.as_str())).collect();
    assert_eq!(named, [("A1", "MAP Coordinator has no address in use")]);
}

#[test]
fn away_all_through_is_who_cannot_be_reached_on_any_day_until_updates_are_due() {
    let round = for_february();
    let with = |change: &dyn Fn(&mut Post)| {
        let mut record = plan(1, vec![led_by(action(1, None), &[2]), led_by(action(2, None), &[2])]);
        change(&mut Arc::make_mut(&mut record.posts)[1]);
        let records = [record];
        away(&records, &round, day(OPENING))
            .iter()
            .map(|a| format!("{}: {}; {}; {}", a.who, a.why, a.labels.join(", "), a.instead.join(", ")))
            .collect::<Vec<_>>()
    };
    assert_eq!(with(&|_| {}), [""; 0]);
    assert_eq!(
        with(&|post| post.holdings[0].to = Some(day("2018-01-07"))),
        ["MAP Coordinator: nobody holds or covers it; A1, A2; Manager"]
    );
    assert_eq!(
        with(&|post| post.holdings[0].person.active = false),
        ["MAP Coordinator: whoever holds it has no address in use; A1, A2; Manager"]
    );
    // Somebody who comes on the last day can still write; one who comes the day after can't.
    for (from, away) in [("2018-01-29", false), ("2018-01-30", true)] {
        assert_eq!(!with(&|post| post.holdings[0].from = day(from)).is_empty(), away, "{from}");
    }
    // Cover counts.
    let covered = |post: &mut Post| {
        post.holdings[0].person.active = false;
        post.holdings.push(Holding {
            id: HoldingId(7),
            person: person(7, "The cover"),
            from: day("2018-01-15"),
            to: Some(day("2018-01-19")),
            acting: true,
        });
    };
    assert_eq!(with(&covered), [""; 0]);
}

#[test]
fn a_person_who_leads_without_a_post_is_away_when_their_account_is() {
    let gone = Lead::Person(Person { active: false, ..person(8, "Somebody") });
    let outside = Lead::OutsideBody("Cleveland Police".to_owned());
    let actions = vec![
        Action { leads: vec![gone], ..action(1, None) },
        Action { leads: vec![outside], ..action(2, None) },
    ];
    let (records, round) = ([plan(1, actions)], for_february());
    let away = away(&records, &round, day(OPENING));
    assert_eq!(away.len(), 1, "a body without an account is not away: its manager is asked every time");
    assert_eq!((away[0].who, away[0].why), ("Somebody", "their account is deactivated"));
}
