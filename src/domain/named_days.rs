//! Days as an administrator writes them down: one span a line, with a name after a comma.
//!
//! Reads lines with the reader of deadlines, so that a day is written here as everywhere. It never guesses a year. What the
//! days are for is [`super::closure`]'s and [`super::term`]'s.

use chrono::NaiveDate;

use super::deadline::{self, Certainty, Context, Span};

/// The most lines: some decades.
const MOST: usize = 200;

/// Days from one to another, both included, and what people call them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedDays {
    /// From and to, both included.
    pub span: Span,
    /// What people call it: "Christmas closure", "Autumn term".
    pub name: Option<String>,
}

impl NamedDays {
    /// Its days.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> {
        self.span.earliest.iter_days().take_while(|day| *day <= self.span.latest)
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
pub fn lines(all: &[NamedDays]) -> String {
    all.iter().map(NamedDays::line).collect::<Vec<_>>().join("\n")
}

/// Reads one span a line, in order of their days; blank lines are passed over. `check` says what else is wrong with one, and
/// gets it beside the words that name it; `example` is how a line should look.
///
/// # Errors
/// A message for every line that is not understood, which names it.
pub(super) fn read(
    text: &str,
    example: &str,
    check: impl Fn(Span, &str) -> Result<(), String>,
) -> Result<Vec<NamedDays>, Vec<String>> {
    let (mut all, mut wrong) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        match read_line(line.trim(), example, &check) {
            Ok(days) => all.push(days),
            Err(why) => wrong.push(format!("Line {number}: {why}")),
        }
    }
    if all.len() > MOST {
        wrong.push(format!("There is room for {MOST} lines: take out years that have passed"));
    }
    all.sort_by_key(|one: &NamedDays| (one.span.earliest, one.span.latest));
    if wrong.is_empty() { Ok(all) } else { Err(wrong) }
}

fn read_line(
    line: &str,
    example: &str,
    check: impl Fn(Span, &str) -> Result<(), String>,
) -> Result<NamedDays, String> {
    // The name stands after the first comma; but some write the day itself with one.
    let (days, name) = match line.split_once(',') {
        Some((days, name)) if reads(days) => (days, Some(name.trim()).filter(|name| !name.is_empty())),
        _ => (line, None),
    };
    let shown: String = days.trim().chars().take(60).collect();
    let reading = deadline::read(days, &Context::default()).map_err(|error| error.to_string())?;
    let Some(span) = reading.span.filter(|_| reading.certainty != Certainty::Ambiguous) else {
        return Err(format!("“{shown}” is not understood. Write {example}"));
    };
    check(span, &shown)?;
    Ok(NamedDays { span, name: name.map(str::to_owned) })
}

fn reads(days: &str) -> bool {
    deadline::read(days, &Context::default()).is_ok_and(|reading| reading.span.is_some())
}
