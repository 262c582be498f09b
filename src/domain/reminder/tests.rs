//! Which stage a deadline has reached, and what a year of days brings, whatever happens in it.

use std::{collections::BTreeSet, sync::Arc};

use proptest::prelude::*;

use super::*;
use crate::domain::{
    action::Decider,
    deadline::Span,
    id::{HoldingId, PostId, RoundId},
    policy::Escalation,
    post::{Holding, Lead, Post},
    preference::{Away, Preference, StandIn},
    rating::Rating,
    round::RoundState,
    sample::{action, day, decided, record, revision, round, update, with_revisions},
    update::Update,
};

pub(super) fn england() -> Calendar {
    Calendar::england()
}

/// A record with its actions led by one post, which somebody holds; somebody else holds the manager's, and hears of nothing
/// by itself.
pub(super) fn led(actions: impl IntoIterator<Item = Action>) -> Record {
    let post = |id: i64, name: &str| Post {
        id: PostId(id),
        name: name.to_owned(),
        body: None,
        holdings: vec![Holding {
            id: HoldingId(id),
            person: Person {
                id: PersonId(id),
                name: name.to_owned(),
                email: format!("post-{id}@tracker.internal"),
                active: true,
            },
            from: day("2017-01-01"),
            to: None,
            acting: false,
        }],
    };
    let lead = Lead::Post { post: PostId(2), named: None };
    let mut record = record(actions.into_iter().map(|a| Action { leads: vec![lead.clone()], ..a }));
    record.plan.manager = PostId(1);
    (record.policy.escalation, record.policy.monday_mail) = (None, false);
    record.posts = vec![post(1, "Manager"), post(2, "Lead")].into();
    record
}

fn written(on: &str) -> Update {
    update(1, None, on, Rating::NotRecorded)
}

pub(super) fn facts<'a>(records: &'a [Record], calendar: &'a Calendar, none: &'a Preferences) -> Facts<'a> {
    Facts { records, officers: &[], notices: &[], preferences: none, calendar }
}

/// The digests between two days, as if nothing had been sent before.
pub(super) fn digests(records: &[Record], from: &str, to: &str) -> Vec<(NaiveDate, Digest)> {
    let (calendar, none) = (england(), Preferences::default());
    let preferences = records.first().map_or(&none, |record| &*record.preferences);
    let facts = facts(records, &calendar, preferences);
    let before = day(from).pred_opt();
    play(&facts, &mut Ledger::default(), day(from), day(to), before)
        .into_iter()
        .filter_map(|(day, mail)| match mail {
            Mail::Digest(digest) => Some((day, digest)),
            Mail::Escalation(_) => None,
        })
        .collect()
}

/// What one day brings, as if nothing had been sent before.
pub(super) fn on(records: &[Record], on: &str) -> Schedule {
    let (calendar, none) = (england(), Preferences::default());
    let preferences = records.first().map_or(&none, |record| &*record.preferences);
    schedule(&facts(records, &calendar, preferences), &Ledger::default(), day(on), day(on).pred_opt())
}

/// The days between two on which a mail goes out, each with its rules.
fn days(record: &Record, from: &str, to: &str) -> Vec<(String, Vec<Rule>)> {
    digests(std::slice::from_ref(record), from, to)
        .into_iter()
        .map(|(day, digest)| (day.to_string(), digest.items.iter().map(|i| i.cause.rule).collect()))
        .collect()
}

fn only(days: &[(String, Vec<Rule>)]) -> Vec<&str> {
    days.iter().map(|(day, _)| day.as_str()).collect()
}

