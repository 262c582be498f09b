//! A round over two plans, each with a manager, leads and a policy of its own.

use std::sync::Arc;

use super::*;
use crate::domain::{
    action::Action,
    id::{ActionId, PlanId, PostId},
    plan::Plan,
    post::Lead,
    preference::{Frequency, Preference, Preferences, Snooze},
    rating::Rating,
    reminder::{response::Officer, schedule},
    sample::{action, day, person, post, record, round, update},
};

fn led_by(id: i64, post: i64) -> Action {
    Action { leads: vec![Lead::Post { post: PostId(post), named: None }], ..action(id, None) }
}

/// A plan with a manager and an open round, for which updates are due on Wednesday 7 February 2018.
fn plan(id: i64, manager: i64, actions: Vec<Action>) -> Record {
    let mut record = record(actions);
    record.plan = Plan { id: PlanId(id), manager: PostId(manager), ..record.plan };
    record.posts =
        vec![post(1, "Manager"), post(2, "Lead"), post(3, "Other manager"), post(4, "Other lead")].into();
    let mut open = round(1, "19 Feb 2018", "2018-02-19", RoundState::Open);
    (open.opened_on, open.updates_due_on) = (Some(day("2018-01-15")), Some(day("2018-02-07")));
    record.rounds = vec![open];
    record
}

fn two_plans() -> Vec<Record> {
    vec![plan(1, 1, vec![led_by(1, 2), led_by(2, 2)]), plan(2, 3, vec![led_by(3, 4)])]
}

fn officers() -> Vec<Officer> {
    vec![
        Officer { person: person(8, "Officer of all"), plan: None },
        Officer { person: person(9, "Officer of the other"), plan: Some(PlanId(2)) },
    ]
}

/// What the digests of a day say of rounds: "Lead: A1, A2", "Manager: 0 of 2 in, awaited from Lead (2)".
fn said(records: &[Record], on: &str) -> Vec<String> {
    let (calendar, officers) = (Calendar::england(), officers());
    let preferences = &records[0].preferences;
    let facts = Facts { records, officers: &officers, notices: &[], preferences, calendar: &calendar };
    let schedule = schedule(&facts, &Ledger::default(), day(on), day(on).pred_opt());
    let of = |digest: crate::domain::reminder::Digest| {
        let due = digest.rounds.into_iter().map(|due| due.labels.join(", "));
        let stands = digest.progress.into_iter().map(|Progress { standing, .. }| {
            let missing: Vec<String> =
                standing.missing.iter().map(|(who, n)| format!("{who} ({n})")).collect();
            format!("{} of {} in, awaited from {}", standing.received, standing.expected, missing.join(", "))
        });
        format!("{}: {}", digest.person.name, due.chain(stands).collect::<Vec<_>>().join("; "))
    };
    schedule.digests.into_iter().map(of).collect()
}

#[test]
fn whoever_looks_after_some_plans_of_a_round_is_told_how_it_stands_in_those() {
    assert_eq!(
        said(&two_plans(), "2018-01-22"),
        [
            "Manager: 0 of 2 in, awaited from Lead (2)",
            "Officer of all: 0 of 3 in, awaited from Lead (2), Other lead (1)",
            "Officer of the other: 0 of 1 in, awaited from Other lead (1)",
            "Other manager: 0 of 1 in, awaited from Other lead (1)",
        ]
    );
}

#[test]
fn who_leads_jointly_is_named_together_so_that_what_is_in_and_what_is_awaited_make_up_all() {
    let mut records = two_plans();
    let lead = |post: i64| Lead::Post { post: PostId(post), named: None };
    records[0].actions.push(Action { leads: vec![lead(4), lead(2)], ..action(4, None) });
    let mut answered = led_by(5, 2);
    answered.updates = vec![update(1, Some(1), "2018-01-16", Rating::OnTrack)];
    records[0].actions.push(answered);
    assert_eq!(
        said(&records[..1], "2018-01-22")[0],
        "Manager: 1 of 4 in, awaited from Lead (2), Lead and Other lead jointly (1)"
    );
}

#[test]
fn a_plan_without_a_monday_mail_is_in_nobodys() {
    let mut records = two_plans();
    records[0].policy.monday_mail = false;
    let told = said(&records, "2018-01-22");
    assert!(told.iter().all(|line| line.ends_with("0 of 1 in, awaited from Other lead (1)")), "{told:?}");
    assert_eq!(told.len(), 3, "{told:?}");
}

#[test]
fn each_plan_reminds_by_its_own_policy_and_who_leads_in_both_once_of_all() {
    let mut records = two_plans();
    records[1].policy.round_first_working_days = Some(10);
    // Ten working days before 7 February.
    assert_eq!(said(&records, "2018-01-24"), ["Other lead: A3"]);
    assert_eq!(said(&records, "2018-01-31"), ["Lead: A1, A2", "Other lead: A3"]);
    records[1].actions[0] = led_by(3, 2);
    assert_eq!(said(&records, "2018-01-24"), ["Lead: A1, A2, A3"]);
    records[1].policy.round_first_working_days = None;
    assert_eq!(said(&records, "2018-01-31"), ["Lead: A1, A2, A3"]);
}

#[test]
fn nobody_is_reminded_of_a_round_or_told_of_it_for_a_plan_that_is_not_in_it() {
    let mut records = two_plans();
    records[1].rounds.clear();
    assert_eq!(said(&records, "2018-01-31"), ["Lead: A1, A2"]);
    assert_eq!(
        said(&records, "2018-01-22"),
        ["Manager: 0 of 2 in, awaited from Lead (2)", "Officer of all: 0 of 2 in, awaited from Lead (2)"]
    );
}

