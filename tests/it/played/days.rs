//! The edges of the calendar: office hours at both changes of the clocks, a leap day, the year's end, and days that were missed.

use std::time::Duration;

use chrono::{DateTime, Utc};
use scrutiny_tracker::{
    clock::Clock,
    command::{Cx, installation},
    domain::{closure, installation::Change, message::MessageState},
    mail::transport::Transport,
    store,
    worker::Worker,
};
use tokio::sync::watch;

use super::{go_and_work, in_state, play_until, sent, sent_today};
use crate::{
    steps::{add_led_action, work},
    support::{ADMINISTRATOR, COMMUNICATIONS_MANAGER, MANAGER, Site, day, each_database},
};

/// How many mails the worker of a new installation sends at an instant: the office’s clock follows machine time.
async fn sent_at(instant: &str) -> usize {
    let site = Site::appendix_b().await;
    let instant: DateTime<Utc> = instant.parse().expect("an instant");
    let clock = Clock::following(instant, chrono_tz::Europe::London);
    let cx = Cx { clock, ..site.cx.clone() };
    let mut worker = Worker::new(cx, Transport::Kept, Duration::ZERO, watch::channel(false).1);
    worker.tick().await.expect("the worker works");
    in_state(&site, MessageState::Handed).await.len()
}

#[tokio::test]
async fn the_office_opens_at_eight_and_closes_at_four_before_and_after_both_changes_of_the_clocks() {
    // The clocks go forward on 25 March and back on 28 October 2018: both Sundays.
    for (last_second, eight, last_minute, four) in [
        ("2018-03-23T07:59:59Z", "2018-03-23T08:00:00Z", "2018-03-23T15:59:00Z", "2018-03-23T16:00:00Z"),
        ("2018-03-26T06:59:59Z", "2018-03-26T07:00:00Z", "2018-03-26T14:59:00Z", "2018-03-26T15:00:00Z"),
        ("2018-10-26T06:59:59Z", "2018-10-26T07:00:00Z", "2018-10-26T14:59:00Z", "2018-10-26T15:00:00Z"),
        ("2018-10-29T07:59:59Z", "2018-10-29T08:00:00Z", "2018-10-29T15:59:00Z", "2018-10-29T16:00:00Z"),
    ] {
        assert_eq!(sent_at(last_second).await, 0, "{last_second}");
        assert!(sent_at(eight).await > 0, "{eight}");
        assert!(sent_at(last_minute).await > 0, "{last_minute}");
        assert_eq!(sent_at(four).await, 0, "{four}");
    }
}

#[tokio::test]
async fn the_hour_that_is_missing_and_the_hour_that_comes_twice_are_hours_like_others() {
    for instant in ["2018-03-25T01:30:00Z", "2018-10-28T00:30:00Z", "2018-10-28T01:30:00Z"] {
        assert_eq!(sent_at(instant).await, 0, "{instant}");
    }
}

/// Adds an action that the Communications Manager leads, who has no other open one.
async fn add_action(site: &Site, by_when: &str) {
    let plan = site.record().await.plan.id;
    add_led_action(site, plan, "Communications Manager", "Tell every school.", by_when).await;
}

/// What the Communications Manager is sent between two days about an action that is due then: days and words.
async fn played(site: &Site, by_when: &str, from: &str, until: &str) -> Vec<String> {
    site.go_to(day(from));
    add_action(site, by_when).await;
    play_until(site, until).await;
    let theirs = sent(site).await.into_iter().filter_map(|line| {
        let (on, rest) = line.split_once("\tCommunications Manager\t")?;
        Some(format!("{on} {}", rest.split_once(' ')?.1.split_once(' ')?.1))
    });
    theirs.filter(|line| !line.contains("(It is yours")).collect()
}

#[tokio::test]
async fn a_deadline_on_a_leap_day_is_reminded_of_on_it_and_the_first_of_march_is_a_day_later() {
    each_database(async |site| {
        let mails = played(&site, "Feb 2024", "2024-02-10", "2024-03-08").await;
        let expected = [
            "2024-02-15 due in 14 days",
            "2024-02-26 due in 3 working days",
            "2024-02-29 due today",
            "2024-03-01 overdue by 1 day",
            "2024-03-08 overdue by 8 days",
        ];
        assert_eq!(mails, expected);
    })
    .await;
}