#[test]
fn a_deadline_reaches_one_stage_after_the_other() {
    use Rule::*;
    for (latest, on, stage_then) in [
        // A Wednesday: 14 days before, 3 working days before, and on the day.
        ("2018-01-31", "2018-01-16", None),
        ("2018-01-31", "2018-01-17", Some(First)),
        ("2018-01-31", "2018-01-25", Some(First)),
        ("2018-01-31", "2018-01-26", Some(Second)),
        ("2018-01-31", "2018-01-30", Some(Second)),
        ("2018-01-31", "2018-01-31", Some(Today)),
        ("2018-01-31", "2018-02-01", Some(Overdue)),
        // A Saturday after Good Friday: 14 days before is a Saturday too, the others aim at Thursday 29 March.
        ("2018-03-31", "2018-03-18", None),
        ("2018-03-31", "2018-03-19", Some(First)),
        ("2018-03-31", "2018-03-26", Some(Second)),
        ("2018-03-31", "2018-03-29", Some(Today)),
        ("2018-03-31", "2018-04-03", Some(Overdue)),
        // 14 days before falls on Christmas Day: the next working day is the 27th.
        ("2018-01-08", "2017-12-26", None),
        ("2018-01-08", "2017-12-27", Some(First)),
        // 29 February and the turn of a year.
        ("2020-02-29", "2020-02-28", Some(Today)),
        ("2020-02-29", "2020-03-02", Some(Overdue)),
        ("2018-12-31", "2019-01-02", Some(Overdue)),
    ] {
        assert_eq!(
            stage(&Policy::default(), day(latest), day(on), &england()),
            stage_then,
            "{latest} on {on}"
        );
    }
}

#[test]
fn one_deadline_brings_three_reminders_and_five_overdue_mails() {
    use Rule::*;
    let record = led([action(1, Some("2018-01-31"))]);
    let mails = days(&record, "2018-01-01", "2018-12-31");
    let expected = [
        ("2018-01-17", First),
        ("2018-01-26", Second),
        ("2018-01-31", Today),
        ("2018-02-01", Overdue),
        ("2018-02-08", Overdue),
        ("2018-02-15", Overdue),
        ("2018-02-22", Overdue),
        ("2018-03-01", Overdue),
    ];
    let expected: Vec<_> = expected.map(|(day, rule)| (day.to_owned(), vec![rule])).into();
    assert_eq!(mails, expected);
}

#[test]
fn an_action_that_was_overdue_at_birth_is_mailed_at_once() {
    let record = led([action(1, Some("2017-07-31"))]);
    assert_eq!(only(&days(&record, "2017-09-05", "2017-09-12")), ["2017-09-05", "2017-09-12"]);
}

#[test]
fn an_update_quiets_only_if_its_day_is_recorded_and_lies_after_the_deadline() {
    let with = |update: Update| led([Action { updates: vec![update], ..action(1, Some("2018-01-31")) }]);
    let first_overdue = |record: &Record| {
        days(record, "2018-02-01", "2018-04-30").first().map(|(day, _)| day.clone()).unwrap_or_default()
    };
    assert_eq!(first_overdue(&with(written("2018-02-01"))), "2018-03-02", "the 28th day is quiet too");
    assert_eq!(first_overdue(&with(written("2018-01-31"))), "2018-02-01", "written on the day itself");
    let unknown = Update { written_on: None, ..written("2018-02-01") };
    assert_eq!(first_overdue(&with(unknown)), "2018-02-01", "the day written is not known");
}

#[test]
fn the_quiet_ends_when_the_next_round_opens() {
    let mut record = led([Action { updates: vec![written("2018-02-01")], ..action(1, Some("2018-01-31")) }]);
    record.rounds = vec![round(1, "Feb 2018", "2018-02-12", RoundState::Open)];
    assert_eq!(record.rounds[0].id, RoundId(1));
    assert_eq!(only(&days(&record, "2018-02-01", "2018-02-16")), ["2018-02-12"]);
}

