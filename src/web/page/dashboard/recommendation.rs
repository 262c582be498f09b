//! The dashboard's table of recommendations: how far the actions are, and what the panel concluded.

use maud::{Markup, html};

use super::{Page, table::which};
use crate::{
    domain::{
        dashboard::Recommended,
        decision::{Conclusion, Verdict},
        text::{self, plural},
    },
    web::view::table::{Column, Row, Table},
};

impl Page<'_> {
    pub(super) fn recommendations(&self) -> Markup {
        let all = self.board.recommended();
        let words = &self.record.words;
        let conclusion = words.say("What the {panel} concludes");
        let columns = ["Recommendation", "Actions", "How far", &conclusion].map(Column::new);
        let rows = all.iter().map(|one| {
            Row::new([
                named(one),
                html! { @if one.actions.is_empty() { "None" } @else { (which(&one.actions, None)) } },
                html! { (one.words()) },
                match one.conclusion {
                    Some(conclusion) => concluded(conclusion),
                    None => html! { "Nothing yet" },
                },
            ])
        });
        html! {
            @if all.is_empty() {
                p { "This plan has no recommendations." }
            } @else {
                p { (self.concluded_words(all.len())) }
                (Table::new("Recommendations, with what became of them", columns).caption_hidden().row_head(0).rows(rows))
            }
        }
    }

    /// "The panel has concluded on 3 of 21 recommendations: 2 met, 1 partly met."
    fn concluded_words(&self, all: usize) -> String {
        let counts = Verdict::ALL.iter().map(|verdict| (self.board.concluded(*verdict), verdict));
        let said: Vec<String> = counts
            .clone()
            .filter(|(n, _)| *n > 0)
            .map(|(n, verdict)| format!("{n} {}", verdict.words().to_lowercase()))
            .collect();
        let sum: usize = counts.map(|(n, _)| n).sum();
        let begins = self.record.words.say("The {panel} has concluded on");
        let of = plural(all, "recommendation", "recommendations");
        match sum {
            0 => {
                let begins = self.record.words.say("The {panel} has not concluded on");
                format!(
                    "{begins} any of {of}. How many actions are complete does not say that a recommendation is met."
                )
            }
            n => format!("{begins} {n} of {of}: {}.", text::list(&said)),
        }
    }
}

/// The reference and the first words.
fn named(one: &Recommended<'_, '_>) -> Markup {
    let recommendation = one.recommendation;
    html! {
        @if let Some(reference) = &recommendation.reference { strong { (reference) } " " }
        (text::short_title(&recommendation.text))
    }
}

/// "Partly met", why, and where it was said.
fn concluded(conclusion: &Conclusion) -> Markup {
    html! {
        p { strong { (conclusion.verdict.words()) } }
        @if let Some(reason) = &conclusion.reason { p { (reason) } }
        p class="soft small" {
            (text::day(conclusion.from))
            @if let Some(resolution) = &conclusion.resolution { ", " (resolution.minute_words()) }
        }
    }
}
