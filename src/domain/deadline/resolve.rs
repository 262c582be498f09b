//! From pieces to days: which span each piece has, and which year is meant where none is
//! written. It knows nothing of words, and joins nothing: `read` does.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::pieces::{Piece, Unit, Year};
use super::words::{Part, Season, Week};
use super::{Context, DeadlineError, Span, YearBasis, month_end};

/// The span of each piece, and whether a year was assumed. `None` without a year to assume.
///
/// A piece without a year takes it from a neighbour: it lies before the one on its right
/// (`Dec - Feb 2018`), or else after the one on its left (`Nov 2017 - Jan`).
pub(super) fn spans(
    pieces: &[Piece],
    before: bool,
    context: &Context,
) -> Result<Option<(Vec<Span>, bool)>, DeadlineError> {
    let dated = pieces.iter().rposition(|p| p.year != Year::Unstated);
    let (left, right) = pieces.split_at(dated.unwrap_or(pieces.len().saturating_sub(1)));
    let Some((piece, right)) = right.split_first() else {
        return Ok(None);
    };
    let known = match (dated, context.agreed_on) {
        (Some(_), _) => days(piece, piece.year, context.years, false)?,
        (None, None) => None,
        (None, Some(agreed)) => next(piece, agreed, context.years, true, |span| {
            if before { span.earliest > agreed } else { span.latest >= agreed }
        })?,
    };
    let Some(known) = known else {
        return Ok(None);
    };
    let mut spans = vec![known];
    for piece in left.iter().rev() {
        let limit = spans.last().map_or(known.earliest, |s| s.earliest);
        let span = match piece.year {
            Year::Unstated => last_before(piece, limit, context.years)?,
            year => days(piece, year, context.years, false)?,
        };
        spans.extend(span);
    }
    spans.reverse();
    for piece in right {
        let limit = spans.last().map_or(known.earliest, |s| s.earliest);
        let fits = |span: Span| span.earliest >= limit;
        spans.extend(next(piece, limit, context.years, false, fits)?);
    }
    let all = spans.len() == pieces.len();
    Ok(all.then_some((spans, dated.is_none())))
}

/// The first of its kind that `fits`, looking from the year before `day` on.
fn next(
    piece: &Piece,
    day: NaiveDate,
    basis: YearBasis,
    assumed: bool,
    fits: impl Fn(Span) -> bool,
) -> Result<Option<Span>, DeadlineError> {
    // 29 February comes again after eight years at most.
    for ahead in -1..=8 {
        let year = piece.in_year(day.year().saturating_add(ahead));
        // A year that has no such day is passed over.
        let span = days(&piece.of_any_weekday(), year, basis, assumed).ok().flatten();
        if span.is_some_and(&fits) {
            return days(piece, year, basis, assumed);
        }
    }
    Ok(None)
}

/// The last of its kind that begins on or before `limit`.
fn last_before(piece: &Piece, limit: NaiveDate, basis: YearBasis) -> Result<Option<Span>, DeadlineError> {
    let same = days(&piece.of_any_weekday(), piece.in_year(limit.year()), basis, false)?;
    let earlier = same.is_none_or(|span| span.earliest > limit);
    days(piece, piece.in_year(limit.year().saturating_sub(i32::from(earlier))), basis, false)
}

impl Piece {
    /// To look for the year first: a wrong weekday is a slip only in the year that is meant.
    fn of_any_weekday(&self) -> Self {
        Self { weekday: None, ..*self }
    }

    fn in_year(&self, year: i32) -> Year {
        match self.unit {
            Unit::FinancialYear | Unit::SchoolYear | Unit::SplitYear => Year::Split(year),
            _ => Year::One(year),
        }
    }
}

