//! How a reading is said: the words for the form. It never decides anything.

use chrono::{Datelike, NaiveDate};

use super::pieces::{Join, Piece, Unit, Year};
use super::words::{Part, Season, Week};
use super::{Span, YearBasis, month_name};
use crate::domain::text;

/// The whole of what was read.
pub(super) fn described(pieces: &[Piece], span: Span, name: &str) -> String {
    let whole = match pieces {
        [piece] if piece.part.is_none() && piece.week.is_none() => Some(piece.unit),
        _ => None,
    };
    let days = |form: &str| span.earliest.format(form).to_string();
    match whole {
        Some(Unit::Day { .. }) => text::weekday_day(span.earliest),
        Some(Unit::Month(_)) => {
            let last = span.latest.format("%-d %B");
            format!("the whole of {name} ({} to {last})", days("%-d"))
        }
        Some(Unit::CalendarYear) => format!("the whole of {name} (1 January to 31 December)"),
        Some(Unit::Season(Season::Winter)) => {
            format!("{name} ({span}: a winter is of the year of its December)")
        }
        // The days already stand in the names.
        None if pieces.iter().all(|p| matches!(p.unit, Unit::Day { .. }) && p.week.is_none()) => {
            span.to_string()
        }
        _ => format!("{name} ({span})"),
    }
}

/// The names of the pieces, joined; without spans, without years. A year that they share is
/// said once: `quarter 1 to quarter 2 of financial year 2019–20`.
pub(super) fn names(pieces: &[Piece], spans: &[Span], join: Join, basis: YearBasis) -> String {
    let names: Vec<(String, String)> =
        pieces.iter().enumerate().map(|(i, piece)| name(piece, spans.get(i).copied(), basis)).collect();
    let shared = names.last().map(|(_, year)| year.clone()).unwrap_or_default();
    let names: Vec<String> =
        names.into_iter().map(|(name, year)| if year == shared { name } else { name + &year }).collect();
    let joined = names.join(match join {
        Join::Through => " to ",
        Join::Or => " or ",
        Join::And => " and ",
    });
    joined + &shared
}

/// What a piece is called, and of which year.
fn name(piece: &Piece, span: Option<Span>, basis: YearBasis) -> (String, String) {
    let part = match piece.part {
        None => "",
        Some(Part::Early) => "early ",
        Some(Part::Mid) => "mid-",
        Some(Part::End) => "end of ",
        Some(Part::FirstHalf) => "first half of ",
        Some(Part::SecondHalf) => "second half of ",
    };
    let week = match piece.week {
        None => "",
        Some(Week::Commencing) => "week commencing ",
        Some(Week::Ending) => "week ending ",
    };
    let day = span.map(|span| match piece.week {
        Some(Week::Ending) => span.latest,
        _ => span.earliest,
    });
    let year = day.map_or(String::new(), |day| format!(" {}", day.year()));
    // The year that a split year begins in, when it begins in `month`.
    let split = |month: u32| day.map_or(String::new(), |day| format!(" {}", split_year(day, month)));
    let financial = basis == YearBasis::Financial || matches!(piece.year, Year::Split(_));
    let of_year = match (financial, day) {
        (true, Some(_)) => format!(" of financial year{}", split(4)),
        (true, None) => " of the financial year".to_owned(),
        (false, Some(_)) => format!(" of{year}"),
        (false, None) => " of the calendar year".to_owned(),
    };
    let (unit, year) = match piece.unit {
        Unit::Day { day, month } => (format!("{day} {}", month_name(month)), year),
        Unit::Month(month) => (month_name(month).to_owned(), year),
        Unit::Quarter(n) => (format!("quarter {n}"), of_year),
        Unit::Half(n) => (if n == 1 { "first half" } else { "second half" }.to_owned(), of_year),
        Unit::Season(Season::Winter) => ("winter".to_owned(), split(12)),
        Unit::Season(season) => (season_name(season).to_owned(), year),
        Unit::Term(season) => (format!("{} term", season_name(season)), year),
        Unit::CalendarYear => (day.map_or(String::new(), |d| d.year().to_string()), String::new()),
        Unit::FinancialYear => ("financial year".to_owned(), split(4)),
        Unit::SchoolYear => ("school year".to_owned(), split(9)),
        Unit::SplitYear if basis == YearBasis::Financial => ("financial year".to_owned(), split(4)),
        Unit::SplitYear | Unit::DayOnly(_) | Unit::PartOnly => match piece.year {
            Year::Split(y) => (format!("{y} and {}", y.saturating_add(1)), String::new()),
            _ => (String::new(), String::new()),
        },
        Unit::Years { to, basis } => match (piece.year, basis) {
            (Year::One(y), YearBasis::Financial) => {
                (format!("financial years {y}\u{2013}{:02}", to.rem_euclid(100)), String::new())
            }
            (Year::One(y), YearBasis::Calendar) => (format!("{y} to {to}"), String::new()),
            _ => (String::new(), String::new()),
        },
    };
    (format!("{week}{part}{unit}"), year)
}

/// `2025–26`: the split year of a day, when such years start in `month`.
fn split_year(day: NaiveDate, month: u32) -> String {
    let first = day.year().saturating_sub(i32::from(day.month() < month));
    format!("{first}\u{2013}{:02}", first.saturating_add(1).rem_euclid(100))
}

fn season_name(season: Season) -> &'static str {
    match season {
        Season::Spring => "spring",
        Season::Summer => "summer",
        Season::Autumn => "autumn",
        Season::Winter => "winter",
    }
}