#[test]
fn a_later_date_asked_for_quiets_the_overdue_mail_but_not_the_reminders_before_it() {
    let asked = revision(7, Some("2018-03-31"), "2018-01-02");
    let record = led([with_revisions(action(1, Some("2018-01-31")), [asked.clone()])]);
    assert_eq!(only(&days(&record, "2018-01-01", "2018-04-30")), ["2018-01-17", "2018-01-26", "2018-01-31"]);
    let earlier = revision(7, Some("2018-01-15"), "2018-01-02");
    let record = led([with_revisions(action(1, Some("2018-01-31")), [earlier])]);
    assert!(
        only(&days(&record, "2018-01-01", "2018-02-01")).contains(&"2018-02-01"),
        "an earlier date quiets nothing"
    );
    let refused = decided(asked, false, "2018-02-05", Decider::Panel);
    let record = led([with_revisions(action(1, Some("2018-01-31")), [refused])]);
    assert_eq!(only(&days(&record, "2018-02-01", "2018-02-12")), ["2018-02-05", "2018-02-12"]);
}

#[test]
fn the_end_of_monitoring_stops_all_mail() {
    let mut record = led([action(1, Some("2018-01-31"))]);
    record.plan.monitoring_ended_on = Some(day("2018-02-02"));
    assert_eq!(only(&days(&record, "2018-02-01", "2018-04-30")), ["2018-02-01"]);
}

#[test]
fn nobody_to_reach_means_the_manager_with_the_reason_and_no_manager_means_a_line_in_the_list() {
    let mut record = led([action(1, Some("2018-01-31"))]);
    Arc::make_mut(&mut record.posts)[1].holdings.clear();
    let schedule = on(std::slice::from_ref(&record), "2018-01-31");
    assert_eq!(schedule.digests[0].person.id, PersonId(1));
    assert_eq!(
        schedule.digests[0].items[0].instead_of.as_deref(),
        Some("nobody holds Lead, so the plan’s manager is asked")
    );
    Arc::make_mut(&mut record.posts)[0].holdings.clear();
    let schedule = on(&[record], "2018-01-31");
    assert!(schedule.digests.is_empty());
    assert!(schedule.none[0].why.contains("no manager to ask"), "{:?}", schedule.none);
}

#[test]
fn every_open_action_is_either_mailed_or_in_the_list_of_those_that_are_not() {
    let record = led([action(1, Some("2018-01-31")), action(2, None), action(3, Some("2019-01-31"))]);
    for then in ["2018-01-31", "2018-01-30", "2018-02-03", "2018-02-05"] {
        let schedule = on(std::slice::from_ref(&record), then);
        let mailed = schedule.digests.iter().flat_map(|d| &d.items).map(|i| i.label.clone());
        let named: BTreeSet<String> = mailed.chain(schedule.none.iter().map(|n| n.label.clone())).collect();
        assert_eq!(named.into_iter().collect::<Vec<_>>(), ["A1", "A2", "A3"], "on {then}");
    }
}

/// A year's mail is to hold whatever these are.
#[derive(Clone, Debug)]
struct Chance {
    /// Of each action, days from the first day on.
    deadlines: Vec<u64>,
    /// Days on which nothing ran.
    missed: BTreeSet<u64>,
    /// Days whose mail did not go out.
    lost: BTreeSet<u64>,
    /// From this day on somebody else manages the plan.
    handed_over: u64,
    /// The first day on which the first manager is away, for three weeks, with the second as deputy.
    away: u64,
    /// The lead's choices.
    lead: Preference,
}

impl Chance {
    fn any() -> impl Strategy<Value = Self> {
        let days = || proptest::collection::btree_set(0_u64..200, 0..120);
        let some = proptest::collection::btree_set(0_u64..200, 0..20);
        let frequency = prop_oneof![Just(Frequency::Normal), Just(Frequency::Weekly)];
        let deadlines = proptest::collection::vec(0_u64..120, 1..6);
        (deadlines, days(), some, 0_u64..250, 0_u64..250, frequency, any::<bool>()).prop_map(
            |(deadlines, missed, lost, handed_over, away, frequency, term_time_only)| Self {
                deadlines,
                missed,
                lost,
                handed_over,
                away,
                lead: Preference { frequency, term_time_only, ..Preference::default() },
            },
        )
    }

