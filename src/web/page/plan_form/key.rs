//! The RAG key on a plan's form: one fieldset per kind. A kind left blank is not in the key.

use maud::{Markup, html};

use crate::{
    domain::rating::{Colour, KeyEntry, RagKey, Rating},
    web::{
        form::{Fields, Reader},
        view::{
            form::{Choice, FieldError, Inputs, Width, fieldset},
            rating::rating_tag,
        },
    },
};

/// The fields of one kind.
struct Kind {
    rating: Rating,
    word: &'static str,
    colour: &'static str,
    meaning: &'static str,
}

/// Every kind that somebody can report, in the order in which a key is printed.
const KINDS: [Kind; 6] = [
    Kind {
        rating: Rating::NotStarted,
        word: "not_started",
        colour: "not_started_colour",
        meaning: "not_started_meaning",
    },
    Kind {
        rating: Rating::OnTrack,
        word: "on_track",
        colour: "on_track_colour",
        meaning: "on_track_meaning",
    },
    Kind { rating: Rating::AtRisk, word: "at_risk", colour: "at_risk_colour", meaning: "at_risk_meaning" },
    Kind {
        rating: Rating::OffTrack,
        word: "off_track",
        colour: "off_track_colour",
        meaning: "off_track_meaning",
    },
    Kind {
        rating: Rating::Complete,
        word: "complete",
        colour: "complete_colour",
        meaning: "complete_meaning",
    },
    Kind { rating: Rating::Closed, word: "closed", colour: "closed_colour", meaning: "closed_meaning" },
];

/// A key as the fields of the form.
pub(super) fn fields_of(key: &RagKey) -> Vec<(&'static str, String)> {
    let mut fields = vec![("key_note", key.note.clone().unwrap_or_default())];
    for entry in key.entries() {
        if let Some(kind) = KINDS.iter().find(|k| k.rating == entry.rating) {
            fields.push((kind.word, entry.word.clone()));
            fields.push((kind.colour, entry.colour.code().to_owned()));
            fields.push((kind.meaning, entry.meaning.clone()));
        }
    }
    fields
}

/// The labels of its fields, for telling two versions apart.
pub(super) fn labels<'a>() -> impl Iterator<Item = (&'static str, &'a str)> {
    let of = |kind: &Kind| {
        [(kind.word, kind.rating.plain_word()), (kind.colour, "Drawn as"), (kind.meaning, "What it means")]
    };
    KINDS.iter().flat_map(of).chain([("key_note", "Note on the RAG key")])
}

/// Reads the key.
pub(super) fn read(read: &mut Reader<'_>) -> RagKey {
    let mut entries: Vec<KeyEntry> = Vec::new();
    for kind in &KINDS {
        let word = read.optional(kind.word, 40);
        let colour = read.choice(kind.colour, Colour::from_code);
        let meaning = read.optional(kind.meaning, 300);
        let Some(word) = word else {
            if meaning.is_some() {
                read.wrong(kind.word, "Enter this plan’s word for it, or clear its meaning");
            }
            continue;
        };
        if entries.iter().any(|e| e.word.eq_ignore_ascii_case(&word)) {
            read.wrong(
                kind.word,
                format!("“{word}” stands for another kind already: give each its own word"),
            );
        }
        if colour.is_none() {
            read.wrong(kind.colour, format!("Choose how “{word}” is drawn"));
        }
        if meaning.is_none() {
            read.wrong(kind.meaning, format!("Enter what “{word}” means in this plan"));
        }
        let (colour, meaning) = (colour.unwrap_or(Colour::Plain), meaning.unwrap_or_default());
        entries.push(KeyEntry { rating: kind.rating, word, colour, meaning });
    }
    if entries.is_empty() {
        read.wrong("on_track", "Enter the plan’s word for at least one kind");
    }
    let note = read.optional("key_note", 500);
    RagKey::new(entries, note)
}

/// The key's part of the form.
pub(super) fn inputs(fields: &Fields, errors: &[FieldError]) -> Markup {
    let f = Inputs::new(errors);
    html! {
        h2 { "RAG key" }
        p { "Green means “achieved” in one council and “on track” in another. Say what this plan’s ratings mean: every page that shows one links to it. Leave the word empty where this plan does not use a kind." }
        @for kind in &KINDS {
            (fieldset(kind.rating.plain_word(), html! {
                (f.text(kind.word, "This plan’s word for it", fields.raw(kind.word)).optional().width(Width::W20))
                div class="choices-in-line" { (f.radios(kind.colour, "Drawn as", fields.raw(kind.colour), Colour::ALL.iter().map(|c| choice(*c)))) }
                (f.text(kind.meaning, "What it means", fields.raw(kind.meaning)).optional())
            }))
        }
        (f.textarea("key_note", "Note on the key", fields.raw("key_note")).optional().rows(2)
            .hint("Where the key comes from, or that the source prints none"))
    }
}

fn choice(colour: Colour) -> Choice<'static> {
    let word = match colour {
        Colour::Red => "Red",
        Colour::Amber => "Amber",
        Colour::Green => "Green",
        Colour::Complete => "Blue",
        Colour::Plain => "White",
    };
    let sample =
        KeyEntry { rating: Rating::NotRecorded, word: word.to_owned(), colour, meaning: String::new() };
    Choice::new(colour.code(), rating_tag(&sample))
}
