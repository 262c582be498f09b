//! What people choose, what rounds bring, and who hears of what stays overdue.

use std::sync::Arc;

use super::{
    tests::{digests, england, facts, in_terms, led, on},
    *,
};
use crate::domain::{
    action::Action,
    id::{HoldingId, NoticeId, PlanId, PostId, QuestionId, UpdateId},
    policy::Escalation as Policed,
    post::{Holding, Lead, Post},
    preference::{Away, Frequency, Preference, Snooze, StandIn},
    rating::Rating,
    round::RoundState,
    sample::{action, day, round, update},
    update::Update,
};

const LEAD: PersonId = PersonId(2);
const MANAGER: PersonId = PersonId(1);

fn person(id: i64) -> Person {
    let email = format!("post-{id}@tracker.internal");
    Person { id: PersonId(id), name: format!("Person {id}"), email, active: true }
}

fn with(record: Record, choose: impl FnOnce(&mut Preferences)) -> Record {
    let mut preferences = (*record.preferences).clone();
    choose(&mut preferences);
    Record { preferences: Arc::new(preferences), ..record }
}

fn choosing(record: Record, who: PersonId, preference: Preference) -> Record {
    with(record, |all| {
        all.of.insert(who, preference);
    })
}

fn away(until: &str, stand_in: StandIn) -> Preference {
    let away = Away { from: day("2018-01-01"), until: day(until), stand_in };
    Preference { away: vec![away], ..Preference::default() }
}

/// With somebody who covers a post beside its holder, as a deputy does: see `command::preference`.
fn covered(record: Record, post: PostId, by: i64, until: &str) -> Record {
    let mut record = record;
    let posts = Arc::make_mut(&mut record.posts);
    let post = posts.iter_mut().find(|one| one.id == post).unwrap();
    post.holdings.push(Holding {
        id: HoldingId(by * 100),
        person: person(by),
        from: day("2018-01-01"),
        to: Some(day(until)),
        acting: true,
    });
    record
}

fn days_of(record: &Record, who: PersonId, from: &str, to: &str) -> Vec<String> {
    let all = digests(std::slice::from_ref(record), from, to);
    all.into_iter().filter(|(_, d)| d.person.id == who).map(|(day, _)| day.to_string()).collect()
}

fn why_not(record: &Record, then: &str) -> String {
    let none = on(std::slice::from_ref(record), then).none;
    none.into_iter().map(|n| n.why).collect::<Vec<_>>().join("; ")
}

#[test]
fn weekly_only_brings_everything_on_the_first_working_day_of_the_week() {
    let weekly = Preference { frequency: Frequency::Weekly, ..Preference::default() };
    let record = choosing(led([action(1, Some("2018-03-14"))]), LEAD, weekly);
    // 14 days before is Wednesday 28 February: it goes on that week's Monday. Easter Monday, 2 April, makes it a Tuesday.
    assert_eq!(
        days_of(&record, LEAD, "2018-02-20", "2018-04-10"),
        ["2018-02-26", "2018-03-05", "2018-03-12", "2018-03-19", "2018-03-26", "2018-04-03", "2018-04-09"]
    );
    assert_eq!(why_not(&record, "2018-02-28"), "has chosen one mail a week: the next on Monday 5 March 2018");
}

#[test]
fn the_first_reminder_to_whoever_gets_one_mail_a_week_is_said_for_the_day_of_that_mail() {
    let choice =
        |term_time_only| Preference { frequency: Frequency::Weekly, term_time_only, ..Preference::default() };
    let why = |latest: &str, term_time_only: bool, then: &str| {
        let record = choosing(led([action(1, Some(latest))]), LEAD, choice(term_time_only));
        let (calendar, records) = (in_terms(), std::slice::from_ref(&record));
        let facts = facts(records, &calendar, &record.preferences);
        schedule(&facts, &Ledger::default(), day(then), day(then).pred_opt()).none.remove(0).why
    };
    // 14 days before is a Wednesday: its week’s mail goes on the Monday.
    assert_eq!(why("2018-03-14", false, "2018-02-20"), "22 days to go; first reminder on 26 February 2018");
    assert_eq!(why("2018-03-14", false, "2018-02-19"), "23 days to go; first reminder on 26 February 2018");
    // After Easter Monday, and where a school is closed on 14 February: on its second day.
    assert_eq!(why("2018-04-18", false, "2018-03-29"), "20 days to go; first reminder on 3 April 2018");
    assert_eq!(why("2018-02-28", true, "2018-02-05"), "23 days to go; first reminder on 20 February 2018");
    // To everybody else on the day itself.
    assert_eq!(
        why_not(&led([action(1, Some("2018-03-14"))]), "2018-02-20"),
        "22 days to go; first reminder on 28 February 2018"
    );
}

#[test]
fn whoever_chooses_one_mail_a_week_once_a_line_is_queued_still_gets_the_line() {
    // Thursday 1 February: the third working day before it is the Monday.
    let record = led([action(1, Some("2018-02-01"))]);
    let queued = on(std::slice::from_ref(&record), "2018-01-29").digests.remove(0).items.remove(0).cause;
    assert_eq!(queued.rule, Rule::Second);
    let holds = |record: &Record, rule: Rule, on: &str| {
        let cause = Cause { rule, ..queued.clone() };
        still_holds(std::slice::from_ref(record), &cause, day(on), &england())
    };
    let weekly = Preference { frequency: Frequency::Weekly, ..Preference::default() };
    let chosen = choosing(record.clone(), LEAD, weekly);
    assert!(holds(&chosen, Rule::Second, "2018-01-29"), "what has been reached today");
    assert!(holds(&chosen, Rule::Today, "2018-01-29"), "and what will be in the week");
    assert!(!holds(&chosen, Rule::First, "2018-01-29"), "but not what is over");
    assert!(!holds(&record, Rule::Today, "2018-01-29"));
    assert!(!holds(&chosen, Rule::Second, "2018-02-02"));
}

