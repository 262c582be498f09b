//! Working days, and England's bank holidays.
//!
//! Owns which days a council works and how to count in them. It never asks what day it is (that is
//! always an argument), knows nothing of deadlines or mail, and never panics: a count that would
//! run past the last day that chrono can hold stops at that day.
//!
//! # Where the bank holidays come from
//! The Banking and Financial Dealings Act 1971 (schedule 1) names Easter Monday, the last Mondays of
//! May and August, and 26 and 27 December; Good Friday and Christmas Day are holidays at common law;
//! New Year's Day, the first Monday of May, and every substitute, moved or extra day that the
//! schedule does not give, come by royal proclamation under section 1. What returns every year is
//! computed; what was proclaimed for one year stands line by line above it.
//!
//! The tests compare every year from 2012 to 2028 with the list that GOV.UK publishes. After
//! [`known_until`] only the rules speak: a proclamation can still move a day or add one. Years
//! before 2012 have the rules but none of their one-off changes.

use std::collections::BTreeSet;
use std::iter::successors;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Weekday};

/// How many days before the bank holidays run out it is said.
pub const RUN_OUT_DAYS: i64 = 90;

use super::deadline::Span;

const SPRING: &str = "Spring bank holiday";

/// The days a council works: Monday to Friday, without England's bank holidays and without the
/// council's own closure days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    closures: BTreeSet<NaiveDate>,
    /// School terms, in order, without shared days.
    terms: Vec<Span>,
}

/// For how many days after the last term that is known it is still thought to be holidays; then the dates have run out.
const HOLIDAYS: i64 = 60;

impl Calendar {
    /// England's working days, with no closures of the council's own.
    pub const fn england() -> Self {
        Self { closures: BTreeSet::new(), terms: Vec::new() }
    }

    /// The same calendar, closed on these days too (for instance between Christmas and New Year).
    pub fn with_closures(mut self, days: impl IntoIterator<Item = NaiveDate>) -> Self {
        self.closures.extend(days);
        self
    }

    /// The same calendar with these school terms, in order.
    pub fn with_terms(mut self, terms: impl IntoIterator<Item = Span>) -> Self {
        self.terms.extend(terms);
        self.terms.sort_by_key(|term| term.earliest);
        self
    }

    /// Whether somebody who wants mail in term time only is mailed on `day`: from the second school day of a term to its last
    /// day. A school day is a working day within a term: on the first, schools have other things to do. Where no term dates
    /// cover that time ([`Self::knows_terms_on`]), on every day.
    pub fn mails_schools_on(&self, day: NaiveDate) -> bool {
        match self.last_term_begun(day) {
            Some(term) if self.knows_terms_on(day) => {
                let second = forwards(term.earliest).filter(|day| self.is_working_day(*day)).nth(1);
                second.is_some_and(|second| second <= day) && day <= term.latest
            }
            _ => true,
        }
    }

    /// Whether term dates cover `day`: some term began on it or before, and the last that did ended at most 60 days before it.
    pub fn knows_terms_on(&self, day: NaiveDate) -> bool {
        self.last_term_begun(day).is_some_and(|term| (day - term.latest).num_days() <= HOLIDAYS)
    }

    fn last_term_begun(&self, day: NaiveDate) -> Option<Span> {
        self.terms.iter().rfind(|term| term.earliest <= day).copied()
    }

