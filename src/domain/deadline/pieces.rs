//! The pieces of an expression of time, as the grammar finds them: what is said, not yet which days.

use chrono::Weekday;

use super::YearBasis;
use super::words::{Part, Season, Week};

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
    pub(super) fn with_later_day(self, later: Unit) -> Option<Self> {
        match (self.unit, self.year, later) {
            (Unit::Day { day, month }, Year::Unstated, Unit::DayOnly(later)) if later > day => {
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
    pub(super) fn fits(self, unit: Unit) -> bool {
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

/// Gives the pieces that borrow what their right-hand neighbour has. False if nothing fits.
pub(super) fn lend(pieces: &mut [Piece]) -> bool {
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