#[test]
fn a_weekly_mail_asks_for_what_falls_due_in_its_week() {
    let weekly = Preference { frequency: Frequency::Weekly, ..Preference::default() };
    let said = |record: &Record| -> Vec<String> {
        let mails = digests(std::slice::from_ref(record), "2018-01-08", "2018-02-05");
        mails.iter().map(|(day, digest)| format!("{day} {}", digest.items[0].reason)).collect()
    };
    // Friday 2 February: the third working day before it is the Tuesday.
    let mut record = choosing(led([action(1, Some("2018-02-02"))]), LEAD, weekly);
    let last = "2018-02-05 overdue by 3 days";
    assert_eq!(said(&record), ["2018-01-15 due in 18 days", "2018-01-29 due in 4 working days", last]);
    // And where there is no other reminder than that one.
    (record.policy.first_days, record.policy.on_the_day) = (None, false);
    assert_eq!(said(&record), ["2018-01-29 due in 4 working days", last]);
    // The cause holds when the message is written.
    let records = [record];
    let mail = on(&records, "2018-01-29").digests.remove(0);
    let holds = |on: &str| still_holds(&records, &mail.items[0].cause, day(on), &england());
    assert!(holds("2018-01-29") && !holds("2018-02-05"));
}

/// The days between two on which somebody gets a mail where theirs of some days does not go out, and on others one of an earlier
/// day goes instead.
fn days_but(
    record: &Record,
    who: PersonId,
    calendar: &Calendar,
    between: [&str; 2],
    lost: &[&str],
    late: &[&str],
) -> Vec<String> {
    let facts = facts(std::slice::from_ref(record), calendar, &record.preferences);
    let [from, to] = between.map(day);
    let mut ledger = Ledger::default();
    let mut days = Vec::new();
    let mut before = from.pred_opt();
    let all = from.iter_days().take_while(|day| *day <= to);
    for today in all.filter(|day| calendar.is_working_day(*day)) {
        let is = |some: &[&str]| some.iter().any(|on| day(on) == today);
        if is(late) {
            ledger.record_digest(who, today);
            ledger.record_missed(who, today);
        }
        for digest in schedule(&facts, &ledger, today, before).digests {
            if digest.person.id == who && is(lost) {
                ledger.record_missed(who, today);
                continue;
            }
            ledger.record_all(&digest, today);
            if digest.person.id == who {
                days.push(today.to_string());
            }
        }
        before = Some(today);
    }
    days
}

#[test]
fn a_weekly_mail_that_could_not_go_on_its_day_goes_on_the_next_on_which_it_can() {
    let weekly = Preference { frequency: Frequency::Weekly, ..Preference::default() };
    let record = choosing(led([action(1, Some("2018-03-14"))]), LEAD, weekly);
    let days = |lost: &[&str], late: &[&str]| {
        days_but(&record, LEAD, &england(), ["2018-03-05", "2018-03-23"], lost, late)
    };
    assert_eq!(days(&[], &[]), ["2018-03-05", "2018-03-12", "2018-03-19"]);
    assert_eq!(days(&["2018-03-05"], &[]), ["2018-03-06", "2018-03-12", "2018-03-19"]);
    assert_eq!(days(&["2018-03-05", "2018-03-06"], &[]), ["2018-03-07", "2018-03-12", "2018-03-19"]);
    assert_eq!(days(&[], &["2018-03-12"]), ["2018-03-05", "2018-03-13", "2018-03-19"]);
}

#[test]
fn what_a_manager_is_told_once_a_week_comes_later_in_it_where_it_could_not_go_and_once() {
    let record = escalating(led([action(1, Some("2018-01-31"))]), None);
    let days =
        |lost: &[&str]| days_but(&record, MANAGER, &england(), ["2018-02-12", "2018-02-23"], lost, &[]);
    assert_eq!(days(&[]), ["2018-02-12", "2018-02-19"]);
    assert_eq!(days(&["2018-02-12"]), ["2018-02-13", "2018-02-19"]);
}

#[test]
fn one_mail_a_week_in_term_time_only_comes_on_the_second_school_day() {
    let both = Preference { frequency: Frequency::Weekly, term_time_only: true, ..Preference::default() };
    let record = choosing(led([action(1, Some("2018-02-01"))]), LEAD, both);
    // School ends on Friday 9 February and begins again on Monday the 19th.
    let days = days_but(&record, LEAD, &in_terms(), ["2018-01-29", "2018-03-02"], &[], &[]);
    assert_eq!(days, ["2018-01-29", "2018-02-05", "2018-02-20", "2018-02-26"]);
    let why = |then: &str| {
        let (calendar, records) = (in_terms(), std::slice::from_ref(&record));
        let facts = facts(records, &calendar, &record.preferences);
        schedule(&facts, &Ledger::default(), day(then), day(then).pred_opt()).none.remove(0).why
    };
    assert_eq!(why("2018-02-19"), "term time only: held back until the second school day");
    assert_eq!(why("2018-02-08"), "has chosen one mail a week: the next on Tuesday 20 February 2018");
}

