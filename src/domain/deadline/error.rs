//! What is said to someone whose deadline can't be. It never finds that out: the reader does.

use std::fmt;

use chrono::{Datelike, NaiveDate, Weekday};

use super::{Span, days_in_month, month_name};
use crate::domain::text;

/// Words that look like a date and cannot be one. `Display` gives the message for the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeadlineError {
    /// `31 Feb 2018`.
    NoSuchDay {
        /// The day as written.
        day: u32,
        /// 1 to 12.
        month: u32,
        /// The year, if one is written.
        year: Option<i32>,
    },
    /// `7/13/2017`, `2017-13`.
    NoSuchMonth {
        /// The number before the month, if there is one.
        day: Option<u32>,
        /// The number where the month stands.
        month: u32,
        /// The year.
        year: i32,
    },
    /// `31/13`: neither a day and a month, nor a month and a year, nor two years.
    NotADate {
        /// The number before the slash.
        first: u32,
        /// The number after it.
        second: u32,
    },
    /// `Q5 2019`, `H3 2019`.
    NoSuchPart {
        /// The number of the part.
        n: u32,
        /// How many parts the year has: 4 or 2.
        parts: u32,
    },
    /// `Sept 2917`.
    YearOutOfRange(u32),
    /// `Monday 29 September 2017`, which was a Friday.
    WrongWeekday {
        /// The day.
        date: NaiveDate,
        /// The weekday as written.
        written: Weekday,
        /// Whether the year is only assumed.
        year_assumed: bool,
    },
    /// `March 2018 to January 2018`.
    Backwards {
        /// What stands first.
        from: Span,
        /// What stands last, and ends or begins before it.
        to: Span,
    },
}

impl std::error::Error for DeadlineError {}

impl fmt::Display for DeadlineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NoSuchDay { day, month, year } => {
                let days = days_in_month(year, month);
                let month = match year {
                    Some(year) => format!("{} {year}", month_name(month)),
                    None => month_name(month).to_owned(),
                };
                write!(f, "{day} {month} is not a real date: {month} has {days} days")
            }
            Self::NoSuchMonth { day, month, year } => {
                let written = day.map_or(String::new(), |day| format!("{day}/"));
                write!(f, "{written}{month}/{year} is not a real date: there is no month {month}")?;
                match day.and_then(|day| NaiveDate::from_ymd_opt(year, day, month)) {
                    Some(meant) => {
                        let meant = text::day(meant);
                        write!(f, ". The day comes first: did you mean {meant}?")
                    }
                    None => Ok(()),
                }
            }
            Self::NotADate { first, second } => {
                write!(f, "{first}/{second} is not a real date: write the day, the month and the year")
            }
            Self::NoSuchPart { n, parts: 4 } => {
                write!(f, "There is no quarter {n}: a year has 4 quarters")
            }
            Self::NoSuchPart { n, .. } => write!(f, "There is no half {n}: a year has 2 halves"),
            Self::YearOutOfRange(year) => {
                write!(f, "{year} is not a year that a plan can be about: check the year")
            }
            Self::WrongWeekday { date, written, year_assumed } => {
                let (day, written) = (text::day(date), weekday(written));
                let check = if year_assumed { "write the year" } else { "check the day and the date" };
                write!(f, "{day} is a {}, not a {written}: {check}", weekday(date.weekday()))
            }
            Self::Backwards { from, to } => {
                write!(f, "{from} comes after {to}: write the earlier date first")
            }
        }
    }
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}
