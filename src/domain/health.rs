//! Whether the day's reminders have been looked for, given when that last happened. Pure: days and times are arguments.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::calendar::{Calendar, opens_at};

/// How long after the office opens a run is still on its way, in minutes.
const GRACE_MINUTES: i64 = 60;

/// Whether the run that is due has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// It has, or it is not time yet.
    OnTime,
    /// The office has been open for an hour, or was, without it.
    Late,
    /// A whole working day has gone by without it.
    Missing,
}

/// What is to be said at an office time where the last run was that of a day.
pub fn run(calendar: &Calendar, since: NaiveDate, now: NaiveDateTime) -> Run {
    let first = calendar.add_working_days(since, 1);
    let second = calendar.add_working_days(first, 1);
    if now >= second.and_time(opens_at()) {
        Run::Missing
    } else if now >= first.and_time(opens_at()) + TimeDelta::minutes(GRACE_MINUTES) {
        Run::Late
    } else {
        Run::OnTime
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_late_after_an_hour_and_missing_after_a_working_day() {
        let calendar = Calendar::england();
        let since: NaiveDate = "2017-12-21".parse().unwrap();
        // Friday 22; then a weekend and both Christmas days.
        for (at, expected) in [
            ("2017-12-21T15:00:00", Run::OnTime),
            ("2017-12-22T07:59:59", Run::OnTime),
            ("2017-12-22T08:59:59", Run::OnTime),
            ("2017-12-22T09:00:00", Run::Late),
            ("2017-12-25T12:00:00", Run::Late),
            ("2017-12-27T07:59:59", Run::Late),
            ("2017-12-27T08:00:00", Run::Missing),
            ("2018-06-01T08:00:00", Run::Missing),
        ] {
            assert_eq!(run(&calendar, since, at.parse().unwrap()), expected, "{at}");
        }
    }

    #[test]
    fn closure_days_and_days_before_the_last_run_are_no_trouble() {
        let day = |iso: &str| iso.parse::<NaiveDate>().unwrap();
        let calendar =
            Calendar::england().with_closures([day("2017-12-27"), day("2017-12-28"), day("2017-12-29")]);
        let at = |iso: &str| iso.parse().unwrap();
        assert_eq!(run(&calendar, day("2017-12-22"), at("2018-01-01T12:00:00")), Run::OnTime);
        assert_eq!(run(&calendar, day("2017-12-22"), at("2017-12-01T12:00:00")), Run::OnTime);
        assert_eq!(run(&calendar, NaiveDate::MAX, at("2017-12-01T12:00:00")), Run::OnTime);
    }
}