#[test]
fn a_weekly_mail_that_was_missed_on_its_day_goes_on_the_next_and_once() {
    let weekly = Preference { frequency: Frequency::Weekly, ..Preference::default() };
    let records = [choosing(led([action(1, Some("2018-03-14"))]), LEAD, weekly)];
    let (calendar, mut ledger) = (england(), Ledger::default());
    let facts = facts(&records, &calendar, &records[0].preferences);
    let wednesday = schedule(&facts, &ledger, day("2018-03-07"), Some(day("2018-03-01")));
    assert_eq!(wednesday.digests.len(), 1, "nobody was there on Monday and Tuesday");
    ledger.record_all(&wednesday.digests[0], day("2018-03-07"));
    assert!(schedule(&facts, &ledger, day("2018-03-08"), Some(day("2018-03-07"))).digests.is_empty());
    assert_eq!(schedule(&facts, &ledger, day("2018-03-12"), Some(day("2018-03-09"))).digests.len(), 1);
}

#[test]
fn off_brings_nothing_and_says_so() {
    let off = Preference { frequency: Frequency::Off, ..Preference::default() };
    let record = choosing(led([action(1, Some("2018-01-31"))]), LEAD, off);
    assert_eq!(days_of(&record, LEAD, "2018-01-01", "2018-12-31"), [""; 0]);
    assert_eq!(why_not(&record, "2018-01-31"), "has chosen no reminders");
    assert_eq!(why_not(&record, "2018-01-02"), "29 days to go; has chosen no reminders");
}

#[test]
fn three_mails_a_week_are_enough_and_the_rest_comes_in_the_next_overdue_first() {
    // One becomes overdue on each day of a week.
    let deadlines = ["2018-01-28", "2018-01-29", "2018-01-30", "2018-01-31", "2018-02-01"];
    let record = led((1..).zip(deadlines).map(|(id, on)| action(id, Some(on))));
    let mails = digests(std::slice::from_ref(&record), "2018-01-29", "2018-02-05");
    let days: Vec<String> = mails.iter().map(|(day, _)| day.to_string()).collect();
    assert_eq!(days, ["2018-01-29", "2018-01-30", "2018-01-31", "2018-02-05"]);
    let last: Vec<&str> = mails[3].1.items.iter().map(|i| i.label.as_str()).collect();
    assert!(last.contains(&"A4") && last.contains(&"A5"), "{last:?}");
    assert!(mails[3].1.items.iter().all(|i| i.cause.rule == Rule::Overdue));
}

#[test]
fn an_action_that_is_put_off_is_left_out_until_then_and_the_reason_is_said() {
    let record = with(led([action(1, Some("2018-01-31")), action(2, Some("2018-01-31"))]), |all| {
        all.snoozes.push(Snooze {
            person: LEAD,
            action: ActionId(1),
            from: day("2018-02-01"),
            until: day("2018-02-07"),
            reason: "The report comes next week".to_owned(),
        });
    });
    let mails = digests(std::slice::from_ref(&record), "2018-02-01", "2018-02-09");
    let said: Vec<String> = mails
        .iter()
        .map(|(day, d)| format!("{day} {}", d.items.iter().map(|i| &*i.label).collect::<Vec<_>>().join(" ")))
        .collect();
    assert_eq!(said, ["2018-02-01 A2", "2018-02-08 A1 A2"]);
    assert!(
        why_not(&record, "2018-02-01").contains("put off until 7 February 2018: The report comes next week")
    );
}

#[test]
fn what_the_lead_has_put_off_is_put_off_for_whoever_is_asked_instead() {
    for stand_in in [StandIn::Deputy(person(9)), StandIn::Manager] {
        let covers = matches!(stand_in, StandIn::Deputy(_));
        let mut record = choosing(led([action(1, Some("2018-01-31"))]), LEAD, away("2018-02-05", stand_in));
        if covers {
            record = covered(record, PostId(2), 9, "2018-02-05");
        }
        let reason = "The report comes next week";
        let record = with(record, |all| {
            all.snoozes.push(Snooze::of(LEAD, ActionId(1), day("2018-01-29"), reason));
        });
        let mails = digests(std::slice::from_ref(&record), "2018-01-29", "2018-02-09");
        let said: Vec<String> =
            mails.iter().map(|(day, digest)| format!("{day} {}", digest.items[0].reason)).collect();
        assert_eq!(said, ["2018-02-05 overdue by 5 days", "2018-02-06 overdue by 6 days"]);
        let why = why_not(&record, "2018-01-31");
        assert!(why.contains("put off until 4 February 2018: The report comes next week"), "{why}");
        // Of two who lead it, the other is still asked.
        let mut joint = record;
        joint.actions[0].leads.push(Lead::Person(person(7)));
        let mails = digests(std::slice::from_ref(&joint), "2018-01-29", "2018-02-04");
        assert!(!mails.is_empty() && mails.iter().all(|(_, digest)| digest.person.id == PersonId(7)));
    }
}

#[test]
fn whoever_is_away_has_their_deputy_asked_then_the_contributors_then_the_manager() {
    let to = |preference: Preference, contributor: Option<i64>| {
        let spell = preference.away[0].clone();
        let mut record = choosing(led([action(1, Some("2018-01-31"))]), LEAD, preference);
        record.actions[0].contributors = contributor.map(PersonId).into_iter().collect();
        if let StandIn::Deputy(deputy) = spell.stand_in {
            record = covered(record, PostId(2), deputy.id.0, &spell.until.to_string());
        }
        let record = with(record, |all| {
            all.people.insert(PersonId(8), person(8));
        });
        let digest = on(std::slice::from_ref(&record), "2018-01-31").digests.remove(0);
        (digest.person.id.0, digest.items[0].instead_of.clone().unwrap_or_default())
    };
    let deputy = || StandIn::Deputy(person(9));
    assert_eq!(
        to(away("2018-02-05", deputy()), None),
        (9, "Lead is away until 5 February 2018, so their deputy is asked".to_owned())
    );
    let contributors = (8, "Lead is away until 5 February 2018, so the contributors are asked".to_owned());
    assert_eq!(to(away("2018-02-05", StandIn::Contributors), Some(8)), contributors);
    let manager = (1, "Lead is away until 5 February 2018, so the plan’s manager is asked".to_owned());
    assert_eq!(to(away("2018-02-05", StandIn::Contributors), None), manager);
    assert_eq!(to(away("2018-02-05", StandIn::Manager), None), manager);
    assert_eq!(to(away("2018-01-30", deputy()), None), (2, String::new()), "back on the day after");
}

