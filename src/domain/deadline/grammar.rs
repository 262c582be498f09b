//! The grammar of deadlines: which tokens, side by side, make an expression of time.
//!
//! It decides what stands for a day, a month or a year, and never which days that
//! means: `resolve` does. Where words have two readings it takes the one that it
//! is asked for and remembers that there was a fork.

use chrono::NaiveDate;

use super::pieces::{Join, Piece, Unit, Year, lend};
use super::words::{Number, Part, Season, Token, Word};
use super::{Context, DeadlineError, YearBasis};

/// Which of two readings to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pick {
    Likelier,
    Other,
}

/// What stands before a month's name says of the figures after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    None,
    /// A weekday, or "w/c": "Monday July 17".
    Day,
    /// A month without a year, or a part of one: "Sept-Nov 17", "end of Dec 17".
    Year,
}

/// Something that looks like a date and cannot be one.
pub(super) struct Slip {
    pub(super) error: DeadlineError,
    /// The token after it.
    pub(super) end: usize,
    /// Nothing else it could be, whatever words stand round it. Otherwise it may be
    /// a reference ("minute 45/17"), unless it stands alone.
    pub(super) certain: bool,
}

pub(super) type Parsed<T> = Result<Option<(T, usize)>, Slip>;

/// Longer enumerations are not deadlines. It also bounds the work that one token can cause.
const MOST_PIECES: usize = 12;

pub(super) struct Grammar<'t> {
    tokens: &'t [Token],
    pick: Pick,
    pub(super) mostly_months: bool,
    pub(super) basis: YearBasis,
    pub(super) agreed_on: Option<NaiveDate>,
    /// Whether a second reading was met.
    pub(super) forked: bool,
}

impl<'t> Grammar<'t> {
    pub(super) fn new(tokens: &'t [Token], context: &Context, pick: Pick) -> Self {
        Self {
            tokens,
            pick,
            mostly_months: context.mostly_months,
            basis: context.years,
            agreed_on: context.agreed_on,
            forked: false,
        }
    }

    pub(super) fn word(&self, i: usize) -> Option<Word> {
        self.tokens.get(i).map(|t| t.word)
    }

    pub(super) fn is(&self, i: usize, word: Word) -> bool {
        self.word(i) == Some(word)
    }

    pub(super) fn number(&self, i: usize) -> Option<Number> {
        match self.word(i) {
            Some(Word::Number(n)) => Some(n),
            _ => None,
        }
    }

    pub(super) fn month(&self, i: usize) -> Option<u32> {
        match self.word(i) {
            Some(Word::Month(m)) => Some(m),
            _ => None,
        }
    }

    /// No white space before this token.
    pub(super) fn glued(&self, i: usize) -> bool {
        self.tokens.get(i).is_some_and(|t| !t.spaced)
    }

    pub(super) fn separator(&self, i: usize) -> bool {
        matches!(self.word(i), Some(Word::Dash | Word::Slash | Word::Dot))
    }

    pub(super) fn skip(&self, mut i: usize, words: &[Word]) -> usize {
        while self.word(i).is_some_and(|w| words.contains(&w)) {
            i += 1;
        }
        i
    }

    pub(super) fn fork<T>(&mut self, likelier: T, other: T) -> T {
        self.forked = true;
        match self.pick {
            Pick::Likelier => likelier,
            Pick::Other => other,
        }
    }

