//! A plan as a file: the paper table as CSV, or everything that is recorded as JSON.
//!
//! Plain functions from a [`Record`] to a text: they read no database, ask no clock and decide nothing about who may read
//! what. Whoever calls them hands in a record that the reader may see ([`Record::published_at`]).
//!
//! # CSV
//!
//! A header and one row per action, in the columns that the paper has: RECOMMENDATION, ACTION, BY WHEN, LEAD, RESOURCE
//! REQUIRED, then `UPDATE / RAG <round>` for every round, and `UPDATE / RAG since <day>` where something was written since the
//! last closed one. The recommendation begins with its printed reference: `Ai) That all schools ...`. Paragraphs are
//! separated by blank lines. A cell without an update is empty. The wording of the deadline in force stands under BY WHEN;
//! once it was moved, the one first agreed stands after it. A recommendation without an action has a row too.
//!
//! What people download from a page is a [`table::Table`]: what they see there, in the same order.
//!
//! # Why cells are disarmed in a download and not on standard output
//!
//! A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@`, and some pass over a control character before it. What
//! people download is opened in one, so there such a cell gets an apostrophe before it. Standard output is for programs, and
//! must be the words as they were written.

use std::io;

use chrono::NaiveDate;

use crate::domain::{
    action::{Action, Recommendation},
    paper::{self, Column, Row},
    plan::Record,
    standing::suggest,
    update::Update,
};

pub mod calendar;
pub mod history;
mod json;
pub mod table;

pub use json::json;

/// What an export holds, and for whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// CSV: a column `RATING <round>` after every column of updates, in the words of the plan's key.
    pub with_ratings: bool,
    /// CSV: a last column SUGGESTED, what the facts say and why.
    pub suggested: bool,
    /// As at the end of this day instead of today.
    pub as_at: Option<NaiveDate>,
}

/// The paper table, for programs: UTF-8, lines that end in LF.
///
/// # Errors
/// None that can happen in memory; the CSV writer's signature has one.
pub fn csv(record: &Record, options: &Options, today: NaiveDate) -> io::Result<String> {
    lines(cells_of(record, options, options.as_at.unwrap_or(today)), false)
}

/// The byte order mark, by which a spreadsheet knows that a file is UTF-8.
const MARK: char = '\u{feff}';

/// Rows as lines of CSV; for a spreadsheet with its line ends, and disarmed.
fn lines(rows: impl IntoIterator<Item = Vec<String>>, spreadsheet: bool) -> io::Result<String> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(if spreadsheet { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
        .from_writer(Vec::new());
    for row in rows {
        let row = row.into_iter().map(|cell| if spreadsheet { disarmed(cell) } else { cell });
        writer.write_record(row.collect::<Vec<_>>())?;
    }
    let bytes = writer.into_inner().map_err(|e| e.into_error())?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

/// A cell that no spreadsheet takes for a formula. Every CSV that people open is written through it.
fn disarmed(cell: String) -> String {
    match cell.chars().next() {
        Some(first) if matches!(first, '=' | '+' | '-' | '@') || first.is_control() => format!("'{cell}"),
        _ => cell,
    }
}

/// The header and the rows.
fn cells_of(record: &Record, options: &Options, day: NaiveDate) -> Vec<Vec<String>> {
    let columns = paper::columns(record, day);
    let mut header: Vec<String> =
        ["RECOMMENDATION", "ACTION", "BY WHEN", "LEAD", "RESOURCE REQUIRED"].map(str::to_owned).into();
    for column in &columns {
        header.push(format!("UPDATE / RAG {}", column.label()));
        if options.with_ratings {
            header.push(format!("RATING {}", column.label()));
        }
    }
    if options.suggested {
        header.push("SUGGESTED".to_owned());
    }
    let width = header.len();
    let mut rows = vec![header];
    for Row { recommendation, action } in paper::rows(record, day) {
        let mut row = vec![recommendation.map(printed).unwrap_or_default()];
        match action {
            Some(action) => cells(record, action, &columns, options, day, &mut row),
            None => row.push(recommendation.and_then(|r| response(r, day)).unwrap_or_default()),
        }
        row.resize(width, String::new());
        rows.push(row);
    }
    rows
}

fn cells(
    record: &Record,
    action: &Action,
    columns: &[Column<'_>],
    options: &Options,
    day: NaiveDate,
    row: &mut Vec<String>,
) {
    row.extend([
        action.text.clone(),
        by_when(action, day),
        action.lead_wording.clone(),
        action.resource.clone(),
    ]);
    for column in columns {
        let update = paper::written_in(action, *column, day);
        row.push(update.map(|u| u.narrative.clone()).unwrap_or_default());
        if options.with_ratings {
            let word = |u: &Update| record.plan.key.word(u.reported);
            row.push(update.map(word).unwrap_or_default());
        }
    }
    if options.suggested {
        let suggestion = suggest(record, action, day);
        row.push(format!("{}: {}", suggestion.rating.words(), suggestion.reason));
    }
}

/// `Ai) That all schools ...`; the words alone where no reference is printed.
fn printed(recommendation: &Recommendation) -> String {
    match &recommendation.printed {
        Some(reference) => format!("{reference}) {}", recommendation.text),
        None => recommendation.text.clone(),
    }
}

/// Why a recommendation has no action, as far as the executive said so by the end of a day.
fn response(recommendation: &Recommendation, day: NaiveDate) -> Option<String> {
    let given = recommendation.response.filter(|_| recommendation.response_on.is_none_or(|on| on <= day))?;
    Some(match &recommendation.response_text {
        Some(why) => format!("{}: {why}", given.words()),
        None => given.words().to_owned(),
    })
}

/// The deadline in force, and the one first agreed where that was another.
fn by_when(action: &Action, day: NaiveDate) -> String {
    let current = action.deadline_at(day);
    let wording = current.map(|d| d.wording.clone()).unwrap_or_default();
    match action.original().filter(|o| current.is_some_and(|c| c.id != o.id)) {
        Some(original) if original.wording.is_empty() => wording,
        Some(original) => format!("{wording} (first agreed: {})", original.wording),
        None => wording,
    }
}
