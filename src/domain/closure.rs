//! The days on which the council is closed, as an administrator writes them down: one a line, with a name after a comma.
//!
//! Reads lines with the reader of deadlines, so that a day is written here as everywhere. It never guesses a year.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    calendar::Calendar,
    deadline::{self, Certainty, Context, Span},
};

/// The longest closure, in days: what is longer is a slip ("2026" alone, or a wrong year).
const LONGEST: i64 = 31;
/// The most lines: some decades.
const MOST: usize = 200;

/// Days on which the council is closed, beside weekends and bank holidays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closure {
    /// From and to, both included.
    pub span: Span,
    /// What people call it: "Christmas closure".
    pub name: Option<String>,
}

impl Closure {
    /// Its days.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> {
        self.span.earliest.iter_days().take_while(|day| *day <= self.span.latest)
    }

    /// Its days that would be worked otherwise.
    pub fn working_days(&self) -> usize {
        let england = Calendar::england();
        self.days().filter(|day| england.is_working_day(*day)).count()
    }

    /// As a line: "24 December 2026 to 1 January 2027, Christmas closure".
    pub fn line(&self) -> String {
        match &self.name {
            Some(name) => format!("{}, {name}", self.span),
            None => self.span.to_string(),
        }
    }
}

/// All of them, one a line.
pub fn lines(closures: &[Closure]) -> String {
    closures.iter().map(Closure::line).collect::<Vec<_>>().join("\n")
}

/// Reads one closure a line, in order of their days; blank lines are passed over.
///
/// # Errors
/// A message for every line that is not understood, which names it.
pub fn read(text: &str) -> Result<Vec<Closure>, Vec<String>> {
    let (mut closures, mut wrong) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        match read_line(line.trim()) {
            Ok(closure) => closures.push(closure),
            Err(why) => wrong.push(format!("Line {number}: {why}")),
        }
    }
    if closures.len() > MOST {
        wrong.push(format!("There is room for {MOST} lines: take out years that have passed"));
    }
    closures.sort_by_key(|closure: &Closure| (closure.span.earliest, closure.span.latest));
    if wrong.is_empty() { Ok(closures) } else { Err(wrong) }
}

fn read_line(line: &str) -> Result<Closure, String> {
    // The name stands after the first comma; but some write the day itself with one.
    let (days, name) = match line.split_once(',') {
        Some((days, name)) if reads(days) => (days, Some(name.trim()).filter(|name| !name.is_empty())),
        _ => (line, None),
    };
    let shown: String = days.trim().chars().take(60).collect();
    let reading = deadline::read(days, &Context::default()).map_err(|error| error.to_string())?;
    let Some(span) = reading.span.filter(|_| reading.certainty != Certainty::Ambiguous) else {
        return Err(format!(
            "“{shown}” is not understood. Write a day or days with the year, for example 24 December 2026"
        ));
    };
    if (span.latest - span.earliest).num_days() >= LONGEST {
        return Err(format!("“{shown}” is longer than {LONGEST} days. Write shorter ones, a line each"));
    }
    Ok(Closure { span, name: name.map(str::to_owned) })
}

fn reads(days: &str) -> bool {
    deadline::read(days, &Context::default()).is_ok_and(|reading| reading.span.is_some())
}

/// Every day of these closures.
pub fn days(closures: &[Closure]) -> BTreeSet<NaiveDate> {
    closures.iter().flat_map(Closure::days).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(closures[0].working_days(), 4);
        assert_eq!(days(&closures).len(), 9);
    }
}