    /// A plan that escalates, whose manager changes.
    fn record(&self, start: NaiveDate) -> Record {
        let at = |offset: u64| start + Days::new(offset);
        let deadlines = self.deadlines.iter().map(|offset| at(*offset).to_string());
        let mut record = led((1..).zip(deadlines).map(|(id, on)| action(id, Some(&on))));
        record.policy.escalation = Some(Escalation::default());
        let successor = Person { id: PersonId(3), ..record.posts[1].holdings[0].person.clone() };
        let manages = &mut Arc::make_mut(&mut record.posts)[0].holdings;
        manages[0].to = at(self.handed_over).pred_opt();
        manages.push(Holding {
            id: HoldingId(3),
            person: successor.clone(),
            from: at(self.handed_over),
            to: None,
            acting: false,
        });
        let away =
            Away { from: at(self.away), until: at(self.away + 20), stand_in: StandIn::Deputy(successor) };
        let manager = Preference { away: vec![away], ..Preference::default() };
        let of = [(PersonId(1), manager), (PersonId(2), self.lead.clone())].into();
        record.preferences = Preferences { of, ..Preferences::default() }.into();
        record
    }
}

/// Middlesbrough's terms of 2017–18.
pub(super) fn in_terms() -> Calendar {
    let terms = [("2017-10-30", "2017-12-22"), ("2018-01-08", "2018-02-09"), ("2018-02-19", "2018-03-23")];
    england().with_terms(terms.map(|(from, to)| Span::new(day(from), day(to)).unwrap()))
}

proptest! {
    /// Whatever the deadlines are, whichever days the worker misses, whosever mail is lost, and whoever manages the plan: no
    /// cause twice, no mail on a closed day, none that is empty, one a day and person, and never more than five overdue mails
    /// about one thing.
    #[test]
    fn no_cause_is_ever_sent_twice(chance in Chance::any()) {
        let start = day("2017-12-01");
        let records = [chance.record(start)];
        let mut ledger = Ledger::default();
        let mut seen = BTreeSet::new();
        let calendar = in_terms();
        let facts = facts(&records, &calendar, &records[0].preferences);
        let mut before = None;
        for offset in (0..200).filter(|o| !chance.missed.contains(o)) {
            let today = start + Days::new(offset);
            let schedule = super::schedule(&facts, &ledger, today, before);
            let is_lost = |person: PersonId| chance.lost.contains(&offset) && person != PersonId(1);
            let mut told = BTreeSet::new();
            for escalation in schedule.escalations {
                let reader = escalation.to.id;
                for Item { cause, .. } in escalation.items {
                    prop_assert!(told.insert(cause.key()), "{} twice on {}", cause.key(), today);
                    if is_lost(reader) {
                        continue;
                    }
                    prop_assert!(seen.insert(cause.key()), "{} again on {}", cause.key(), today);
                    ledger.record(&cause, today);
                }
            }
            let mut mailed = BTreeSet::new();
            for digest in schedule.digests {
                let reader = digest.person.id;
                prop_assert!(calendar.is_working_day(today));
                prop_assert!(mailed.insert(reader));
                prop_assert!(!digest.items.is_empty() || !digest.escalated.is_empty());
                for Item { cause, latest, .. } in digest.items.iter().chain(&digest.escalated) {
                    prop_assert_eq!(cause.person, reader);
                    if cause.rule != Rule::Listed {
                        prop_assert!(cause.occurrence <= 5);
                        prop_assert_eq!(cause.rule == Rule::Overdue, today > *latest);
                    }
                }
                if is_lost(reader) {
                    ledger.record_missed(reader, today);
                    continue;
                }
                ledger.record_digest(reader, today);
                for Item { cause, .. } in digest.items.into_iter().chain(digest.escalated) {
                    prop_assert!(seen.insert(cause.key()), "{} again on {}", cause.key(), today);
                    ledger.record(&cause, today);
                }
            }
            if !chance.lost.contains(&offset) {
                // The same day again: a second run, or a second machine.
                let again = super::schedule(&facts, &ledger, today, before);
                prop_assert!(again.digests.is_empty() && again.escalations.is_empty());
            }
            before = Some(today);
        }
    }
}