    /// Whether the council works on `day`.
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        !is_weekend(day) && bank_holiday(day).is_none() && !self.closures.contains(&day)
    }

    /// `day` itself when it is a working day, else the next one.
    pub fn next_working_day_on_or_after(&self, day: NaiveDate) -> NaiveDate {
        forwards(day).find(|day| self.is_working_day(*day)).unwrap_or(NaiveDate::MAX)
    }

    /// The day on which what is queued at a moment goes out: that day as long as the office has not closed, else the next
    /// working day.
    pub fn goes_out_on(&self, at: NaiveDateTime) -> NaiveDate {
        let closed = at.time() >= closes_at();
        self.next_working_day_on_or_after(forwards(at.date()).nth(closed.into()).unwrap_or(NaiveDate::MAX))
    }

    /// `day` itself when it is a working day, else the one before.
    pub fn last_working_day_on_or_before(&self, day: NaiveDate) -> NaiveDate {
        backwards(day).find(|day| self.is_working_day(*day)).unwrap_or(NaiveDate::MIN)
    }

    /// The `n`th working day after `day`, which itself is not counted; `day` unchanged when `n`
    /// is 0.
    pub fn add_working_days(&self, day: NaiveDate, n: usize) -> NaiveDate {
        let Some(skipped) = n.checked_sub(1) else {
            return day;
        };
        forwards(day).skip(1).filter(|day| self.is_working_day(*day)).nth(skipped).unwrap_or(NaiveDate::MAX)
    }

    /// The `n`th working day before `day`, which itself is not counted; `day` unchanged when `n`
    /// is 0.
    ///
    /// Counted back from a day that is no working day, the first step lands on the working day
    /// before it. Where such a day first moves, as a deadline does, ask
    /// [`Self::last_working_day_on_or_before`] and count back from its answer.
    pub fn subtract_working_days(&self, day: NaiveDate, n: usize) -> NaiveDate {
        let Some(skipped) = n.checked_sub(1) else {
            return day;
        };
        backwards(day).skip(1).filter(|day| self.is_working_day(*day)).nth(skipped).unwrap_or(NaiveDate::MIN)
    }

    /// The last working day that leaves `n` *clear* working days before `meeting`: neither the day
    /// that is returned nor the day of the meeting is one of them. Papers for a meeting are out by
    /// this day, with `n` = 5.
    pub fn clear_working_days_before(&self, meeting: NaiveDate, n: usize) -> NaiveDate {
        self.subtract_working_days(meeting, n.saturating_add(1))
    }

    /// How many working days lie after `from`, up to and including `to`; 0 when `to` is not after `from`.
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> usize {
        forwards(from).skip(1).take_while(|day| *day <= to).filter(|day| self.is_working_day(*day)).count()
    }
}

/// The name of the bank holiday in England and Wales that is kept on `day`.
///
/// Only weekdays have one. When Christmas Day falls on a Saturday, the Saturday has none and the
/// Monday after is "Christmas Day (substitute day)", as GOV.UK lists it.
pub fn bank_holiday(day: NaiveDate) -> Option<&'static str> {
    use Weekday::{Mon, Tue};

    if is_weekend(day) {
        return None;
    }
    match (day.year(), day.month(), day.day(), day.weekday()) {
        // Proclaimed for one year: first what moved away, then what came. A new proclamation is a
        // new line here.
        (2012, 5, 28, _) | (2020, 5, 4, _) | (2022, 5, 30, _) => None,
        (2012, 6, 4, _) | (2022, 6, 2, _) => Some(SPRING),
        (2012, 6, 5, _) => Some("Queen's Diamond Jubilee"),
        (2020, 5, 8, _) => Some("Early May bank holiday (VE day)"),
        (2022, 6, 3, _) => Some("Platinum Jubilee bank holiday"),
        (2022, 9, 19, _) => Some("Bank holiday for the State Funeral of Queen Elizabeth II"),
        (2023, 5, 8, _) => Some("Bank holiday for the coronation of King Charles III"),

        // Every year. The weekday alone tells a substitute day: 3 January is a Monday when the 1st
        // was a Saturday; 27 December is a Tuesday when Christmas Day was a Sunday and the Monday
        // between them is Boxing Day's own.
        (_, 1, 1, _) => Some("New Year's Day"),
        (_, 1, 2 | 3, Mon) => Some("New Year's Day (substitute day)"),
        (_, 5, 1..=7, Mon) => Some("Early May bank holiday"),
        (_, 5, 25..=31, Mon) => Some(SPRING),
        (_, 8, 25..=31, Mon) => Some("Summer bank holiday"),
        (_, 12, 25, _) => Some("Christmas Day"),
        (_, 12, 26, _) => Some("Boxing Day"),
        (_, 12, 27, Mon | Tue) => Some("Christmas Day (substitute day)"),
        (_, 12, 28, Mon | Tue) => Some("Boxing Day (substitute day)"),

        (year, 3 | 4, _, _) => match (day - easter_sunday(year)?).num_days() {
            -2 => Some("Good Friday"),
            1 => Some("Easter Monday"),
            _ => None,
        },
        _ => None,
    }
}

/// When the office opens: from then on, on a working day, reminders are looked for and go out.
pub fn opens_at() -> NaiveTime {
    NaiveTime::from_hms_opt(8, 0, 0).unwrap_or(NaiveTime::MIN)
}

/// When it closes: what is not out by then waits for the next working day.
pub fn closes_at() -> NaiveTime {
    NaiveTime::from_hms_opt(16, 0, 0).unwrap_or(NaiveTime::MIN)
}