    /// The pieces that begin at `i`, how they are joined, and the token after them.
    pub(super) fn expression(&mut self, i: usize) -> Parsed<(Vec<Piece>, Join)> {
        let between = self.is(i, Word::Between);
        let Some((piece, mut end)) = self.piece(i + usize::from(between), Hint::None)? else {
            return Ok(None);
        };
        let mut join = None;
        let mut pieces = vec![piece];
        // Where the expression ended before each further piece.
        let mut ends = vec![i];
        while pieces.len() < MOST_PIECES {
            let next = match self.word(end) {
                Some(Word::And) if between => Join::Through,
                Some(Word::To | Word::Dash) => Join::Through,
                Some(Word::Or) => Join::Or,
                Some(Word::And | Word::Slash | Word::Comma) => Join::And,
                _ => break,
            };
            if join.is_some_and(|join| join != next || join == Join::Through) {
                break;
            }
            let start = self.skip(end + 1, &[Word::Of, Word::And]);
            let hint = match pieces.last() {
                Some(Piece { unit: Unit::Month(_), year: Year::Unstated, .. }) => Hint::Year,
                _ => Hint::None,
            };
            let Some((piece, after)) = self.piece(start, hint)? else {
                break;
            };
            join = Some(next);
            pieces.push(piece);
            ends.push(end);
            end = after;
        }
        // A last piece that borrows from the right has nobody there and is no part of the
        // expression, like the 12 of "March 2018 - 12 schools".
        while let Some(Piece { unit: last @ (Unit::DayOnly(_) | Unit::PartOnly), .. }) = pieces.last() {
            let last = *last;
            pieces.pop();
            if let Some(later) = pieces.last().and_then(|piece| piece.with_later_day(last)) {
                pieces.push(later);
                break;
            }
            end = ends.pop().unwrap_or(i);
        }
        if pieces.is_empty() || !lend(&mut pieces) {
            return Ok(None);
        }
        let join = join.filter(|_| pieces.len() > 1).unwrap_or(Join::And);
        Ok(Some(((pieces, join), end)))
    }

    fn piece(&mut self, i: usize, hint: Hint) -> Parsed<Piece> {
        let mut piece =
            Piece { weekday: None, week: None, part: None, unit: Unit::PartOnly, year: Year::Unstated };
        let mut at = i;
        if let Some(Word::Week(week)) = self.word(at) {
            piece.week = Some(week);
            at = self.skip(at + 1, &[Word::Dash, Word::Of, Word::Aside]);
        }
        if let Some(Word::Weekday(day)) = self.word(at) {
            piece.weekday = Some(day);
            at = self.skip(at + 1, &[Word::Comma, Word::Dot, Word::Of, Word::Dash]);
        }
        let day_wanted = piece.week.is_some() || piece.weekday.is_some();
        if let Some((part, after)) = self.part(at).filter(|_| !day_wanted) {
            piece.part = Some(part);
            at = self.skip(after, &[Word::Of, Word::In, Word::Dash, Word::Comma]);
            let Some(((unit, year), end)) = self.unit(at, Hint::Year)? else {
                return Ok(Some((piece, after)));
            };
            (piece.unit, piece.year) = (unit, year);
            return Ok(part.fits(unit).then_some((piece, end)));
        }
        let hint = if day_wanted { Hint::Day } else { hint };
        let Some(((unit, year), mut end)) = self.unit(at, hint)? else {
            return Ok(None);
        };
        (piece.unit, piece.year) = (unit, year);
        match unit {
            Unit::Day { .. } => {
                // "29 September 2017 (Friday)", unless the weekday belongs to a date of its own.
                let after = self.skip(end, &[Word::Comma, Word::Open, Word::Aside]);
                if let (Some(Word::Weekday(day)), None) = (self.word(after), piece.weekday)
                    && self.number(after + 1).is_none()
                {
                    piece.weekday = Some(day);
                    end = after + 1;
                }
            }
            Unit::DayOnly(_) => {}
            _ if day_wanted => return Ok(None),
            _ => {}
        }
        Ok(Some((piece, end)))
    }

    /// "early", "mid", "end", "first half of".
    fn part(&self, i: usize) -> Option<(Part, usize)> {
        match self.word(i)? {
            Word::Part(part) => Some((part, i + 1)),
            _ if self.is(i + 1, Word::Half) => match self.nth(i)? {
                1 => Some((Part::FirstHalf, i + 2)),
                2 => Some((Part::SecondHalf, i + 2)),
                _ => None,
            },
            _ => None,
        }
    }