/// Somebody chooses one mail a week.
fn weekly(records: &mut [Record], person: i64) {
    let weekly = Preference { frequency: Frequency::Weekly, ..Preference::default() };
    let preferences = Preferences { of: [(PersonId(person), weekly)].into(), ..Preferences::default() };
    let preferences = Arc::new(preferences);
    records.iter_mut().for_each(|record| record.preferences = Arc::clone(&preferences));
}

#[test]
fn a_weekly_mail_reminds_of_a_round_whose_reminder_would_come_later_in_its_week() {
    let mut records = two_plans();
    for record in &mut records {
        record.policy.monday_mail = false;
        (record.policy.round_first_working_days, record.policy.round_second_working_days) = (None, Some(1));
    }
    // Updates are due on Wednesday 7 February: the last working day before it is a Tuesday.
    assert_eq!(said(&records, "2018-02-05"), [""; 0]);
    assert_eq!(holds(&records, 2, Rule::Second, "2018-02-05"), None);
    weekly(&mut records, 2);
    assert_eq!(said(&records, "2018-01-29"), [""; 0], "not a week before");
    assert_eq!(said(&records, "2018-02-05"), ["Lead: A1, A2"]);
    assert_eq!(said(&records, "2018-02-06"), ["Other lead: A3"]);
    assert_eq!(said(&records, "2018-02-12"), [""; 0], "they were due");
    let both = Some(vec!["A1".to_owned(), "A2".to_owned()]);
    assert_eq!(holds(&records, 2, Rule::Second, "2018-02-05"), both);
    assert_eq!(holds(&records, 2, Rule::Second, "2018-02-08"), None);
    // Who was asked on the Monday itself is not reminded with the same day’s mail.
    let (calendar, mut ledger) = (Calendar::england(), Ledger::default());
    ledger.record_asked(PersonId(2), RoundId(1), day("2018-02-05"));
    let preferences = &records[0].preferences;
    let facts = Facts { records: &records, officers: &[], notices: &[], preferences, calendar: &calendar };
    let monday = schedule(&facts, &ledger, day("2018-02-05"), day("2018-02-05").pred_opt());
    assert!(monday.digests.is_empty(), "{:?}", monday.digests);
}

#[test]
fn whoever_chooses_one_mail_a_week_once_a_reminder_of_a_round_is_queued_still_gets_it() {
    let mut records = two_plans();
    weekly(&mut records, 2);
    // The second reminder would come on Tuesday the sixth.
    for rule in [Rule::First, Rule::Second] {
        assert!(holds(&records, 2, rule, "2018-02-05").is_some(), "{rule:?}");
    }
    assert_eq!(holds(&records, 2, Rule::First, "2018-02-06"), None);
}

#[test]
fn nobody_is_told_how_a_round_stands_that_asks_for_nothing() {
    let mut records = two_plans();
    records[0].actions.clear();
    let second = [
        "Officer of all: 0 of 1 in, awaited from Other lead (1)",
        "Officer of the other: 0 of 1 in, awaited from Other lead (1)",
        "Other manager: 0 of 1 in, awaited from Other lead (1)",
    ];
    assert_eq!(said(&records, "2018-01-22"), second);
    assert_eq!(holds(&records, 1, Rule::Progress, "2018-01-22"), None);
    assert!(holds(&records, 3, Rule::Progress, "2018-01-22").is_some());
}

/// What a cause still means: the labels that are asked for, or the plans.
fn holds(records: &[Record], person: i64, rule: Rule, on: &str) -> Option<Vec<String>> {
    let occurrence = match rule {
        Rule::Progress => week(day(on)),
        Rule::First | Rule::Second => day_number(day("2018-02-07")),
    };
    let cause = Cause { person: PersonId(person), round: RoundId(1), rule, occurrence };
    let officers = officers();
    let held = still_holds(records, &officers, &cause, day(on), &Calendar::england())?;
    Some(match held {
        Holds::Due(_, asked) => asked.actions.iter().map(|wanted| wanted.action.label.clone()).collect(),
        Holds::Progress(_, plans) => plans.iter().map(|record| record.plan.id.to_string()).collect(),
    })
}

#[test]
fn a_cause_holds_for_whoever_looks_after_any_of_the_plans() {
    let of = |person| holds(&two_plans(), person, Rule::Progress, "2018-01-22");
    assert_eq!(of(1), Some(vec!["1".to_owned()]));
    assert_eq!(of(3), Some(vec!["2".to_owned()]));
    assert_eq!(of(8), Some(vec!["1".to_owned(), "2".to_owned()]));
    assert_eq!(of(2), None, "a lead");
}

#[test]
fn what_is_put_off_is_not_asked_for_any_more_and_where_that_is_all_nothing_is() {
    let put_off = |actions: &[i64]| {
        let mut records = two_plans();
        let snoozes =
            actions.iter().map(|id| Snooze::of(PersonId(2), ActionId(*id), day("2018-01-31"), "Ill"));
        let preferences = Arc::new(Preferences { snoozes: snoozes.collect(), ..Preferences::default() });
        records.iter_mut().for_each(|record| record.preferences = Arc::clone(&preferences));
        (said(&records, "2018-01-31"), holds(&records, 2, Rule::First, "2018-01-31"))
    };
    assert_eq!(put_off(&[]).1, Some(vec!["A1".to_owned(), "A2".to_owned()]));
    let (said, held) = put_off(&[1]);
    assert_eq!((said[0].as_str(), held), ("Lead: A2", Some(vec!["A2".to_owned()])));
    let (said, held) = put_off(&[1, 2]);
    assert_eq!((said.as_slice(), held), (["Other lead: A3".to_owned()].as_slice(), None));
}
