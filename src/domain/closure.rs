//! The days on which the council is closed, beside weekends and bank holidays.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    calendar::Calendar,
    named_days::{self, NamedDays},
};

/// The longest closure, in days: what is longer is a slip ("2026" alone, or a wrong year).
const LONGEST: i64 = 31;

/// How many of its days would be worked otherwise.
pub fn working_days(closure: &NamedDays) -> usize {
    let england = Calendar::england();
    closure.days().filter(|day| england.is_working_day(*day)).count()
}

/// Reads one closure a line, in order of their days; blank lines are passed over.
///
/// # Errors
/// A message for every line that is not understood, which names it.
pub fn read(text: &str) -> Result<Vec<NamedDays>, Vec<String>> {
    named_days::read(text, "a day or days with the year, for example 24 December 2026", |span, shown| {
        if (span.latest - span.earliest).num_days() >= LONGEST {
            return Err(format!("“{shown}” is longer than {LONGEST} days. Write shorter ones, a line each"));
        }
        Ok(())
    })
}

/// Every day of these closures.
pub fn days(closures: &[NamedDays]) -> BTreeSet<NaiveDate> {
    closures.iter().flat_map(NamedDays::days).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::named_days::lines;

    fn read_back(text: &str) -> String {
        lines(&read(text).unwrap())
    }

    #[test]
    fn days_and_periods_are_read_as_deadlines_are() {
        for (written, read_as) in [
            (
                "24 December 2026 to 1 January 2027, Christmas closure",
                "24 December 2026 to 1 January 2027, Christmas closure",
            ),
            ("29/12/26", "29 December 2026"),
            ("2026-12-24, Christmas Eve, from noon", "24 December 2026, Christmas Eve, from noon"),
            ("  28 to 30 Dec 2026 ,  ", "28 to 30 December 2026"),
            ("28 December 2026 – 30 December 2026", "28 to 30 December 2026"),
            ("", ""),
            (" \n\n", ""),
        ] {
            assert_eq!(read_back(written), read_as, "{written:?}");
            assert_eq!(read_back(read_as), read_as, "what is shown is read as the same");
        }
    }

    #[test]
    fn every_line_that_is_not_understood_is_named() {
        let wrong =
            read("24 December 2026\nChristmas\n\n31 Feb 2027\n24 December\n2026, a year").unwrap_err();
        let lines: Vec<&str> = wrong.iter().map(|w| w.split(':').next().unwrap()).collect();
        assert_eq!(lines, ["Line 2", "Line 4", "Line 5", "Line 6"], "{wrong:?}");
        assert!(wrong[0].contains("“Christmas” is not understood"), "{wrong:?}");
        assert!(wrong[3].contains("longer than 31 days"), "{wrong:?}");
    }

    #[test]
    fn closures_stand_in_the_order_of_their_days() {
        assert_eq!(read_back("2 January 2028\n24 December 2026"), "24 December 2026\n2 January 2028");
    }

    #[test]
    fn a_closure_counts_only_days_that_would_be_worked() {
        // Thursday 24 December 2026 to Friday 1 January 2027: 25 and 28 December and 1 January are bank holidays.
        let closures = read("24 December 2026 to 1 January 2027").unwrap();
        assert_eq!(working_days(&closures[0]), 4);
        assert_eq!(days(&closures).len(), 9);
    }
}