#[test]
fn a_deputy_who_is_away_has_no_deputy_for_the_post_and_the_manager_is_asked() {
    let record =
        choosing(led([action(1, Some("2018-01-31"))]), LEAD, away("2018-02-05", StandIn::Deputy(person(9))));
    let record = covered(record, PostId(2), 9, "2018-02-05");
    let record = choosing(record, PersonId(9), away("2018-02-01", StandIn::Deputy(person(8))));
    let digest = on(&[record], "2018-01-31").digests.remove(0);
    assert_eq!(digest.person.id, MANAGER);
    let why = "Lead is away until 5 February 2018, so the plan’s manager is asked";
    assert_eq!(digest.items[0].instead_of.as_deref(), Some(why));
}

#[test]
fn a_deputy_who_could_not_write_on_the_action_is_not_asked() {
    let to = |contributors: Vec<PersonId>| {
        let mut record = led([action(1, Some("2018-01-31"))]);
        record.actions[0].leads = vec![Lead::Person(person(7))];
        record.actions[0].contributors = contributors;
        let record = choosing(record, PersonId(7), away("2018-02-05", StandIn::Deputy(person(9))));
        on(&[record], "2018-01-31").digests.remove(0).person.id
    };
    assert_eq!(to(vec![]), MANAGER, "named in person: there is no post to cover");
    assert_eq!(to(vec![PersonId(9)]), PersonId(9));
}

#[test]
fn whoever_covers_for_the_manager_stands_in() {
    let record = choosing(led([]), MANAGER, away("2018-02-05", StandIn::Deputy(person(9))));
    let record = covered(record, PostId(1), 9, "2018-02-05");
    let managers = to::managers(&record, day("2018-01-31"));
    assert_eq!(managers.iter().map(|to| to.person.id).collect::<Vec<_>>(), [PersonId(9)]);
    assert!(managers[0].stands_in);
    let why = "Manager is away until 5 February 2018, so their deputy is asked";
    assert_eq!(managers[0].instead_of.as_deref(), Some(why));
}

#[test]
fn an_officer_who_is_away_is_not_told_and_their_deputy_is() {
    let officers = [response::Officer { person: person(5), plan: None }];
    let to = |preference: Preference| -> Vec<(i64, bool)> {
        let record = choosing(led([]), PersonId(5), preference);
        let people = response::recipients(&record, &officers, day("2018-01-31"));
        people.iter().map(|to| (to.person.id.0, to.stands_in)).collect()
    };
    assert_eq!(to(Preference::default()), [(1, false), (5, false)]);
    assert_eq!(to(away("2018-02-05", StandIn::Deputy(person(9)))), [(1, false), (9, true)]);
    assert_eq!(to(away("2018-02-05", StandIn::Manager)), [(1, false)]);
}

#[test]
fn an_update_that_was_returned_goes_to_who_is_asked_where_its_author_can_not_be() {
    let heirs = |preference: Preference| -> Option<Vec<i64>> {
        let record = choosing(led([action(1, Some("2018-01-31"))]), LEAD, preference);
        let notice = notice::Notice {
            id: NoticeId(1),
            kind: notice::Kind::Returned,
            about: notice::About::Returned(UpdateId(1)),
            person: record.posts[1].holdings[0].person.clone(),
            action: ActionId(1),
            plan: PlanId(1),
            sentence: "It was returned.".to_owned(),
            lines: Vec::new(),
            on: day("2018-01-30"),
        };
        let heirs = notice::heirs(&record, &notice, day("2018-01-31"))?;
        Some(heirs.iter().map(|person| person.id.0).collect())
    };
    assert_eq!(heirs(Preference::default()), None);
    assert_eq!(heirs(away("2018-02-05", StandIn::Manager)), Some(vec![1]));
    let refused = Preference { refused_on: Some(day("2018-01-30")), ..Preference::default() };
    assert_eq!(heirs(refused), Some(vec![1]));
}