/// The days of a piece in a year; `None` beyond the calendar's end.
fn days(
    piece: &Piece,
    year: Year,
    basis: YearBasis,
    year_assumed: bool,
) -> Result<Option<Span>, DeadlineError> {
    let (y, split) = match year {
        Year::One(y) => (y, false),
        Year::Split(y) => (y, true),
        Year::Unstated => return Ok(None),
    };
    // In a split year, April to December are of its first year.
    let of_month = |month: u32| y.saturating_add(i32::from(split && month < 4));
    let start = match basis {
        YearBasis::Calendar if !split => 1,
        _ => 4,
    };
    let span = match piece.unit {
        Unit::Day { day, month } => {
            let year = of_month(month);
            let error = DeadlineError::NoSuchDay { day, month, year: Some(year) };
            let date = NaiveDate::from_ymd_opt(year, month, day).ok_or(error)?;
            match piece.weekday {
                Some(written) if written != date.weekday() => {
                    return Err(DeadlineError::WrongWeekday { date, written, year_assumed });
                }
                _ => {}
            }
            match piece.week {
                None => Some(Span::day(date)),
                Some(Week::Commencing) => {
                    date.checked_add_days(Days::new(6)).and_then(|end| Span::new(date, end))
                }
                Some(Week::Ending) => {
                    date.checked_sub_days(Days::new(6)).and_then(|start| Span::new(start, date))
                }
            }
        }
        Unit::Month(month) => Span::month(of_month(month), month),
        Unit::Quarter(n) => months(y, start + 3 * n.saturating_sub(1), 3),
        Unit::Half(n) => months(y, start + 6 * n.saturating_sub(1), 6),
        Unit::Season(Season::Spring) => months(y.saturating_add(i32::from(split)), 3, 3),
        Unit::Season(Season::Summer) => months(y, 6, 3),
        Unit::Season(Season::Autumn) => months(y, 9, 3),
        Unit::Season(Season::Winter) => months(y, 12, 3),
        Unit::Term(Season::Autumn | Season::Winter) => months(y, 9, 4),
        Unit::Term(Season::Spring) => months(y.saturating_add(i32::from(split)), 1, 3),
        Unit::Term(Season::Summer) => months(y.saturating_add(i32::from(split)), 4, 4),
        Unit::CalendarYear => months(y, 1, 12),
        Unit::FinancialYear => months(y, 4, 12),
        Unit::SchoolYear => months(y, 9, 11),
        Unit::SplitYear => match basis {
            YearBasis::Financial => months(y, 4, 12),
            YearBasis::Calendar => months(y, 1, 24),
        },
        Unit::Years { to, basis } => {
            let years = u32::try_from(to.saturating_sub(y)).unwrap_or(0);
            match basis {
                YearBasis::Financial => months(y, 4, 12 * years),
                YearBasis::Calendar => months(y, 1, 12 * years + 12),
            }
        }
        Unit::DayOnly(_) | Unit::PartOnly => None,
    };
    Ok(span.and_then(|span| match piece.part {
        Some(part) => part_of(span, part),
        None => Some(span),
    }))
}

/// `count` whole months from a month of `year` on, which may be past 12.
fn months(year: i32, month: u32, count: u32) -> Option<Span> {
    let earliest =
        NaiveDate::from_ymd_opt(year, 1, 1)?.checked_add_months(Months::new(month.checked_sub(1)?))?;
    let last = earliest.checked_add_months(Months::new(count.checked_sub(1)?))?;
    Span::new(earliest, month_end(last)?)
}

/// Of a month: days 1 to 10, 11 to 20, 21 to the end; halves part after the 15th.
/// Of anything longer: its first third in whole months, its last third, and what lies between.
fn part_of(span: Span, part: Part) -> Option<Span> {
    if span.earliest == span.latest {
        return Some(span);
    }
    let (year, month) = (span.earliest.year(), span.earliest.month());
    if span.is_month() {
        let last = span.latest.day();
        let (from, to) = match part {
            Part::Early => (1, 10),
            Part::Mid => (11, 20),
            Part::End => (21, last),
            Part::FirstHalf => (1, 15),
            Part::SecondHalf => (16, last),
        };
        return Span::new(span.earliest.with_day(from)?, span.earliest.with_day(to)?);
    }
    let years = u32::try_from(span.latest.year() - year).ok()?;
    let count = (years * 12 + span.latest.month() + 1).checked_sub(month)?;
    let third = (count / 3).max(1);
    let (skip, count) = match part {
        Part::Early => (0, third),
        Part::Mid => (third, count.checked_sub(2 * third)?),
        Part::End => (count.checked_sub(third)?, third),
        Part::FirstHalf => (0, count / 2),
        Part::SecondHalf => (count / 2, count / 2),
    };
    months(year, month + skip, count)
}
