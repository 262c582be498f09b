//! Two people edited the same thing: what is saved now beside what was typed, field by field.
//!
//! Owns only how they are shown. The form itself keeps what was typed, and saves it if it is sent again.

use maud::{Markup, html};

use crate::{
    domain::text,
    web::{
        form::Fields,
        view::kit::{both_texts, notice, paragraphs},
    },
};

/// The fields that differ, each by its label; `words` turns what a form holds (an identifier, a code) into what people
/// read. Nothing differs: both wrote the same, and it says so.
pub(in crate::web) fn both(
    saved: &Fields,
    typed: &Fields,
    labels: &[(&'static str, &str)],
    words: impl Fn(&str, &str) -> String,
) -> Markup {
    let value = |fields: &Fields, name: &str| {
        let values: Vec<String> = fields.all(name).map(|v| words(name, &v.replace("\r\n", "\n"))).collect();
        text::list(&values)
    };
    let differing: Vec<(&str, String, String)> = labels
        .iter()
        .map(|(name, label)| (*label, value(saved, name), value(typed, name)))
        .filter(|(_, now, yours)| now.trim() != yours.trim())
        .collect();
    let side = |pick: fn(&(&str, String, String)) -> String| {
        html! {
            @for field in &differing {
                p { strong { (field.0) } }
                @let words = pick(field);
                @if words.trim().is_empty() { p class="soft" { "Empty" } } @else { (paragraphs(&words)) }
            }
        }
    };
    html! {
        (notice("Somebody else saved this while you were writing", html! {
            p { "Nothing of yours is lost: it is still in the form below. Save it again to replace what is saved now, or change it first." }
        }))
        @if differing.is_empty() {
            p { "You both wrote the same." }
        } @else {
            (both_texts("What is saved now", side(|f| f.1.clone()), "What you typed", side(|f| f.2.clone())))
        }
    }
}
