//! The dashboard to be read from two metres: the sentence, the counts, what has changed, what is overdue, the heat strip, and
//! what the ratings mean. Nothing on it leads anywhere; the way back stands above it.

use maud::{Markup, html};

use super::{Page, change::since_words};
use crate::{
    domain::{
        dashboard::{Change, Changes, Direction},
        standing::Standing,
        text::{self, plural},
    },
    web::view::{
        heat_strip::direction,
        rating::{key_table, suggested_key},
    },
};

/// The most actions that a line names: more is not read from afar.
const NAMED: usize = 8;

impl Page<'_> {
    pub(super) fn presented(&self) -> Markup {
        let plan = &self.record.plan;
        html! {
            h1 { (plan.title) }
            p class="lead-sentence" { (self.board.sentence()) }
            (self.basis())
            @if self.board.total() > 0 {
                (self.counts_to_read())
                h2 { "Overdue" }
                (self.overdue_to_read())
                h2 { "What has changed" }
                @match self.since {
                    Some(since) => (changes_to_read(&self.board.changes_since(since))),
                    None => p { "There is no earlier round to compare with." },
                }
                h2 { "Ratings by round" }
                (self.heat(false))
                h2 { "What the words mean" }
                (key_table(plan.key.entries(), plan.key.note.as_deref()))
                (suggested_key(&self.record.words))
            }
        }
    }

    fn overdue_to_read(&self) -> Markup {
        let overdue = self.board.having(|s| s.overdue_days.is_some());
        let first = self.board.having(|s| s.overdue_on_original_days.is_some()).len();
        let total = self.board.total();
        let days = |s: &&Standing<'_>| {
            let days = s.overdue_days.map(|n| plural(n, "day", "days")).unwrap_or_default();
            format!("{} ({days})", s.action.label)
        };
        html! {
            p {
                strong { (overdue.len()) " overdue of " (total) }
                @if !overdue.is_empty() { ": " (few(overdue.iter().map(days))) }
                "."
            }
            @if first != overdue.len() { p { (first) " of " (total) " on the date first agreed." } }
        }
    }
}

fn changes_to_read(changes: &Changes<'_, '_>) -> Markup {
    let lists = [
        (Direction::Worse, &changes.worse),
        (Direction::Better, &changes.better),
        (Direction::Completed, &changes.completed),
    ];
    let name = |change: &Change<'_, '_>| change.now.action.label.clone();
    let moved = |change: &Change<'_, '_>| match change.newly_asked() {
        Some(asked) => format!("{} ({} asked for)", change.now.action.label, asked.wording),
        None => format!(
            "{} ({})",
            change.now.action.label,
            change.now.deadline.map_or("no date", |d| d.wording.as_str())
        ),
    };
    html! {
        @if changes.is_empty() { p { "Nothing has changed since " (changes.since.label) "." } } @else { (since_words(changes)) }
        ul {
            @for (went, list) in lists {
                @if !list.is_empty() { li { (direction(went)) ": " (few(list.iter().map(name))) } }
            }
            @if !changes.moved.is_empty() { li { "Dates moved or asked for: " (few(changes.moved.iter().map(moved))) } }
            @if !changes.newly_without_update.is_empty() {
                li { "Newly without an update: " (few(changes.newly_without_update.iter().map(|s| s.action.label.clone()))) }
            }
            @if !changes.added.is_empty() { li { "Added: " (few(changes.added.iter().map(|s| s.action.label.clone()))) } }
        }
    }
}

/// "Aiii, Avii and D", or the first of them "and 9 more".
fn few(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<String> = names.collect();
    let rest = names.len().saturating_sub(NAMED);
    if rest > 0 {
        names.truncate(NAMED);
        names.push(format!("{rest} more"));
    }
    text::list(&names)
}
