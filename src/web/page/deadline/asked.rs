//! The fields that ask for another date, wherever they stand: the wording, how it is read, and why.
//!
//! Where the words can mean two things both are offered, and what is recorded are words that mean one.

use maud::{Markup, html};

use crate::{
    command::{deadline::context, update::AskedDate},
    domain::{
        deadline::{self, Certainty, Reading, Span},
        plan::Record,
        text,
    },
    web::{
        form::{Fields, LINE, Reader},
        view::form::{Choice, Inputs, Width},
    },
};

/// The longest reason, in characters.
const REASON: usize = 4_000;

/// The fields `wording`, `reading` (only where there are two) and `reason`.
pub(in crate::web) fn fields(f: Inputs<'_>, fields: &Fields, record: &Record) -> Markup {
    let wording = fields.raw("wording");
    let readings = readings(wording, record);
    html! {
        (f.text("wording", "What date do you ask for?", wording)
            .hint("As you would write it: 31 March 2018, March 2018, Q3 2018. Quarters and years such as 2025-26 follow the plan’s own year.")
            .width(Width::W20))
        @if !readings.is_empty() {
            (f.radios("reading", html! { "Which do you mean by “" (wording.trim()) "”?" }, fields.raw("reading"),
                readings.iter().map(|r| Choice::new(r.words.as_str(), &r.label))))
        }
        (f.textarea("reason", "Why?", fields.raw("reason")).rows(3).limit(REASON))
    }
}

/// Reads them; none where something is wrong.
pub(in crate::web) fn read(reader: &mut Reader<'_>, record: &Record) -> Option<AskedDate> {
    let wording = wording(reader, record);
    let reason = reader.required("reason", REASON, "Say why another date is needed");
    Some(AskedDate { wording: wording?, reason })
}

fn wording(reader: &mut Reader<'_>, record: &Record) -> Option<String> {
    let wording = reader.required("wording", LINE, "Write the date that you ask for");
    if wording.is_empty() {
        return None;
    }
    if let Err(error) = deadline::read(&wording, &context(record)) {
        reader.wrong("wording", error.to_string());
        return None;
    }
    let readings = readings(&wording, record);
    if readings.is_empty() {
        return Some(wording);
    }
    let chosen = reader.fields().raw("reading");
    // A choice made for other words, before they were changed, is none.
    let chosen = readings.into_iter().find(|r| r.words == chosen);
    if chosen.is_none() {
        reader.wrong("reading", format!("“{wording}” can be read in two ways: choose the one that you mean"));
    }
    chosen.map(|r| r.words)
}

/// One thing that a wording can mean.
struct Meaning {
    /// Words that mean only this.
    words: String,
    label: String,
}

/// What a wording can mean, where that is more than one thing.
fn readings(wording: &str, record: &Record) -> Vec<Meaning> {
    match deadline::read(wording, &context(record)) {
        Ok(Reading { certainty: Certainty::Ambiguous, span, alternative: Some(other), .. }) => {
            let first = match span {
                Some(span) => meaning(span),
                None => {
                    let label = "No date: keep these words as they are".to_owned();
                    Meaning { words: wording.trim().to_owned(), label }
                }
            };
            vec![first, meaning(other)]
        }
        _ => Vec::new(),
    }
}

fn meaning(span: Span) -> Meaning {
    let days = span.to_string();
    let words = if span.is_month() { text::month(span.latest) } else { days.clone() };
    let label = if words == days { days } else { format!("{words} ({days})") };
    // Every span reads back from its own words but a few odd ones; there its last day stands for it.
    let words = match deadline::read(&words, &deadline::Context::default()) {
        Ok(reading) if reading.span == Some(span) => words,
        _ => text::day(span.latest),
    };
    Meaning { words, label }
}