#[tokio::test]
async fn a_leap_day_on_a_saturday_is_reminded_of_on_the_friday_before() {
    let site = Site::appendix_b().await;
    let mails = played(&site, "Feb 2020", "2020-02-10", "2020-03-09").await;
    let expected = [
        "2020-02-17 due in 12 days",
        "2020-02-25 due in 3 working days",
        "2020-02-28 due by Saturday 29 February 2020: today is the last working day before it",
        "2020-03-02 overdue by 2 days",
        "2020-03-09 overdue by 9 days",
    ];
    assert_eq!(mails, expected);
}

#[tokio::test]
async fn what_is_due_on_the_last_day_of_the_year_is_overdue_on_the_first_working_day_of_the_next() {
    let site = Site::appendix_b().await;
    let mails = played(&site, "31 December 2018", "2018-12-10", "2019-01-09").await;
    let expected = [
        "2018-12-17 due in 14 days",
        "2018-12-24 due in 3 working days",
        "2018-12-31 due today",
        "2019-01-02 overdue by 2 days",
        "2019-01-09 overdue by 9 days",
    ];
    assert_eq!(mails, expected);
}

#[tokio::test]
async fn while_the_council_is_closed_nothing_goes_out_and_what_is_due_then_is_reminded_of_before() {
    each_database(async |site| {
        site.go_to(day("2018-12-03"));
        let closures = closure::read("24 to 31 December 2018").unwrap();
        let administrator = site.actor(ADMINISTRATOR).await;
        let version = 0;
        installation::save(&site.cx, &administrator, version, &Change::Closures(closures)).await.unwrap();
        let mails = played(&site, "31 December 2018", "2018-12-03", "2019-01-09").await;
        let expected = [
            "2018-12-17 due in 14 days",
            "2018-12-18 due in 3 working days",
            "2018-12-21 due by Monday 31 December 2018: today is the last working day before it",
            "2019-01-02 overdue by 2 days",
            "2019-01-09 overdue by 9 days",
        ];
        assert_eq!(mails, expected);
        let closed = day("2018-12-22")..day("2019-01-02");
        assert!(in_state(&site, MessageState::Handed).await.iter().all(|m| !closed.contains(&m.office_day)));
    })
    .await;
}

#[tokio::test]
async fn down_for_six_working_days_over_a_reminder_is_one_mail_late_that_says_what_holds_on_its_day() {
    each_database(async |site| {
        // Aviii and K are due on 31 January: 14 days before is Wednesday the 17th.
        play_until(&site, "2018-01-16").await;
        let before = in_state(&site, MessageState::Handed).await.len();
        // Nothing runs from the 17th to the 24th, which are six working days.
        go_and_work(&site, "2018-01-25").await;
        work(&site).await;
        assert_eq!(sent_today(&site, MANAGER).await, ["Aviii due in 6 days; K due in 6 days"]);
        assert_eq!(in_state(&site, MessageState::Handed).await.len(), before + 1, "one, and to nobody else");
        // The next comes on its own day.
        play_until(&site, "2018-01-26").await;
        assert_eq!(
            sent_today(&site, MANAGER).await,
            ["Aviii due in 3 working days; K due in 3 working days"]
        );
    })
    .await;
}

#[tokio::test]
async fn down_over_a_deadline_drops_the_reminders_before_it() {
    each_database(async |site| {
        play_until(&site, "2018-01-16").await;
        let before = in_state(&site, MessageState::Handed).await.len();
        // All three reminders and the deadline passed meanwhile, and so did the first reminder of those due on 28 February.
        go_and_work(&site, "2018-02-15").await;
        assert_eq!(sent_today(&site, MANAGER).await, [
            "Aviii overdue by 15 days; Ei due in 13 days; F due in 13 days; I-ii due in 13 days; J due in 13 days"
        ]);
        assert_eq!(in_state(&site, MessageState::Handed).await.len(), before + 1);
        // That counted as one of five.
        let record = site.record().await;
        let message = in_state(&site, MessageState::Handed).await.pop().unwrap();
        let causes = store::outbox::causes(&site.cx.store, message.id).await.unwrap();
        let aviii = causes.iter().find(|cause| record.label(cause.action) == "Aviii").unwrap();
        assert_eq!(aviii.occurrence, 1);
        assert!(store::outbox::causes(&site.cx.store, message.id).await.unwrap().len() == 5);
        assert_eq!(sent_today(&site, COMMUNICATIONS_MANAGER).await, [""; 0]);
    })
    .await;
}
