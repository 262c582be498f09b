//! The part of the grammar that knows years, wherever they stand, and what begins with one.
//!
//! Figures carry little meaning by themselves, so the rules say what may not follow.

use super::days::{day_of_month, numbers};
use super::grammar::{Grammar, Hint, Parsed, Slip};
use super::pieces::{Unit, Year};
use super::words::{Number, Word};
use super::{DeadlineError, YearBasis};

/// Years that a plan can be about. Others are slips ("2917"), not dates.
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2199;

/// Two figures are always a year of this century.
pub(super) fn short_year(value: u32) -> i32 {
    2000 + i32::try_from(value % 100).unwrap_or(0)
}

pub(super) fn long_year(n: Number) -> Option<i32> {
    let written = n.digits == 4 && YEARS.contains(&n.value);
    i32::try_from(n.value).ok().filter(|_| written)
}

impl Grammar<'_> {
    /// The year that may stand at `i`, after "of", "in", a comma, a bracket or a separator.
    /// Without one: `Unstated` and `i`.
    pub(super) fn year(&mut self, i: usize) -> Result<(Year, usize), Slip> {
        let loose = self.skip(i, &[Word::Comma, Word::Of, Word::In, Word::Open]);
        let at = loose + usize::from(self.separator(loose));
        let marked = self.is(at, Word::FinancialYear);
        let at = at + usize::from(marked);
        let Some(n) = self.number(at).filter(|n| !n.ordinal) else {
            return Ok((Year::Unstated, i));
        };
        if let Some((year, end)) = self.split_year(at) {
            let marked_after = self.is(end, Word::FinancialYear);
            return Ok((Year::Split(year), end + usize::from(marked_after)));
        }
        if (3..=5).contains(&n.digits) && long_year(n).is_none() {
            return Err(Slip { error: DeadlineError::YearOutOfRange(n.value), end: at + 1, certain: false });
        }
        // "March, 17 schools", "March - 17 schools": two figures are a year only right behind
        // their month or quarter.
        let directly = loose == i && (at == i || self.glued(i));
        let behind = marked || directly || self.word(at + 1).is_none();
        let Some((year, end)) = self.plain_year(at).filter(|_| n.digits == 4 || behind) else {
            return Ok((Year::Unstated, i));
        };
        let marked_after = self.is(end, Word::FinancialYear);
        let year = Year::One(year);
        let year = if marked || marked_after { self.begins_or_ends(year) } else { year };
        Ok((year, end + usize::from(marked_after)))
    }

    /// `2017`, `17` or `'17` that is not the beginning of something else.
    pub(super) fn plain_year(&self, i: usize) -> Option<(i32, usize)> {
        let n = self.number(i).filter(|n| !n.ordinal)?;
        match n.digits {
            4 => long_year(n).map(|y| (y, i + 1)),
            2 if n.apostrophe || !self.more_of_a_date(i + 1) => Some((short_year(n.value), i + 1)),
            _ => None,
        }
    }

    /// `2025-26`, `2025/2026`, `25/26`: the first year, and the token after it.
    pub(super) fn split_year(&self, i: usize) -> Option<(i32, usize)> {
        let (a, b) = (self.number(i)?, self.number(i + 2)?);
        let joined = matches!(self.word(i + 1), Some(Word::Dash | Word::Slash));
        if !joined || a.ordinal || b.ordinal || self.more_of_a_date(i + 3) {
            return None;
        }
        let first = match a.digits {
            4 => long_year(a)?,
            2 => short_year(a.value),
            _ => return None,
        };
        let next = u32::try_from(first + 1).ok()?;
        let follows = match b.digits {
            4 => a.digits == 4 && b.value == next,
            2 => b.value == next % 100,
            _ => false,
        };
        follows.then_some((first, i + 3))
    }

    /// The number before `i` is a day or the beginning of a longer date.
    pub(super) fn more_of_a_date(&self, i: usize) -> bool {
        let figures = self.separator(i)
            && self.glued(i)
            && self.glued(i + 1)
            && self.number(i + 1).is_some_and(|n| n.digits <= 2)
            && self.month(i + 2).is_none();
        self.month(i).is_some() || figures
    }

    /// What begins with a year of four figures: ISO dates, `2025-26`, `2019 Q3`, `2017-20`, `2019`.
    pub(super) fn year_first(&mut self, n: Number, i: usize) -> Parsed<(Unit, Year)> {
        let Some(year) = long_year(n) else {
            return Ok(None);
        };
        let glue = usize::from(self.separator(i + 1) && self.glued(i + 1) && self.glued(i + 2));
        let second = self.number(i + 2).filter(|_| self.separator(i + 1));
        if let (Some(month), Some(day), true) = (
            second.filter(|n| n.digits <= 2),
            self.number(i + 4).filter(|n| n.digits <= 2),
            self.word(i + 1) == self.word(i + 3),
        ) {
            return numbers(day.value, month.value, year, i + 5);
        }
        if let Some(month) = self.month(i + 1 + glue) {
            let at = i + 2 + glue;
            let at = at + usize::from(glue == 1 && self.word(at) == self.word(i + 1));
            return match self.number(at) {
                Some(day) if day.digits <= 2 && self.month(at + 1).is_none() => {
                    day_of_month(day.value, month, Year::One(year), at + 1)
                }
                Some(_) => self.whole_year(Year::One(year), i + 1),
                None => Ok(Some(((Unit::Month(month), Year::One(year)), i + 2 + glue))),
            };
        }
        if let Some((_, end)) = self.split_year(i) {
            let month = second.filter(|b| b.digits == 2 && b.value <= 12 && self.is(i + 1, Word::Dash));
            let split = self.whole_year(Year::Split(year), end)?;
            return Ok(match (split, month) {
                // "2011-12": the financial year, or December 2011 as computers write it.
                (Some(split @ ((Unit::SplitYear, _), _)), Some(month)) => {
                    let month = ((Unit::Month(month.value), Year::One(year)), end);
                    Some(self.fork(split, month))
                }
                (split, _) => split,
            });
        }
        match second {
            Some(b) if !b.ordinal && !self.more_of_a_date(i + 3) && !self.is(i + 1, Word::Dot) => {
                self.year_and_number(year, b, i)
            }
            _ => self.whole_year(Year::One(year), i + 1),
        }
    }

    /// `2017-09` is a month, `2017-20` and `2018-2020` are years.
    fn year_and_number(&mut self, year: i32, b: Number, i: usize) -> Parsed<(Unit, Year)> {
        let to = match b.digits {
            4 => long_year(b),
            2 => Some(year - year % 100 + i32::try_from(b.value).unwrap_or(0)),
            _ => None,
        };
        let years = to.filter(|&to| to > year).map(|to| {
            let basis = match self.basis {
                YearBasis::Financial => self.fork(YearBasis::Financial, YearBasis::Calendar),
                YearBasis::Calendar => YearBasis::Calendar,
            };
            ((Unit::Years { to, basis }, Year::One(year)), i + 3)
        });
        let month = ((Unit::Month(b.value), Year::One(year)), i + 3);
        match years {
            _ if b.digits == 2 && (1..=12).contains(&b.value) => Ok(Some(match years {
                Some(years) => self.fork(month, years),
                None => month,
            })),
            Some(years) => Ok(Some(years)),
            None if b.digits == 2 => Err(Slip {
                error: DeadlineError::NoSuchMonth { day: None, month: b.value, year },
                end: i + 3,
                certain: false,
            }),
            None => self.whole_year(Year::One(year), i + 1),
        }
    }

    /// A year and what may follow it: `2019/20 Q3`, `2017 autumn term`, `24/25 FY`.
    pub(super) fn whole_year(&mut self, year: Year, end: usize) -> Parsed<(Unit, Year)> {
        if self.is(end, Word::FinancialYear) {
            let year = self.begins_or_ends(year);
            return Ok(Some(((Unit::FinancialYear, year), end + 1)));
        }
        if self.is(end, Word::SchoolYear) {
            let year = self.begins_or_ends(year);
            return Ok(Some(((Unit::SchoolYear, year), end + 1)));
        }
        let glue = self.separator(end) && self.glued(end) && self.glued(end + 1);
        let at = self.skip(end + usize::from(glue), &[Word::Comma, Word::Open]);
        if let Some(Word::Quarter | Word::HalfYear | Word::Season(_) | Word::Nth(_)) = self.word(at)
            && let Some(((unit, Year::Unstated), end)) = self.unit(at, Hint::None)?
        {
            return Ok(Some(((unit, year), end)));
        }
        let unit = match year {
            Year::Split(_) => Unit::SplitYear,
            Year::One(_) | Year::Unstated => Unit::CalendarYear,
        };
        Ok(Some(((unit, year), end)))
    }
}
