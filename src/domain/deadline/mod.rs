//! Deadlines as people write them: reads "Sept 2017", "30/09/17" or "End of March 2020" as
//! the earliest and the latest day that the words can mean, and says how it read them.
//!
//! It never invents a day, never asks the clock, and never changes the wording: keeping
//! that is the caller's. A reading is stored once and not made again, because the plan
//! round it changes.
//!
//! # Why
//! - **Only words that leave a date alone are passed over** ("by", "no later than", "5pm").
//!   With other words ("March 2018 (phase 1) ongoing", "March 2018 TBC", "Completed May 2017")
//!   nobody knows that the date is the deadline, so there is no date: it is offered as the
//!   alternative. With "after", "within", "weeks" and the like it is not even offered.
//! - **Several dates** with nothing that makes one period of them: no date. "to", a dash and
//!   "between ... and" make a period, "or" too; "and", "&", commas and slashes only if the
//!   parts touch (`January/February 2018`).
//! - **A wrong weekday is an error**, like 31 February: one of the two is a slip, and only
//!   the writer knows which.
//! - **"before X"** ends on the day before X begins; "before the end of X" is "by the end of X".
//! - **A year that is not written** is the one in which the period first reaches the day of the
//!   plan's agreement: in a plan agreed on 5 September, "September" is that month.
//! - **Winter** belongs to the year of its December, so "Winter 2018" ends in February 2019.
//! - **Two figures** are always a year of this century.
//! - **A week** has seven days: nobody is overdue on the Saturday of a week that was named.

mod days;
mod error;
mod grammar;
mod lex;
mod pieces;
mod read;
mod resolve;
mod say;
mod words;
mod years;

#[cfg(test)]
mod tests;

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::text;

pub use error::DeadlineError;
pub use read::read;

/// The days that a wording can mean, both ends included. `earliest <= latest`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first day that it can mean.
    pub earliest: NaiveDate,
    /// The last day that it can mean: overdue from the day after.
    pub latest: NaiveDate,
}

impl Span {
    /// From `earliest` to `latest`; `None` if they are the wrong way round.
    pub fn new(earliest: NaiveDate, latest: NaiveDate) -> Option<Self> {
        (earliest <= latest).then_some(Self { earliest, latest })
    }

    /// One day.
    pub fn day(day: NaiveDate) -> Self {
        Self { earliest: day, latest: day }
    }

    /// A calendar month (1 to 12); `None` if there is no such month.
    pub fn month(year: i32, month: u32) -> Option<Self> {
        let earliest = NaiveDate::from_ymd_opt(year, month, 1)?;
        Self::new(earliest, month_end(earliest)?)
    }

    /// Whether it is exactly one calendar month.
    pub fn is_month(&self) -> bool {
        Self::month(self.earliest.year(), self.earliest.month()) == Some(*self)
    }
}

/// The days in words: `7 December 2017`, `11 to 20 June 2018`, `1 April 2025 to 31 March 2026`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.earliest, self.latest);
        let start = if from == to {
            return f.write_str(&text::day(to));
        } else if from.year() != to.year() {
            "%-d %B %Y"
        } else if from.month() != to.month() {
            "%-d %B"
        } else {
            "%-d"
        };
        write!(f, "{} to {}", from.format(start), text::day(to))
    }
}

/// How sure the reading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// The words say it, also when they say that there is no date.
    Stated,
    /// The words name no year; the plan's agreement gave it.
    YearAssumed,
    /// There is another reading: see [`Reading::alternative`]. A person should choose.
    Ambiguous,
}

/// What a wording was read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The days it means; `None` if it names no date.
    pub span: Option<Span>,
    /// How sure that is.
    pub certainty: Certainty,
    /// The other days that it may mean, to be offered to the writer and never taken unasked.
    pub alternative: Option<Span>,
    /// How it was read, in words for the form.
    pub how: String,
}

/// What `Q3 2019` and `2025-26` mean in a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum YearBasis {
    /// April to March.
    #[default]
    Financial,
    /// January to December.
    Calendar,
}

/// What the reader needs to know of the plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// The day on which the plan was agreed: years that are not written are counted from it.
    pub agreed_on: Option<NaiveDate>,
    /// What quarters and split years mean.
    pub years: YearBasis,
    /// Whether most of the plan's other deadlines are months: see [`mostly_months`].
    pub mostly_months: bool,
}

/// Whether most of a plan's deadlines are exactly a calendar month. Those without a date have
/// no span and no say; with none at all, they are not.
pub fn mostly_months(spans: &[Span]) -> bool {
    spans.iter().filter(|span| span.is_month()).count() * 2 > spans.len()
}

/// The same for wordings that were never stored, such as a table that is being imported.
/// Wordings with two readings have no say.
pub fn wordings_mostly_months<'w>(wordings: impl IntoIterator<Item = &'w str>) -> bool {
    // Any day will do: it only gives "November" a year.
    let context = Context { agreed_on: NaiveDate::from_ymd_opt(2000, 1, 1), ..Context::default() };
    let spans: Vec<Span> = wordings
        .into_iter()
        .filter_map(|wording| read(wording, &context).ok())
        .filter(|reading| reading.certainty != Certainty::Ambiguous)
        .filter_map(|reading| reading.span)
        .collect();
    mostly_months(&spans)
}

/// How many days a deadline has passed: at least 1 from the day after `latest`, else `None`.
pub fn overdue_days(latest: NaiveDate, today: NaiveDate) -> Option<i64> {
    let days = today.signed_duration_since(latest).num_days();
    (days > 0).then_some(days)
}

/// How much later the current deadline ends than the first one: "5 months later than first
/// agreed". `None` if it does not. Whole months are counted from the end of a month to the
/// end of a month, or else from a day to the same day.
pub fn slippage(original: Span, current: Span) -> Option<String> {
    let (from, to) = (original.latest, current.latest);
    let total = overdue_days(from, to)?;
    let index = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
    let whole = index(to) - index(from);
    let both_ends = month_end(from) == Some(from) && month_end(to) == Some(to);
    let (months, days) = if both_ends || from.day() == to.day() {
        (whole, 0)
    } else {
        let months = whole - i64::from(to.day() < from.day());
        let back = u32::try_from(months).ok().map(Months::new);
        let counted = back.and_then(|back| from.checked_add_months(back));
        match counted.and_then(|counted| overdue_days(counted, to)) {
            Some(days) => (months, days),
            None => (0, total),
        }
    };
    let parts = [(months / 12, "year"), (months % 12, "month"), (days, "day")];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|&(n, _)| n > 0)
        .map(|(n, unit)| text::plural(n, unit, &format!("{unit}s")))
        .collect();
    Some(format!("{} later than first agreed", text::list(&parts)))
}

fn month_name(month: u32) -> &'static str {
    u8::try_from(month)
        .ok()
        .and_then(|month| chrono::Month::try_from(month).ok())
        .map_or("", |month| month.name())
}

fn month_end(day: NaiveDate) -> Option<NaiveDate> {
    let first = day.with_day(1)?;
    first.checked_add_days(Days::new(u64::from(first.num_days_in_month()).checked_sub(1)?))
}

/// Without a year, the most that the month can have.
fn days_in_month(year: Option<i32>, month: u32) -> u32 {
    NaiveDate::from_ymd_opt(year.unwrap_or(2000), month, 1)
        .map_or(0, |first| u32::from(first.num_days_in_month()))
}
