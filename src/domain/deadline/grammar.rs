//! The grammar of deadlines: which tokens, side by side, make an expression of time.
//!
//! It decides what stands for a day, a month or a year, and never which days that
//! means: `resolve` does. Where words have two readings it takes the one that it
//! is asked for and remembers that there was a fork.

use chrono::{NaiveDate, Weekday};

use super::words::{Number, Part, Season, Token, Week, Word};
use super::years::short_year;
use super::{DeadlineError, YearBasis, days_in_month};

/// Which of two readings to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pick {
    Likelier,
    Other,
}

/// One end of an expression: `mid-June`, `Q3 2019`, `7 Dec 2017`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) weekday: Option<Weekday>,
    pub(super) week: Option<Week>,
    pub(super) part: Option<Part>,
    pub(super) unit: Unit,
    pub(super) year: Year,
}

impl Piece {
    /// The 21 of "July 17-21": a later day of the same month.
    fn with_later_day(self, later: u32) -> Option<Self> {
        match (self.unit, self.year) {
            (Unit::Day { day, month }, Year::Unstated) if later > day => {
                Some(Self { unit: Unit::Day { day: later, month }, weekday: None, ..self })
            }
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Day {
        day: u32,
        month: u32,
    },
    Month(u32),
    Quarter(u32),
    Half(u32),
    Season(Season),
    Term(Season),
    CalendarYear,
    FinancialYear,
    SchoolYear,
    /// `2025-26`: what it means is for the plan to say.
    SplitYear,
    /// `2017-20`, in financial years or in calendar years.
    Years {
        to: i32,
        basis: YearBasis,
    },
    /// The `4` of `4-8 March`: takes its month and year from its neighbour.
    DayOnly(u32),
    /// The `early` of `early/mid March`: takes its unit and year from its neighbour.
    PartOnly,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Year {
    Unstated,
    One(i32),
    /// `2025-26`, by its first year.
    Split(i32),
}

impl Part {
    fn fits(self, unit: Unit) -> bool {
        match unit {
            Unit::Years { .. } | Unit::DayOnly(_) => false,
            // "by the end of 31 March"
            Unit::Day { .. } => self == Part::End,
            Unit::Quarter(_) | Unit::Season(_) | Unit::Term(_) => {
                !matches!(self, Part::FirstHalf | Part::SecondHalf)
            }
            _ => true,
        }
    }
}

/// What stands between the pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Join {
    /// "to", a dash, "between ... and".
    Through,
    Or,
    /// "and", "&", a slash, a comma: one period only if they touch.
    And,
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
const MOST_PIECES: usize = 8;

pub(super) struct Grammar<'t> {
    tokens: &'t [Token],
    pick: Pick,
    mostly_months: bool,
    pub(super) basis: YearBasis,
    pub(super) agreed_on: Option<NaiveDate>,
    /// A month without a year stands before the piece: in "Sept-Nov 17" the 17 is a year.
    after_month: bool,
    /// Whether a second reading was met.
    pub(super) forked: bool,
}

impl<'t> Grammar<'t> {
    pub(super) fn new(tokens: &'t [Token], context: &super::Context, pick: Pick) -> Self {
        Self {
            tokens,
            pick,
            mostly_months: context.mostly_months,
            basis: context.years,
            agreed_on: context.agreed_on,
            after_month: false,
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
        let Some((piece, mut end)) = self.piece(i + usize::from(between))? else {
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
            self.after_month =
                pieces.last().is_some_and(|p| matches!((p.unit, p.year), (Unit::Month(_), Year::Unstated)));
            let next_piece = self.piece(start);
            self.after_month = false;
            let Some((piece, after)) = next_piece? else {
                break;
            };
            join = Some(next);
            pieces.push(piece);
            ends.push(end);
            end = after;
        }
        // What is left of a piece that borrows from the right and has nobody there is no part of
        // the expression: the 12 of "March 2018 - 12 schools".
        while let Some(last) = pieces.last() {
            match last.unit {
                Unit::DayOnly(day) => {
                    let before = pieces.iter().rev().nth(1).copied();
                    if let Some(whole) = before.and_then(|b| b.with_later_day(day)) {
                        pieces.pop();
                        pieces.push(whole);
                        break;
                    }
                }
                Unit::PartOnly => {}
                _ => break,
            }
            pieces.pop();
            end = ends.pop().unwrap_or(i);
        }
        if pieces.is_empty() || !lend(&mut pieces) {
            return Ok(None);
        }
        let join = join.filter(|_| pieces.len() > 1).unwrap_or(Join::And);
        Ok(Some(((pieces, join), end)))
    }

    fn piece(&mut self, i: usize) -> Parsed<Piece> {
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
            let Some(((unit, year), end)) = self.unit(at, false)? else {
                return Ok(Some((piece, after)));
            };
            (piece.unit, piece.year) = (unit, year);
            return Ok(part.fits(unit).then_some((piece, end)));
        }
        let Some(((unit, year), mut end)) = self.unit(at, day_wanted)? else {
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

    /// "third", "3rd", and where a bare digit will do, "3".
    fn nth(&self, i: usize) -> Option<u32> {
        match self.word(i)? {
            Word::Nth(n) => Some(n),
            Word::Number(n) if n.ordinal => Some(n.value),
            _ => None,
        }
    }

    /// `day_wanted`: a weekday or "w/c" stands before, so "July 17" is a day.
    pub(super) fn unit(&mut self, i: usize, day_wanted: bool) -> Parsed<(Unit, Year)> {
        let Some(word) = self.word(i) else {
            return Ok(None);
        };
        if self.is(i + 1, Word::Quarter)
            && let Some(n) = self.nth(i)
        {
            return self.nth_of_year(n, 4, i + 2);
        }
        match word {
            Word::Month(month) => self.month_first(month, i + 1, day_wanted),
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
                    _ => Unit::Season(season),
                };
                Ok(Some(((unit, year), end + usize::from(late_term))))
            }
            Word::Christmas => {
                let (year, end) = self.year(i + 1)?;
                Ok(Some(((Unit::Day { day: 25, month: 12 }, year), end)))
            }
            Word::FinancialYear => {
                let (year, end) = self.year(i)?;
                // Never found without its marker: "financial year" alone is a year to be assumed.
                let end = end.max(i + 1);
                Ok(Some(((Unit::FinancialYear, year), end)))
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

    /// What follows a month's name. `17` after it may be a day or a year.
    fn month_first(&mut self, month: u32, i: usize, day_wanted: bool) -> Parsed<(Unit, Year)> {
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
            return Ok(Some(((Unit::Month(month), year), end)));
        };
        if self.split_year(at).is_some() {
            // "July 17/18": two days, or a year? Nobody can tell.
            return Ok(None);
        }
        let (year, end) = match self.separator(at + 1) {
            true => (Year::Unstated, at + 1),
            false => self.year(at + 1)?,
        };
        let day_only = n.ordinal || n.digits == 1 || day_wanted || year != Year::Unstated;
        let whole_month = (Unit::Month(month), Year::One(short_year(n.value)));
        if !day_only && (self.after_month || n.value == 0 || n.value > 31) {
            return Ok(Some((whole_month, at + 1)));
        }
        let day = day_of_month(n.value, month, year, end)?;
        Ok(match day {
            Some((day, end)) if !day_only && self.mostly_months => Some((self.fork(whole_month, day), end)),
            Some((day, end)) if !day_only => Some((self.fork(day, whole_month), end)),
            day => day,
        })
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

/// Gives the pieces that borrow what their right-hand neighbour has. False if nothing fits.
fn lend(pieces: &mut [Piece]) -> bool {
    for right in (1..pieces.len()).rev() {
        let (Some(lender), Some(piece)) = (pieces.get(right).copied(), pieces.get_mut(right - 1)) else {
            return false;
        };
        match (piece.unit, lender.unit) {
            (Unit::DayOnly(day), Unit::Day { day: last, month }) if day < last => {
                piece.unit = Unit::Day { day, month };
                piece.year = lender.year;
            }
            (Unit::DayOnly(_), _) | (Unit::PartOnly, Unit::Day { .. }) => return false,
            (Unit::PartOnly, unit) => {
                piece.unit = unit;
                piece.year = lender.year;
            }
            // "Q1-Q2 2019/20": both of that financial year, whatever the plan counts in.
            (Unit::Quarter(_) | Unit::Half(_), _)
                if piece.year == Year::Unstated && matches!(lender.year, Year::Split(_)) =>
            {
                piece.year = lender.year;
            }
            // "Autumn and spring terms"
            (Unit::Season(season), Unit::Term(_))
                if piece.year == Year::Unstated && season != Season::Winter =>
            {
                piece.unit = Unit::Term(season);
            }
            _ => {}
        }
    }
    true
}
