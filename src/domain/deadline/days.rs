//! The part of the grammar that knows days: what begins with a month's name or with one or two
//! figures. The day stands first, always.
//!
//! Figures carry little meaning by themselves, so the rules say what may not follow.

use chrono::Datelike;

use super::grammar::{Grammar, Hint, Parsed, Slip};
use super::pieces::{Unit, Year};
use super::words::{Number, Word};
use super::years::{long_year, short_year};
use super::{DeadlineError, days_in_month};

impl Grammar<'_> {
    /// What follows a month's name. `17` after it may be a day or a year.
    pub(super) fn month_first(&mut self, month: u32, i: usize, hint: Hint) -> Parsed<(Unit, Year)> {
        if let (true, Some(day), Some((year, end))) = (
            self.separator(i),
            self.number(i + 1).filter(|n| n.digits <= 2),
            self.plain_year(i + 3).filter(|_| self.word(i) == self.word(i + 2)),
        ) {
            // "Jul-17-2017"
            return day_of_month(day.value, month, Year::One(year), end);
        }
        let dot = usize::from(self.is(i, Word::Dot));
        let at = self.skip(i + dot, &[Word::Of]);
        let Some(n) =
            self.number(at).filter(|n| n.digits <= 2 && !n.apostrophe && self.month(at + 1).is_none())
        else {
            let (year, end) = self.year(i)?;
            let month = (Unit::Month(month), year);
            return Ok((!self.dashed(year, i, end)).then_some((month, end)));
        };
        if self.split_year(at).is_some() {
            // "July 17/18": two days, or a year? Nobody can tell.
            return Ok(None);
        }
        let (year, end) = if self.separator(at + 1) { (Year::Unstated, at + 1) } else { self.year(at + 1)? };
        let day_only = n.ordinal || n.digits == 1 || hint == Hint::Day || year != Year::Unstated;
        let whole_month = (Unit::Month(month), Year::One(short_year(n.value)));
        if !day_only && (hint == Hint::Year || n.value == 0 || n.value > 31) {
            return Ok(Some((whole_month, at + 1)));
        }
        let day = day_of_month(n.value, month, year, end)?;
        Ok(match day {
            Some((day, end)) if !day_only && self.mostly_months => Some((self.fork(whole_month, day), end)),
            Some((day, end)) if !day_only => Some((self.fork(day, whole_month), end)),
            day => day,
        })
    }

    /// What begins with one or two figures: days first, always.
    pub(super) fn day_first(&mut self, n: Number, i: usize) -> Parsed<(Unit, Year)> {
        if n.apostrophe {
            return Ok(None);
        }
        if let Some((month, year, end)) = self.rest_of_triple(n, i) {
            return match long_or_short(year) {
                Ok(y) => numbers(n.value, month.value, y, end)
                    .map_err(|slip| Slip { certain: slip.certain && year.digits == 4, ..slip }),
                Err(error) => Err(Slip { error, end, certain: false }),
            };
        }
        let at = self.skip(i + 1, &[Word::Of]);
        let glue = self.separator(at) && self.glued(at) && self.glued(at + 1);
        let at = at + usize::from(glue);
        if let Some(month) = self.month(at) {
            let (year, end) = self.year(at + 1)?;
            if self.dashed(year, at, end) {
                return Ok(None);
            }
            return day_of_month(n.value, month, year, end);
        }
        if self.separator(i + 1)
            && !n.ordinal
            && let Some(second) = self.number(i + 2).filter(|b| !b.ordinal)
            && !self.more_of_a_date(i + 3)
            && let Some(unit) = self.two_numbers(n, second, i)?
        {
            return Ok(Some(unit));
        }
        let day = (1..=31).contains(&n.value);
        Ok(day.then_some(((Unit::DayOnly(n.value), Year::Unstated), i + 1)))
    }

    /// Month, year and end of `30/09/17`, `31.3.2018`, `30 09 2017`.
    fn rest_of_triple(&self, n: Number, i: usize) -> Option<(Number, Number, usize)> {
        let (month, year, end) = match self.separator(i + 1) {
            true if self.word(i + 1) == self.word(i + 3) => (i + 2, i + 4, i + 5),
            true => return None,
            false => (i + 1, i + 2, i + 3),
        };
        let (month, year) = (self.number(month)?, self.number(year)?);
        let plain = !n.ordinal && !month.ordinal && !year.ordinal && month.digits <= 2;
        let spread = self.separator(i + 1) || (n.digits, month.digits, year.digits) == (2, 2, 4);
        // "12/13/14 March 2018" are three days; "1.2.3" is a paragraph.
        (plain && spread && year.digits > 1 && self.month(end).is_none()).then_some((month, year, end))
    }

    /// `09/2017`, `24/25`, `17/7`: what one separator and nothing else can mean.
    fn two_numbers(&mut self, a: Number, b: Number, i: usize) -> Parsed<(Unit, Year)> {
        let end = i + 3;
        if let Some(year) = long_year(b) {
            return match a.value {
                1..=12 => Ok(Some(((Unit::Month(a.value), Year::One(year)), end))),
                month => Err(Slip {
                    error: DeadlineError::NoSuchMonth { day: None, month, year },
                    end,
                    certain: false,
                }),
            };
        }
        let split = match self.split_year(i) {
            Some((year, end)) => self.whole_year(Year::Split(year), end)?,
            None => None,
        };
        // Anything but a bare "24/25" says by its other words that these are years.
        if split.is_some_and(|((unit, _), _)| unit != Unit::SplitYear) {
            return Ok(split);
        }
        if !self.is(i + 1, Word::Slash) {
            return Ok(split.filter(|_| a.value > 12));
        }
        if b.digits > 2 {
            return Ok(None);
        }
        let month_of_year = (b.digits == 2 && (1..=12).contains(&a.value))
            .then_some(((Unit::Month(a.value), Year::One(short_year(b.value))), end));
        if (1..=12).contains(&b.value) {
            let day = day_of_month(a.value, b.value, Year::Unstated, end);
            let day = day.map_err(|slip| Slip { certain: false, ..slip })?;
            // A year long before the plan is no second reading of "5/10".
            let other = split.or(month_of_year).filter(|_| self.plausible(short_year(b.value)));
            return Ok(match (day, other) {
                (Some(day), Some(other)) => Some(self.fork(day, other)),
                (day, _) => day,
            });
        }
        match (split, month_of_year) {
            (Some(split), Some(month)) => Ok(Some(self.fork(split, month))),
            (Some(reading), None) | (None, Some(reading)) => Ok(Some(reading)),
            (None, None) => Err(Slip {
                error: DeadlineError::NotADate { first: a.value, second: b.value },
                end,
                certain: false,
            }),
        }
    }

    fn plausible(&self, year: i32) -> bool {
        self.agreed_on.is_none_or(|agreed| year >= agreed.year().saturating_sub(1))
    }
}