/// The last day whose bank holidays are known, from [`RUN_OUT_DAYS`] before it on.
pub fn runs_out(today: NaiveDate) -> Option<NaiveDate> {
    let until = known_until();
    ((until - today).num_days() <= RUN_OUT_DAYS).then_some(until)
}

/// The last day for which the bank holidays have been compared with the list that GOV.UK publishes.
pub fn known_until() -> NaiveDate {
    NaiveDate::from_ymd_opt(2028, 12, 31).unwrap_or_default()
}

/// Easter Sunday in the Gregorian calendar (the anonymous computus of 1876); none only outside
/// chrono's years.
fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let golden = year.rem_euclid(19);
    let (century, of_century) = (year.div_euclid(100), year.rem_euclid(100));
    let leap_centuries = century.div_euclid(4);
    let moon_correction = (century - (century + 8).div_euclid(25) + 1).div_euclid(3);
    // `moon`: days from 21 March to the paschal full moon; `sunday`: from the day after that moon to
    // the next Sunday. `late` pulls back the few Easters that this would put a week too late.
    let moon = (19 * golden + century - leap_centuries - moon_correction + 15).rem_euclid(30);
    let sunday =
        (32 + 2 * century.rem_euclid(4) + 2 * (of_century / 4) - moon - of_century % 4).rem_euclid(7);
    let late = (golden + 11 * moon + 22 * sunday) / 451;
    // 114 is 3 * 31 + 21, the 22nd of month 3: the quotient is the month, the remainder the day less 1.
    let day = moon + sunday - 7 * late + 114;
    NaiveDate::from_ymd_opt(year, u32::try_from(day / 31).ok()?, u32::try_from(day % 31 + 1).ok()?)
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

fn forwards(from: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    successors(Some(from), NaiveDate::succ_opt)
}

