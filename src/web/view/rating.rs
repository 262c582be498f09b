//! Ratings as people see them: a word, a symbol and a pattern, never colour alone.
//!
//! Owns how a reported rating, a suggestion and an unrated state look. Never decides
//! what a rating is, and never turns a suggestion into something that could be taken
//! for a reported rating: reported ones are filled boxes with a pattern strip,
//! suggested ones are round outlines that begin with the word "Suggested".
//! Tags are never links.

use maud::{Markup, Render, html};

use super::table::{Column, Row, Table};
use crate::domain::{
    rating::{Colour, KeyEntry, Suggested},
    words::Words,
};

/// The last part of a colour's class names in the stylesheet: `tag-red`, `heat-red`.
pub(super) const fn class(colour: Colour) -> &'static str {
    match colour {
        Colour::Red => "red",
        Colour::Amber => "amber",
        Colour::Green => "green",
        Colour::Complete => "complete",
        Colour::Plain => "plain",
    }
}

/// A rating that someone reported, with its plan's own word.
#[must_use]
pub fn rating_tag(entry: &KeyEntry) -> Markup {
    tag(&entry.word, entry.colour)
}

/// The same for a word and the way it is drawn.
#[must_use]
pub fn tag(word: &str, colour: Colour) -> Markup {
    html! {
        span class={ "tag tag-" (class(colour)) } {
            span class="tag-strip" {}
            span class="tag-symbol" aria-hidden="true" { (colour.symbol()) }
            "\u{a0}" (word)
        }
    }
}

/// What the panel says in a rating of its own, in its plan's own word: the tag inside a frame that names the panel, so that it
/// is never taken for what a lead reports.
#[must_use]
pub fn panel_rating_tag(entry: &KeyEntry, words: &Words) -> Markup {
    html! { span class="panel-rating" { (words.say("{Panel}")) ": " (rating_tag(entry)) } }
}

/// What the facts say, as an outline: "Suggested: At risk".
#[must_use]
pub fn suggested_tag(suggested: Suggested) -> Markup {
    outline(suggested.words())
}

/// The same for words that were settled before.
#[must_use]
pub fn outline(words: &str) -> Markup {
    html! { span class="suggested" { "Suggested: " (words) } }
}

/// A suggestion with the rule that made it, in words: "deadline passed 68 days ago".
#[must_use]
pub fn suggestion(suggested: Suggested, reason: impl Render) -> Markup {
    html! {
        span class="suggestion" {
            (suggested_tag(suggested)) " "
            span class="suggestion-reason" { (reason) }
        }
    }
}

/// A state without a rating: "Merged into Aiii", "No further action", "Not applicable".
#[must_use]
pub fn grey_words(words: impl Render) -> Markup {
    html! { span class="grey-words" { (words) } }
}

/// A short fact that must not be missed and is no rating: "Overdue by 68 days".
#[must_use]
pub fn flag(words: impl Render) -> Markup {
    html! { span class="flag" { (words) } }
}

/// What each suggestion means: a key of their own, the same for every plan. Every page that
/// shows one shows or links it.
#[must_use]
pub fn suggested_key(words: &Words) -> Markup {
    let rows =
        Suggested::ALL.iter().map(|one| Row::new([suggested_tag(*one), html! { (one.meaning(words)) }]));
    html! {
        (Table::new("What the suggestions mean", [Column::new("Suggestion"), Column::new("What the facts say")])
            .small()
            .row_head(0)
            .rows(rows))
    }
}

/// A plan's RAG key: every word it uses, as it looks and as it is meant. The note stands
/// below ("The source prints no key"); with no entries it stands alone.
#[must_use]
pub fn key_table<'a>(entries: impl IntoIterator<Item = &'a KeyEntry>, note: Option<&str>) -> Markup {
    let rows: Vec<Row<'_>> =
        entries.into_iter().map(|entry| Row::new([rating_tag(entry), html! { (entry.meaning) }])).collect();
    html! {
        @if !rows.is_empty() {
            (Table::new("What the ratings mean", [Column::new("Rating"), Column::new("Meaning in this plan")])
                .small()
                .row_head(0)
                .rows(rows))
        }
        @if let Some(note) = note {
            p class="soft small" { (note) }
        }
    }
}