    /// "third", "3rd".
    fn nth(&self, i: usize) -> Option<u32> {
        match self.word(i)? {
            Word::Nth(n) => Some(n),
            Word::Number(n) if n.ordinal => Some(n.value),
            _ => None,
        }
    }

    pub(super) fn unit(&mut self, i: usize, hint: Hint) -> Parsed<(Unit, Year)> {
        let Some(word) = self.word(i) else {
            return Ok(None);
        };
        if self.is(i + 1, Word::Quarter)
            && let Some(n) = self.nth(i)
        {
            return self.nth_of_year(n, 4, i + 2);
        }
        match word {
            Word::Month(month) => self.month_first(month, i + 1, hint),
            Word::Number(n) if n.digits == 4 => self.year_first(n, i),
            Word::Number(n) if n.digits <= 2 => self.day_first(n, i),
            Word::Quarter | Word::HalfYear => {
                let parts = if word == Word::Quarter { 4 } else { 2 };
                match self.word(i + 1) {
                    Some(Word::Number(n)) if n.digits == 1 && !n.ordinal => {
                        self.nth_of_year(n.value, parts, i + 2)
                    }
                    Some(Word::Nth(n)) if parts == 4 => self.nth_of_year(n, parts, i + 2),
                    _ => Ok(None),
                }
            }
            Word::Season(season) => {
                let term = self.is(i + 1, Word::Term);
                let (year, end) = self.year(i + 1 + usize::from(term))?;
                let late_term = !term && self.is(end, Word::Term);
                let unit = match season {
                    Season::Winter if term || late_term => return Ok(None),
                    _ if term || late_term => Unit::Term(season),
                    // Nearly every split year has two of them, or half and half.
                    Season::Spring | Season::Summer if matches!(year, Year::Split(_)) => return Ok(None),
                    _ => Unit::Season(season),
                };
                Ok(Some(((unit, year), end + usize::from(late_term))))
            }
            Word::Christmas => {
                let (year, end) = self.year(i + 1)?;
                Ok(Some(((Unit::Day { day: 25, month: 12 }, year), end)))
            }
            Word::FinancialYear => {
                // `year` takes the marker itself, but not alone.
                let (year, end) = self.year(i)?;
                Ok(Some(((Unit::FinancialYear, year), end.max(i + 1))))
            }
            Word::SchoolYear | Word::Year => {
                let (year, end) = self.year(i + 1)?;
                // "Year 11" is a class.
                let long = (i + 1..end).any(|j| self.number(j).is_some_and(|n| n.digits == 4));
                let split = matches!(year, Year::Split(_));
                if !long && !split {
                    return Ok(None);
                }
                Ok(Some(match (word, year) {
                    (Word::Year, Year::Split(_)) => ((Unit::SplitYear, year), end),
                    (Word::Year, _) => ((Unit::CalendarYear, year), end),
                    _ => ((Unit::SchoolYear, self.begins_or_ends(year)), end),
                }))
            }
            _ => Ok(None),
        }
    }

    /// "March 2017-18" may be a month of that year, or the beginning of a period.
    pub(super) fn dashed(&self, year: Year, from: usize, to: usize) -> bool {
        matches!(year, Year::Split(_)) && (from..to).any(|i| self.is(i, Word::Dash))
    }

    /// "FY 2019": the year that begins in 2019, or the one that ends in it.
    pub(super) fn begins_or_ends(&mut self, year: Year) -> Year {
        match year {
            Year::One(y) => self.fork(Year::Split(y), Year::Split(y - 1)),
            year => year,
        }
    }

    fn nth_of_year(&mut self, n: u32, parts: u32, i: usize) -> Parsed<(Unit, Year)> {
        let (year, end) = self.year(i)?;
        if n == 0 || n > parts {
            return Err(Slip { error: DeadlineError::NoSuchPart { n, parts }, end, certain: false });
        }
        let unit = if parts == 4 { Unit::Quarter(n) } else { Unit::Half(n) };
        Ok(Some(((unit, year), end)))
    }
}