fn backwards(from: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    successors(Some(from), NaiveDate::pred_opt)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// GOV.UK's list for England and Wales, as month-day.
    const PUBLISHED: [(i32, &str); 17] = [
        (2012, "01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26"),
        (2013, "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26"),
        (2014, "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26"),
        (2015, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"),
        (2016, "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27"),
        (2017, "01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26"),
        (2018, "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26"),
        (2019, "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26"),
        (2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28"),
        (2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28"),
        (2022, "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27"),
        (2023, "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26"),
        (2024, "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26"),
        (2025, "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26"),
        (2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"),
        (2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28"),
        (2028, "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26"),
    ];

    fn day(iso: &str) -> NaiveDate {
        iso.parse().unwrap()
    }

    fn days_of(year: i32) -> impl Iterator<Item = NaiveDate> {
        forwards(NaiveDate::from_ymd_opt(year, 1, 1).unwrap()).take_while(move |day| day.year() == year)
    }

    #[test]
    fn bank_holidays_are_those_that_were_published() {
        for (year, published) in PUBLISHED {
            let computed: Vec<String> = days_of(year)
                .filter(|day| bank_holiday(*day).is_some())
                .map(|day| day.format("%m-%d").to_string())
                .collect();
            assert_eq!(computed.join(" "), published, "{year}");
        }
    }

    #[test]
    fn known_until_is_the_end_of_the_last_year_in_the_published_list() {
        let (last_year, _) = PUBLISHED[PUBLISHED.len() - 1];
        assert_eq!(known_until(), day(&format!("{last_year}-12-31")));
    }

    #[test]
    fn that_bank_holidays_run_out_is_said_90_days_before() {
        let until = known_until();
        let before = |days| runs_out(until - chrono::Days::new(days));
        assert_eq!((before(91), before(90), before(0)), (None, Some(until), Some(until)));
        assert_eq!(runs_out(NaiveDate::MAX), Some(until));
        assert_eq!(runs_out(NaiveDate::MIN), None);
    }

    #[test]
    fn bank_holidays_have_the_names_people_know() {
        let cases = [
            ("2012-05-28", None),
            ("2012-06-04", Some("Spring bank holiday")),
            ("2012-06-05", Some("Queen's Diamond Jubilee")),
            ("2016-12-26", Some("Boxing Day")),
            ("2016-12-27", Some("Christmas Day (substitute day)")),
            ("2017-01-02", Some("New Year's Day (substitute day)")),
            ("2018-03-30", Some("Good Friday")),
            ("2018-04-01", None),
            ("2018-04-02", Some("Easter Monday")),
            ("2018-05-07", Some("Early May bank holiday")),
            ("2018-08-27", Some("Summer bank holiday")),
            ("2018-12-25", Some("Christmas Day")),
            ("2018-12-27", None),
            ("2019-01-01", Some("New Year's Day")),
            ("2020-05-04", None),
            ("2020-05-08", Some("Early May bank holiday (VE day)")),
            ("2021-12-25", None),
            ("2021-12-27", Some("Christmas Day (substitute day)")),
            ("2021-12-28", Some("Boxing Day (substitute day)")),
            ("2022-06-03", Some("Platinum Jubilee bank holiday")),
            ("2022-09-19", Some("Bank holiday for the State Funeral of Queen Elizabeth II")),
            ("2023-05-08", Some("Bank holiday for the coronation of King Charles III")),
        ];
        for (iso, name) in cases {
            assert_eq!(bank_holiday(day(iso)), name, "{iso}");
        }
    }

    #[test]
    fn easter_falls_where_the_tables_have_it() {
        for iso in [
            "1707-04-24",
            "1818-03-22",
            "1943-04-25",
            "1954-04-18",
            "1981-04-19",
            "2000-04-23",
            "2008-03-23",
            "2018-04-01",
            "2029-04-01",
            "2030-04-21",
            "2031-04-13",
            "2032-03-28",
            "2033-04-17",
            "2034-04-09",
            "2035-03-25",
            "2038-04-25",
            "2049-04-18",
            "2076-04-19",
            "2285-03-22",
            "3165-04-18",
        ] {
            assert_eq!(easter_sunday(day(iso).year()), Some(day(iso)));
        }
    }

    #[test]
    fn weekends_bank_holidays_and_closures_are_no_working_days() {
        let england = Calendar::england();
        let council = Calendar::england().with_closures([day("2017-12-28"), day("2017-12-29")]);
        for (iso, in_england, in_council) in [
            ("2017-12-22", true, true),
            ("2017-12-23", false, false),
            ("2017-12-24", false, false),
            ("2017-12-25", false, false),
            ("2017-12-26", false, false),
            ("2017-12-27", true, true),
            ("2017-12-28", true, false),
            ("2017-12-29", true, false),
            ("2018-01-01", false, false),
            ("2018-01-02", true, true),
        ] {
            assert_eq!(england.is_working_day(day(iso)), in_england, "{iso}");
            assert_eq!(council.is_working_day(day(iso)), in_council, "{iso}");
        }
    }

    #[test]
    fn a_day_that_is_no_working_day_moves_to_the_one_before_or_after() {
        let calendar = Calendar::england();
        for (iso, before, after) in [
            ("2018-01-31", "2018-01-31", "2018-01-31"),
            ("2017-12-09", "2017-12-08", "2017-12-11"),
            ("2017-12-25", "2017-12-22", "2017-12-27"),
            ("2018-03-31", "2018-03-29", "2018-04-03"),
        ] {
            assert_eq!(calendar.last_working_day_on_or_before(day(iso)), day(before));
            assert_eq!(calendar.next_working_day_on_or_after(day(iso)), day(after));
        }
        let closed = Calendar::england().with_closures([day("2018-03-29"), day("2018-04-03")]);
        let saturday = day("2018-03-31");
        assert_eq!(closed.last_working_day_on_or_before(saturday), day("2018-03-28"));
        assert_eq!(closed.next_working_day_on_or_after(saturday), day("2018-04-04"));
    }

    #[test]
    fn what_is_queued_once_the_office_has_closed_goes_out_on_the_next_working_day() {
        for (at, on) in [
            ("2018-02-01T07:00:00", "2018-02-01"),
            ("2018-02-01T15:59:59", "2018-02-01"),
            ("2018-02-01T16:00:00", "2018-02-02"),
            ("2018-02-02T17:00:00", "2018-02-05"),
            ("2018-02-03T10:00:00", "2018-02-05"),
            ("2018-03-29T16:00:00", "2018-04-03"),
        ] {
            assert_eq!(Calendar::england().goes_out_on(at.parse().unwrap()), day(on), "{at}");
        }
    }

    #[test]
    fn working_days_are_counted_without_the_day_one_starts_from() {
        let calendar = Calendar::england();
        for (earlier, n, later) in [
            ("2018-01-31", 0, "2018-01-31"),
            ("2018-01-26", 3, "2018-01-31"),
            ("2018-01-29", 15, "2018-02-19"),
            ("2018-02-07", 8, "2018-02-19"),
            ("2018-02-23", 3, "2018-02-28"),
            ("2018-03-26", 3, "2018-03-29"),
            ("2017-12-22", 1, "2017-12-27"),
            ("2017-12-22", 4, "2018-01-02"),
        ] {
            let (earlier, later) = (day(earlier), day(later));
            assert_eq!(calendar.subtract_working_days(later, n), earlier);
            assert_eq!(calendar.add_working_days(earlier, n), later);
            assert_eq!(calendar.working_days_between(earlier, later), n);
        }
    }

    #[test]
    fn counting_back_from_a_saturday_lands_on_the_friday_first() {
        let calendar = Calendar::england();
        let saturday = day("2018-02-17");
        assert_eq!(calendar.subtract_working_days(saturday, 1), day("2018-02-16"));
        assert_eq!(calendar.subtract_working_days(saturday, 0), saturday);
    }

    #[test]
    fn five_clear_working_days_count_neither_the_day_of_the_papers_nor_the_meeting() {
        let calendar = Calendar::england();
        for (meeting, papers) in [
            ("2018-02-19", "2018-02-09"),
            // Across Good Friday and Easter Monday.
            ("2018-04-05", "2018-03-26"),
        ] {
            let papers_by = calendar.clear_working_days_before(day(meeting), 5);
            assert_eq!(papers_by, day(papers));
        }
    }

    #[test]
    fn nothing_lies_between_a_day_and_itself_or_an_earlier_one() {
        let calendar = Calendar::england();
        let wednesday = day("2018-01-31");
        assert_eq!(calendar.working_days_between(wednesday, wednesday), 0);
        assert_eq!(calendar.working_days_between(wednesday, day("2018-01-26")), 0);
    }

    #[test]
    fn the_ends_of_time_stop_a_count_without_a_panic() {
        let calendar = Calendar::england().with_closures([NaiveDate::MIN, NaiveDate::MAX]);
        let (first, last) = (NaiveDate::MIN, NaiveDate::MAX);
        assert_eq!(calendar.add_working_days(last, 5), last);
        assert_eq!(calendar.subtract_working_days(first, 5), first);
        assert_eq!(calendar.subtract_working_days(first, usize::MAX), first);
        assert_eq!(calendar.clear_working_days_before(first, usize::MAX), first);
        assert_eq!(calendar.next_working_day_on_or_after(last), last);
        assert_eq!(calendar.last_working_day_on_or_before(first), first);
        assert_eq!(calendar.working_days_between(last, first), 0);
        for year in [first.year(), -1, 0, last.year()] {
            assert!(easter_sunday(year).is_some_and(|day| day.weekday() == Weekday::Sun));
        }
    }

    /// Middlesbrough's terms of 2017–18 and a part of the leap year 2020.
    fn schools() -> Calendar {
        let term = |from: &str, to: &str| Span::new(day(from), day(to)).unwrap();
        Calendar::england().with_terms([
            term("2018-01-03", "2018-02-09"),
            term("2017-09-04", "2017-10-20"),
            term("2017-10-30", "2017-12-22"),
            term("2020-02-28", "2020-03-20"),
        ])
    }

    #[test]
    fn schools_are_mailed_from_the_second_school_day_of_a_term_to_its_last_day() {
        let schools = schools();
        for (iso, mailed) in [
            ("2017-09-04", false),
            ("2017-09-05", true),
            ("2017-10-20", true),
            ("2017-10-23", false),
            ("2017-10-27", false),
            ("2017-10-30", false),
            ("2017-10-31", true),
            ("2017-12-22", true),
            // Across the end of the year.
            ("2017-12-29", false),
            ("2018-01-02", false),
            ("2018-01-03", false),
            ("2018-01-04", true),
            ("2018-02-09", true),
            ("2018-02-12", false),
            // Friday 28 February 2020 is the first school day, Monday 2 March the second: the 29th is a Saturday.
            ("2020-02-28", false),
            ("2020-02-29", false),
            ("2020-03-02", true),
        ] {
            assert_eq!(schools.mails_schools_on(day(iso)), mailed, "{iso}");
            assert!(schools.knows_terms_on(day(iso)), "{iso}");
        }
    }

    #[test]
    fn a_closure_and_a_weekend_are_no_school_days() {
        let closed = schools().with_closures([day("2017-10-31")]);
        assert!(!closed.mails_schools_on(day("2017-10-31")));
        assert!(closed.mails_schools_on(day("2017-11-01")));
        let saturday =
            Calendar::england().with_terms([Span::new(day("2018-04-14"), day("2018-05-25")).unwrap()]);
        assert!(!saturday.mails_schools_on(day("2018-04-16")));
        assert!(saturday.mails_schools_on(day("2018-04-17")));
    }

    #[test]
    fn a_leap_day_can_be_the_second_school_day() {
        let term = Span::new(day("2024-02-28"), day("2024-03-28")).unwrap();
        let schools = Calendar::england().with_terms([term]);
        assert!(!schools.mails_schools_on(day("2024-02-28")));
        assert!(schools.mails_schools_on(day("2024-02-29")));
    }

    #[test]
    fn where_no_term_dates_cover_the_time_everybody_is_mailed() {
        let none = Calendar::england();
        assert!(none.mails_schools_on(day("2017-12-27")) && !none.knows_terms_on(day("2017-12-27")));
        let schools = schools();
        // Before the first term that is known, and more than 60 days after the last: 9 February and 60 days is 10 April.
        for (iso, known) in [("2017-09-01", false), ("2018-04-10", true), ("2018-04-11", false)] {
            assert_eq!(schools.knows_terms_on(day(iso)), known, "{iso}");
            assert_eq!(schools.mails_schools_on(day(iso)), !known, "{iso}");
        }
    }

    #[test]
    fn a_term_of_one_school_day_mails_nobody() {
        let term = Span::new(day("2018-03-02"), day("2018-03-04")).unwrap();
        let schools = Calendar::england().with_terms([term]);
        assert!(!(2..=5).any(|d| schools.mails_schools_on(NaiveDate::from_ymd_opt(2018, 3, d).unwrap())));
    }

    fn any_day() -> impl Strategy<Value = NaiveDate> {
        (NaiveDate::MIN.num_days_from_ce()..=NaiveDate::MAX.num_days_from_ce())
            .prop_map(|n| NaiveDate::from_num_days_from_ce_opt(n).unwrap())
    }

    fn day_of_our_time() -> impl Strategy<Value = NaiveDate> {
        (0_u64..40_000).prop_map(|n| day("1990-01-01") + chrono::Days::new(n))
    }

    proptest! {
        #[test]
        fn no_day_panics(day in any_day(), n in 0_usize..10) {
            let calendar = Calendar::england();
            bank_holiday(day);
            let (later, earlier) = (calendar.add_working_days(day, n), calendar.subtract_working_days(day, n));
            prop_assert!(earlier <= day && day <= later);
        }

        #[test]
        fn every_year_has_eight_bank_holidays_by_rule_and_none_at_a_weekend(year in 2029_i32..4000) {
            let holidays: Vec<_> = days_of(year).filter(|day| bank_holiday(*day).is_some()).collect();
            prop_assert_eq!(holidays.len(), 8);
            prop_assert!(holidays.iter().all(|day| !is_weekend(*day)));
        }

        #[test]
        fn easter_is_a_sunday_from_22_march_to_25_april(year in -260_000_i32..260_000) {
            let easter = easter_sunday(year).unwrap();
            prop_assert_eq!(easter.weekday(), Weekday::Sun);
            prop_assert!((322..=425).contains(&(easter.month() * 100 + easter.day())));
        }

        #[test]
        fn counting_forward_and_back_again_returns_to_the_working_day(start in day_of_our_time(), n in 0_usize..60) {
            let calendar = Calendar::england();
            let start = calendar.next_working_day_on_or_after(start);
            let end = calendar.add_working_days(start, n);
            prop_assert!(calendar.is_working_day(end));
            prop_assert_eq!(calendar.subtract_working_days(end, n), start);
            prop_assert_eq!(calendar.working_days_between(start, end), n);
        }

        #[test]
        fn clear_working_days_are_the_working_days_strictly_between(meeting in day_of_our_time(), n in 0_usize..20) {
            let calendar = Calendar::england();
            let papers = calendar.clear_working_days_before(meeting, n);
            let clear = forwards(papers)
                .skip(1)
                .take_while(|day| *day < meeting)
                .filter(|day| calendar.is_working_day(*day))
                .count();
            prop_assert!(calendar.is_working_day(papers));
            prop_assert_eq!(clear, n);
        }
    }
}
