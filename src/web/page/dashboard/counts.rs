//! The dashboard's counts: what the facts suggest, what the leads report, what the panel concludes, each leading to what it
//! counts.

use maud::{Markup, html};

use super::Page;
use crate::{
    domain::{
        rating::{Colour, KeyEntry, Rating, Suggested},
        standing::Standing,
        text::{self, plural},
    },
    link::path,
    web::view::count::{Count, counts},
};

/// A count before it is drawn: its words, how many, where its list is, and its colour.
pub(super) struct Line {
    words: String,
    part: usize,
    href: String,
    colour: Colour,
}

impl Page<'_> {
    pub(super) fn counts(&self) -> Markup {
        let (total, rated) = (self.board.total(), self.board.rated());
        html! {
            div class="columns" {
                div {
                    h2 { "What the facts suggest" }
                    (drawn(&self.suggested_counts(), total, true))
                }
                div {
                    h2 { "What the leads report" }
                    (drawn(&self.reported_counts(), rated, true))
                    p class="small" { a href=(path::key(&self.record.plan.slug)) { "What the ratings mean in this plan" } }
                }
                div {
                    h2 { (self.record.words.say("What the {panel} concludes")) }
                    @if self.board.has_panel_ratings() {
                        (drawn(&self.panel_counts(), rated, true))
                    } @else {
                        p { (self.record.words.say("The {panel} has given no rating of its own.")) }
                    }
                }
            }
            (self.complete_three_ways())
        }
    }

    /// How many are complete by what was proposed, by the facts and by the leads, and why that differs.
    fn complete_three_ways(&self) -> Markup {
        let said = self.board.having(|s| s.state.is_complete());
        let ways = [
            ("by the facts", self.board.suggested(Suggested::Complete)),
            ("as their leads report", self.board.reported(Rating::Complete)),
        ];
        let parts = |these: &[&Standing<'_>]| {
            let labels = |of: &[&Standing<'_>], without: &[&Standing<'_>]| -> Vec<String> {
                let other = |s: &&&Standing<'_>| without.iter().all(|w| w.action.id != s.action.id);
                of.iter().filter(other).map(|s| s.action.label.clone()).collect()
            };
            let (more, fewer) = (labels(these, &said), labels(&said, these));
            let told = |word: &str, labels: Vec<String>| match labels.len() {
                0 => String::new(),
                1..=6 => format!(", {word} {}", text::list(&labels)),
                n => format!(", {word} {n} others"),
            };
            told("with", more) + &told("without", fewer)
        };
        let ways: Vec<String> =
            ways.iter().map(|(way, these)| format!("{way} {}{}", these.len(), parts(these))).collect();
        html! {
            p class="small" {
                (plural(said.len(), "action is", "actions are")) " said to be complete; " (ways.join("; "))
                ". A merged action counts with the one that carries its work on."
            }
        }
    }

    /// The three kinds of count again, as words and bars alone.
    pub(super) fn counts_to_read(&self) -> Markup {
        let (total, rated) = (self.board.total(), self.board.rated());
        html! {
            div class="columns" {
                div { h2 { "What the facts suggest" } (drawn(&self.suggested_counts(), total, false)) }
                div { h2 { "What the leads report" } (drawn(&self.reported_counts(), rated, false)) }
                @if self.board.has_panel_ratings() {
                    div {
                        h2 { (self.record.words.say("What the {panel} concludes")) }
                        (drawn(&self.panel_counts(), rated, false))
                    }
                }
            }
        }
    }

    fn suggested_counts(&self) -> Vec<Line> {
        let total = self.board.total();
        Suggested::ALL
            .iter()
            .map(|one| (one, self.board.suggested(*one).len()))
            // The rarer ones stand here only when there are any.
            .filter(|(one, n)| *n > 0 || !matches!(one, Suggested::NoDate | Suggested::NotRated))
            .map(|(one, n)| Line {
                words: one.counted(n, total),
                part: n,
                href: self.plan_link(&format!("suggested={}", one.code())),
                colour: Colour::Plain,
            })
            .collect()
    }

    fn reported_counts(&self) -> Vec<Line> {
        let rated = self.board.rated();
        self.by_key("rating", rated, |entry| self.board.reported(entry.rating).len())
    }

    fn panel_counts(&self) -> Vec<Line> {
        self.by_key("panel", self.board.rated(), |entry| self.board.panel(entry.rating).len())
    }

    /// A count for every entry of the key.
    fn by_key(&self, filter: &str, whole: usize, count: impl Fn(&KeyEntry) -> usize) -> Vec<Line> {
        self.key
            .iter()
            .map(|entry| (entry, count(entry)))
            // What has no colour and nobody said would only be in the way.
            .filter(|(entry, n)| *n > 0 || entry.colour != Colour::Plain)
            .map(|(entry, n)| Line {
                words: format!("{n} {} of {whole}", entry.word),
                part: n,
                href: self.plan_link(&format!("{filter}={}", entry.rating.code())),
                colour: entry.colour,
            })
            .collect()
    }
}

fn drawn(lines: &[Line], whole: usize, linked: bool) -> Markup {
    counts(lines.iter().map(|line| {
        let count = Count::new(&line.words, line.part, whole);
        let count = if linked { count.link(&line.href) } else { count };
        if line.colour == Colour::Plain { count } else { count.colour(line.colour) }
    }))
}