#[test]
fn word_of_a_new_action_goes_to_whoever_stands_in_and_where_that_is_the_manager_it_waits() {
    let record = |stand_in: StandIn| {
        choosing(led([action(1, Some("2018-03-31"))]), LEAD, away("2018-02-05", stand_in))
    };
    let of_deputy = covered(record(StandIn::Deputy(person(9))), PostId(2), 9, "2018-02-05");
    let of_manager = [record(StandIn::Manager)];
    let assigned = |from: &str| notice::Notice {
        id: NoticeId(1),
        kind: notice::Kind::Assigned,
        about: notice::About::Assigned(day(from)),
        person: of_manager[0].posts[1].holdings[0].person.clone(),
        action: ActionId(1),
        plan: PlanId(1),
        sentence: "It is yours.".to_owned(),
        lines: Vec::new(),
        on: day("2018-01-30"),
    };
    let heirs = |record: &Record, from: &str| -> Option<Vec<i64>> {
        let heirs = notice::heirs(record, &assigned(from), day("2018-01-31"))?;
        Some(heirs.iter().map(|person| person.id.0).collect())
    };
    assert_eq!(heirs(&of_deputy, "2018-01-31"), Some(vec![9]));
    assert_eq!(heirs(&of_deputy, "2018-02-01"), None, "it is not theirs yet");
    assert_eq!(heirs(&of_manager[0], "2018-01-31"), None);
    let notices = [assigned("2018-01-31")];
    assert_eq!(notice::overtaken(&of_manager[0], &notices[0], day("2018-01-31")), None);
    let calendar = england();
    let facts = Facts { notices: &notices, ..facts(&of_manager, &calendar, &of_manager[0].preferences) };
    let today = schedule(&facts, &Ledger::default(), day("2018-01-31"), Some(day("2018-01-30")));
    let none = today.none.iter().find(|none| none.label == "New action: A1").unwrap();
    assert_eq!(none.why, "away until 5 February 2018: told on the first working day after");
    let mails =
        play(&facts, &mut Ledger::default(), day("2018-01-31"), day("2018-02-09"), Some(day("2018-01-30")));
    let said: Vec<String> =
        mails.iter().map(|(day, mail)| format!("{day} {}", mail.addressed_as())).collect();
    assert_eq!(said, ["2018-02-06 Lead"]);
}

#[test]
fn nothing_is_queued_for_an_address_that_is_refused() {
    let refused = || Preference { refused_on: Some(day("2018-01-30")), ..Preference::default() };
    let record = choosing(led([action(1, Some("2019-01-31"))]), LEAD, refused());
    let records = [choosing(record, MANAGER, refused())];
    let notices = [notice::Notice {
        id: NoticeId(1),
        kind: notice::Kind::Refused,
        about: notice::About::Refused(day("2018-01-30")),
        person: records[0].posts[0].holdings[0].person.clone(),
        action: ActionId(1),
        plan: PlanId(1),
        sentence: "An address is refused.".to_owned(),
        lines: Vec::new(),
        on: day("2018-01-30"),
    }];
    let calendar = england();
    let facts = Facts { notices: &notices, ..facts(&records, &calendar, &records[0].preferences) };
    let today = schedule(&facts, &Ledger::default(), day("2018-01-31"), Some(day("2018-01-30")));
    assert!(today.digests.is_empty());
    assert!(today.none.iter().any(|none| none.why == "no address in use"), "{:?}", today.none);
}

#[test]
fn an_address_that_was_refused_is_not_used_again_and_the_manager_is_asked() {
    let refused = Preference { refused_on: Some(day("2018-01-17")), ..Preference::default() };
    let record = choosing(led([action(1, Some("2018-01-31"))]), LEAD, refused);
    let digest = on(&[record], "2018-01-31").digests.remove(0);
    assert_eq!(digest.person.id, MANAGER);
    assert_eq!(
        digest.items[0].instead_of.as_deref(),
        Some(
            "the mail server refused the address of Lead on 17 January 2018, so the plan’s manager is asked"
        )
    );
}

fn escalating(record: Record, director: Option<PostId>) -> Record {
    let mut record = record;
    record.policy.escalation = Some(Policed { director, ..Policed::default() });
    record
}

/// All mails between two days: the day, to whom, and what.
fn all_mails(record: &Record, from: &str, to: &str) -> Vec<String> {
    let calendar = england();
    let facts = facts(std::slice::from_ref(record), &calendar, &record.preferences);
    let mails = play(&facts, &mut Ledger::default(), day(from), day(to), day(from).pred_opt());
    mails
        .iter()
        .map(|(day, mail)| format!("{day} {}: {}", mail.addressed_as(), mail.lines().join("; ")))
        .collect()
}

#[test]
fn five_working_days_overdue_stand_in_the_managers_weekly_mail_and_ten_bring_one_of_their_own() {
    let record = escalating(led([action(1, Some("2018-01-31"))]), None);
    assert_eq!(
        all_mails(&record, "2018-02-01", "2018-02-20"),
        [
            "2018-02-01 Lead: A1 overdue by 1 day",
            "2018-02-08 Lead: A1 overdue by 8 days",
            // The fifth working day after the deadline was Wednesday 7 February.
            "2018-02-12 Manager: A1 overdue by 12 days (for information)",
            // The tenth is Wednesday 14 February.
            "2018-02-14 Manager, copied to Lead: A1 overdue by 14 days",
            "2018-02-14 Lead, a copy: A1 overdue by 14 days",
            "2018-02-15 Lead: A1 overdue by 15 days",
            "2018-02-19 Manager: A1 overdue by 19 days (for information)",
        ]
    );
}

#[test]
fn what_a_lead_has_chosen_holds_back_no_mail_that_tells_their_manager_nor_their_copy_of_it() {
    let record = escalating(led([action(1, Some("2018-01-31"))]), None);
    let off = Preference { frequency: Frequency::Off, ..Preference::default() };
    // School is out from 12 to 16 February.
    let in_term = Preference { term_time_only: true, ..Preference::default() };
    let put_off = with(record.clone(), |all| {
        all.snoozes.push(Snooze::of(LEAD, ActionId(1), day("2018-02-12"), "Ill"));
    });
    let chosen = [choosing(record.clone(), LEAD, off), choosing(record, LEAD, in_term), put_off];
    let (calendar, then) = (in_terms(), day("2018-02-14"));
    for record in &chosen {
        let facts = facts(std::slice::from_ref(record), &calendar, &record.preferences);
        let schedule = schedule(&facts, &Ledger::default(), then, then.pred_opt());
        assert!(schedule.digests.iter().all(|digest| digest.person.id != LEAD));
        let told = schedule.escalations.iter().map(|mail| (mail.to.id, mail.is_copy()));
        assert_eq!(told.collect::<Vec<_>>(), [(MANAGER, false), (LEAD, true)]);
        for item in schedule.escalations.iter().flat_map(|mail| &mail.items) {
            assert!(still_holds(facts.records, &item.cause, then, &calendar));
        }
    }
}