/// Refuses days that the month never has; in a year that is known, that it has not then.
pub(super) fn day_of_month(day: u32, month: u32, year: Year, end: usize) -> Parsed<(Unit, Year)> {
    let known = match year {
        Year::One(y) => Some(y),
        Year::Unstated | Year::Split(_) => None,
    };
    if (1..=days_in_month(known, month)).contains(&day) {
        return Ok(Some(((Unit::Day { day, month }, year), end)));
    }
    Err(Slip { error: DeadlineError::NoSuchDay { day, month, year: known }, end, certain: true })
}

fn long_or_short(n: Number) -> Result<i32, DeadlineError> {
    match n.digits {
        2 => Ok(short_year(n.value)),
        _ => long_year(n).ok_or(DeadlineError::YearOutOfRange(n.value)),
    }
}

/// A date all in figures. What could be one in no order of day and month may be a reference.
pub(super) fn numbers(day: u32, month: u32, year: i32, end: usize) -> Parsed<(Unit, Year)> {
    let certain = day <= 31 && month <= 31;
    if !(1..=12).contains(&month) {
        return Err(Slip { error: DeadlineError::NoSuchMonth { day: Some(day), month, year }, end, certain });
    }
    day_of_month(day, month, Year::One(year), end).map_err(|slip| Slip { certain, ..slip })
}
