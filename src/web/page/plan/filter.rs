//! A filter in words, for what is printed or taken out: "Lead: MAP Coordinator".

use super::lens::{LedBy, Lens};
use crate::domain::plan::Record;

/// What a lens asks for, a thing each; empty: everything is shown.
pub(super) fn words(record: &Record, lens: &Lens) -> Vec<String> {
    let lead = lens.lead.map(|lead| match lead {
        LedBy::NoPost => "no post (N/A, a body outside)".to_owned(),
        LedBy::Post(id) => {
            record.post(id).map_or_else(|| "a post that is not here".to_owned(), |p| p.name.clone())
        }
    });
    let asked = [
        ("Lead", lead),
        ("Reported rating", lens.rating.map(|r| record.plan.key.word(r))),
        ("What the facts say", lens.suggested.map(|s| s.words().to_owned())),
        ("State", lens.state.map(|s| s.words().to_owned())),
        ("Theme", Some(lens.theme.clone()).filter(|t| !t.is_empty())),
        ("Show", lens.show.map(|s| s.words().to_owned())),
        ("Words in the text", Some(lens.words.clone()).filter(|w| !w.is_empty())),
    ];
    let mut said: Vec<String> =
        asked.into_iter().filter_map(|(name, words)| Some(format!("{name}: {}", words?))).collect();
    let ticked = [(lens.overdue, "Overdue"), (lens.no_update, "No update received")];
    said.extend(ticked.iter().filter(|(on, _)| *on).map(|(_, words)| (*words).to_owned()));
    said
}