#[test]
fn whoever_manages_the_plan_by_then_is_told_too_and_the_lead_is_not_told_again() {
    let told = |record: &Record| -> Vec<String> {
        let mails = all_mails(record, "2018-02-12", "2018-02-23");
        mails.into_iter().filter(|mail| mail.contains("copied") || mail.contains("a copy")).collect()
    };
    let expected = [
        "2018-02-14 Manager, copied to Lead: A1 overdue by 14 days",
        "2018-02-14 Lead, a copy: A1 overdue by 14 days",
        "2018-02-20 Person 3, copied to Lead: A1 overdue by 20 days",
    ];
    let record = escalating(led([action(1, Some("2018-01-31"))]), None);
    let stand_in = StandIn::Deputy(person(3));
    let away = Away { from: day("2018-02-20"), until: day("2018-03-02"), stand_in };
    let goes = Preference { away: vec![away], ..Preference::default() };
    assert_eq!(told(&choosing(record.clone(), MANAGER, goes)), expected, "the manager is away");
    let mut handed_over = record.clone();
    let holdings = &mut Arc::make_mut(&mut handed_over.posts)[0].holdings;
    holdings[0].to = Some(day("2018-02-19"));
    let next =
        Holding { id: HoldingId(3), person: person(3), from: day("2018-02-20"), to: None, acting: false };
    holdings.push(next.clone());
    assert_eq!(told(&handed_over), expected, "the post is handed over");
    // Two who manage it together are told with one copy.
    let mut shared = record;
    Arc::make_mut(&mut shared.posts)[0].holdings.push(Holding { from: day("2017-01-01"), ..next });
    let (calendar, mut ledger) = (england(), Ledger::default());
    let facts = facts(std::slice::from_ref(&shared), &calendar, &shared.preferences);
    let tuesday = || (day("2018-02-20"), day("2018-02-19"));
    let readers = |ledger: &Ledger| -> Vec<i64> {
        let (today, before) = tuesday();
        let escalations = schedule(&facts, ledger, today, Some(before)).escalations;
        escalations.iter().map(|mail| mail.to.id.0).collect()
    };
    assert_eq!(readers(&ledger), [1, 3, 2]);
    // A manager whose own did not arrive is told alone.
    let mails = schedule(&facts, &ledger, tuesday().0, Some(tuesday().1)).escalations;
    mails[1..].iter().for_each(|mail| ledger.record(&mail.items[0].cause, tuesday().0));
    assert_eq!(readers(&ledger), [1]);
}

#[test]
fn a_copy_goes_with_what_it_is_a_copy_of_and_whoever_stands_in_later_gets_none() {
    let told = |from: &str| -> Vec<String> {
        let away = Away { from: day(from), until: day("2018-03-02"), stand_in: StandIn::Deputy(person(9)) };
        let goes = Preference { away: vec![away], ..Preference::default() };
        let mut record = choosing(escalating(led([action(1, Some("2018-01-31"))]), None), LEAD, goes);
        let covers = Holding { id: HoldingId(9), person: person(9), from: day(from), to: None, acting: true };
        Arc::make_mut(&mut record.posts)[1].holdings.push(covers);
        let mails = all_mails(&record, "2018-02-12", "2018-02-23");
        mails.into_iter().filter(|mail| mail.contains("cop")).collect()
    };
    assert_eq!(
        told("2018-02-20"),
        [
            "2018-02-14 Manager, copied to Lead: A1 overdue by 14 days",
            "2018-02-14 Lead, a copy: A1 overdue by 14 days",
        ]
    );
    assert_eq!(
        told("2018-02-14"),
        [
            "2018-02-14 Manager, copied to Person 9: A1 overdue by 14 days",
            "2018-02-14 Person 9, a copy: A1 overdue by 14 days",
        ]
    );
}

#[test]
fn a_manager_gets_one_mail_of_what_several_leads_leave_and_each_lead_a_copy_of_their_own() {
    let late = |id| action(id, Some("2018-01-31"));
    let mut record = escalating(led([late(1), late(2), late(3)]), None);
    let second = Post { id: PostId(4), name: "Second".to_owned(), ..record.posts[1].clone() };
    let holding = Holding { id: HoldingId(4), person: person(4), ..second.holdings[0].clone() };
    Arc::make_mut(&mut record.posts).push(Post { holdings: vec![holding], ..second });
    record.actions[1].leads = vec![Lead::Post { post: PostId(4), named: None }];
    // Both lead the third.
    record.actions[2].leads.push(Lead::Post { post: PostId(4), named: None });
    let mails = all_mails(&record, "2018-02-14", "2018-02-16");
    let told: Vec<&str> = mails.iter().map(String::as_str).filter(|m| m.contains("cop")).collect();
    let by = "overdue by 14 days";
    assert_eq!(
        told,
        [
            format!("2018-02-14 Manager, copied to Lead and Person 4: A1 {by}; A2 {by}; A3 {by}"),
            format!("2018-02-14 Lead, a copy: A1 {by}; A3 {by}"),
            format!("2018-02-14 Person 4, a copy: A2 {by}; A3 {by}"),
        ]
    );
}

#[test]
fn an_update_after_the_deadline_keeps_it_from_the_manager_too() {
    let written = update(1, None, "2018-02-06", Rating::NotRecorded);
    let action = Action { updates: vec![written], ..action(1, Some("2018-01-31")) };
    let mails = all_mails(&escalating(led([action]), None), "2018-02-01", "2018-03-06");
    // Quiet until 6 March, the 28th day.
    assert_eq!(mails, ["2018-02-01 Lead: A1 overdue by 1 day"]);
}

#[test]
fn where_the_manager_leads_it_the_director_is_told_in_their_weekly_mail() {
    let mut record = escalating(led([action(1, Some("2018-01-31"))]), Some(PostId(3)));
    record.actions[0].leads = vec![crate::domain::post::Lead::Post { post: PostId(1), named: None }];
    Arc::make_mut(&mut record.posts).push(Post {
        id: PostId(3),
        name: "Director".to_owned(),
        body: None,
        holdings: vec![Holding {
            id: HoldingId(3),
            person: person(3),
            from: day("2017-01-01"),
            to: None,
            acting: false,
        }],
    });
    let mails = all_mails(&record, "2018-02-09", "2018-02-19");
    let told: Vec<&str> = mails.iter().map(String::as_str).filter(|m| m.contains("Director")).collect();
    assert_eq!(
        told,
        [
            "2018-02-12 Director: A1 overdue by 12 days (for information)",
            "2018-02-19 Director: A1 overdue by 19 days (for information)",
        ]
    );
    assert!(mails.iter().all(|mail| !mail.contains("copied")), "{mails:?}");
}

#[test]
fn a_manager_who_stands_in_for_the_lead_is_told_and_not_the_director() {
    let record = escalating(led([action(1, Some("2018-01-31"))]), Some(PostId(3)));
    let manager = record.posts[0].holdings[0].person.clone();
    let mut record = choosing(record, LEAD, away("2018-03-05", StandIn::Deputy(manager.clone())));
    let holding = |id, person: Person, acting| Holding {
        id: HoldingId(id),
        person,
        from: day("2018-01-01"),
        to: None,
        acting,
    };
    let posts = Arc::make_mut(&mut record.posts);
    posts[1].holdings.push(holding(9, manager, true));
    posts.push(Post {
        id: PostId(3),
        name: "Director".to_owned(),
        body: None,
        holdings: vec![holding(3, person(3), false)],
    });
    let mails = all_mails(&record, "2018-02-09", "2018-02-19");
    assert!(mails.iter().all(|mail| !mail.contains("Director")), "{mails:?}");
}

/// Two plans with one round: the second with a manager of its own (person 11) and a lead of its own (person 12).
fn two_plans() -> [Record; 2] {
    let mut open = round(1, "19 Feb 2018", "2018-02-19", RoundState::Open);
    (open.opened_on, open.updates_due_on) = (Some(day("2018-01-15")), Some(day("2018-02-07")));
    let mut first = led([action(1, Some("2019-01-31")), action(2, Some("2019-01-31"))]);
    first.rounds = vec![open];
    first.policy.monday_mail = true;
    let mut second = first.clone();
    (second.plan.id, second.plan.manager) = (PlanId(2), PostId(11));
    second.actions.truncate(1);
    second.actions[0].id = ActionId(3);
    second.actions[0].label = "B1".to_owned();
    second.actions[0].leads = vec![Lead::Post { post: PostId(12), named: None }];
    for post in Arc::make_mut(&mut second.posts) {
        post.id = PostId(post.id.0 + 10);
        post.name = format!("Second {}", post.name);
        post.holdings[0].person = person(post.id.0);
    }
    [first, second]
}

fn mails_of(records: &[Record], officers: &[response::Officer], from: &str, to: &str) -> Vec<String> {
    let (calendar, none) = (england(), Preferences::default());
    let facts = Facts { officers, ..facts(records, &calendar, &none) };
    let mails = play(&facts, &mut Ledger::default(), day(from), day(to), day(from).pred_opt());
    let said = mails.iter().map(|(_, mail)| format!("{}: {}", mail.addressed_as(), mail.lines().join("; ")));
    said.collect()
}

#[test]
fn of_a_round_over_two_plans_everybody_is_told_once_of_what_they_look_after() {
    let records = two_plans();
    let officers = [
        response::Officer { person: person(5), plan: None },
        response::Officer { person: person(6), plan: Some(PlanId(2)) },
        response::Officer { person: records[0].posts[0].holdings[0].person.clone(), plan: Some(PlanId(2)) },
    ];
    assert_eq!(
        mails_of(&records, &officers[..2], "2018-01-22", "2018-01-22"),
        [
            "Manager: How 19 Feb 2018 stands: 0 of 2 in",
            "Second Manager: How 19 Feb 2018 stands: 0 of 1 in",
            "Person 5: How 19 Feb 2018 stands: 0 of 3 in",
            "Person 6: How 19 Feb 2018 stands: 0 of 1 in",
        ]
    );
    let both = mails_of(&records, &officers[2..], "2018-01-22", "2018-01-22");
    assert_eq!(both[0], "Manager: How 19 Feb 2018 stands: 0 of 3 in", "{both:?}");
    let calendar = england();
    let round = &records[0].rounds[0];
    let standing = round::stand(&[&records[1]], round, day("2018-01-22"), &calendar);
    assert_eq!(standing.missing, [("Second Lead".to_owned(), 1)]);
    let cause = round::Cause {
        person: PersonId(11),
        round: RoundId(1),
        rule: round::Rule::Progress,
        occurrence: week(day("2018-01-22")),
    };
    let held = round::still_holds(&records, &officers, &cause, day("2018-01-22"), &calendar);
    let Some(round::Holds::Progress(_, plans)) = held else { panic!("the second plan's manager is told") };
    assert_eq!(plans.iter().map(|record| record.plan.id).collect::<Vec<_>>(), [PlanId(2)]);
    let mut quiet = two_plans();
    quiet[0].policy.monday_mail = false;
    assert_eq!(
        mails_of(&quiet, &officers[..1], "2018-01-22", "2018-01-22"),
        ["Second Manager: How 19 Feb 2018 stands: 0 of 1 in", "Person 5: How 19 Feb 2018 stands: 0 of 1 in",]
    );
}

#[test]
fn each_plan_reminds_of_a_round_by_its_own_figures() {
    let mut records = two_plans();
    records.iter_mut().for_each(|record| record.policy.monday_mail = false);
    records[1].policy.round_first_working_days = Some(8);
    // Eight working days before Wednesday 7 February, and five.
    let second = ["Second Lead: Updates for 19 Feb 2018 due by 7 February 2018: B1"];
    assert_eq!(mails_of(&records, &[], "2018-01-26", "2018-01-26"), second);
    let first = ["Lead: Updates for 19 Feb 2018 due by 7 February 2018: A1, A2"];
    assert_eq!(mails_of(&records, &[], "2018-01-26", "2018-01-31")[1..], first);
}

#[test]
fn a_round_reminds_five_and_one_working_days_before_updates_are_due_and_tells_the_manager_weekly() {
    let mut record = led([action(1, Some("2019-01-31")), action(2, Some("2019-01-31"))]);
    let mut open = round(1, "19 Feb 2018", "2018-02-19", RoundState::Open);
    (open.opened_on, open.updates_due_on) = (Some(day("2018-01-15")), Some(day("2018-02-07")));
    record.rounds = vec![open];
    record.policy.monday_mail = true;
    let expected = [
        "2018-01-22 Manager: How 19 Feb 2018 stands: 0 of 2 in",
        "2018-01-29 Manager: How 19 Feb 2018 stands: 0 of 2 in",
        "2018-01-31 Lead: Updates for 19 Feb 2018 due by 7 February 2018: A1, A2",
        "2018-02-05 Manager: How 19 Feb 2018 stands: 0 of 2 in",
        "2018-02-06 Lead: Updates for 19 Feb 2018 due by 7 February 2018: A1, A2",
        "2018-02-12 Manager: How 19 Feb 2018 stands: 0 of 2 in",
    ];
    assert_eq!(all_mails(&record, "2018-01-17", "2018-02-13"), expected);
    record.actions[0].updates =
        vec![Update { round: Some(RoundId(1)), ..update(1, None, "2018-01-30", Rating::OnTrack) }];
    let mails = all_mails(&record, "2018-02-05", "2018-02-06");
    assert_eq!(
        mails,
        [
            "2018-02-05 Lead: Updates for 19 Feb 2018 due by 7 February 2018: A2",
            "2018-02-05 Manager: How 19 Feb 2018 stands: 1 of 2 in",
            "2018-02-06 Lead: Updates for 19 Feb 2018 due by 7 February 2018: A2",
        ]
    );
}

#[test]
fn whoever_was_just_asked_for_a_round_is_not_reminded_of_it() {
    let mut record = led([action(1, Some("2019-01-31"))]);
    let mut open = round(1, "19 Feb 2018", "2018-02-19", RoundState::Open);
    (open.opened_on, open.updates_due_on) = (Some(day("2018-02-02")), Some(day("2018-02-07")));
    record.rounds = vec![open];
    let (calendar, mut ledger) = (england(), Ledger::default());
    ledger.record_asked(LEAD, RoundId(1), day("2018-02-02"));
    let records = [record];
    let facts = facts(&records, &calendar, &records[0].preferences);
    let on = |then: &str| schedule(&facts, &ledger, day(then), day(then).pred_opt());
    let lead = |s: Schedule| s.digests.into_iter().filter(|d| d.person.id == LEAD).count();
    assert_eq!((lead(on("2018-02-05")), lead(on("2018-02-06"))), (0, 1));
}

#[test]
fn a_notice_goes_once_with_the_days_mail_and_what_is_overdue_goes_along() {
    let records = [led([action(1, Some("2018-01-31"))])];
    let notices = [notice::Notice {
        id: NoticeId(1),
        kind: notice::Kind::Question,
        about: notice::About::Question(QuestionId(1)),
        person: records[0].posts[1].holdings[0].person.clone(),
        action: ActionId(1),
        plan: PlanId(1),
        sentence: "The panel asks a question.".to_owned(),
        lines: Vec::new(),
        on: day("2018-02-05"),
    }];
    let calendar = england();
    let facts = Facts { notices: &notices, ..facts(&records, &calendar, &records[0].preferences) };
    let mut ledger = Ledger::default();
    // Overdue since the first of February, when it was mailed.
    let first =
        play(&Facts { notices: &[], ..facts }, &mut ledger, day("2018-02-01"), day("2018-02-02"), None);
    assert_eq!(first.len(), 1);
    let mails = play(&facts, &mut ledger, day("2018-02-05"), day("2018-02-09"), Some(day("2018-02-02")));
    let said: Vec<String> = mails.iter().map(|(day, m)| format!("{day} {}", m.lines().join("; "))).collect();
    assert_eq!(said, ["2018-02-05 A1 overdue by 5 days; Question from the panel"]);
}
