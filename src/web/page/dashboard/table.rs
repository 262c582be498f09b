//! The dashboard's first tables: where to look first, and where ratings and facts disagree.

use maud::{Markup, html};

use super::Page;
use crate::{
    domain::{
        agenda,
        rating::{Disagreement, Suggested},
        standing::Standing,
        text::plural,
    },
    link::path,
    web::view::{
        count::Count,
        rating::{rating_tag, suggestion},
        table::{Column, Row, Table},
    },
};

/// The most actions that a line names; the rest are a link away.
const NAMED: usize = 12;

/// The actions by label, each a link; after the first twelve their number, with a link to them all if there is one.
pub(super) fn which(standings: &[&Standing<'_>], all: Option<&str>) -> Markup {
    with_words(standings, all, |_| None)
}

pub(super) fn with_words(
    standings: &[&Standing<'_>],
    all: Option<&str>,
    words: impl Fn(&Standing<'_>) -> Option<String>,
) -> Markup {
    let rest = standings.len().saturating_sub(NAMED);
    html! {
        @for (index, standing) in standings.iter().take(NAMED).enumerate() {
            @if index > 0 { ", " }
            (action_link(standing))
            @if let Some(words) = words(standing) { " (" (words) ")" }
        }
        @if rest > 0 {
            " and "
            @match all {
                Some(href) => { a href=(href) { (rest) " more" } }
                None => { (rest) " more" }
            }
        }
    }
}

pub(super) fn action_link(standing: &Standing<'_>) -> Markup {
    html! { a href=(path::action(standing.action.id)) { (standing.action.label) } }
}

/// An action as the head of a row: its label as a link, and its title.
pub(super) fn named(standing: &Standing<'_>) -> Markup {
    html! { (action_link(standing)) " " (standing.action.title()) }
}

/// One line of "where to look first".
struct Line<'a> {
    words: String,
    standings: Vec<&'a Standing<'a>>,
    href: Option<String>,
    which: Markup,
}

impl Page<'_> {
    pub(super) fn look_first(&self) -> Markup {
        let total = self.board.total();
        let lines = self.lines();
        let rows = lines.iter().map(|line| {
            let mut count = Count::new(&line.words, line.standings.len(), total);
            if let Some(href) = line.href.as_deref().filter(|_| !line.standings.is_empty()) {
                count = count.link(href);
            }
            Row::new([
                html! { (count) },
                html! { @if line.standings.is_empty() { "None" } @else { (line.which) } },
            ])
        });
        html! {
            h2 { "Where to look first" }
            (Table::new("Where to look first", [Column::new("Count"), Column::new("Which")])
                .caption_hidden()
                .row_head(0)
                .rows(rows))
            @if let Some(unknown) = self.unknown_facts() { (unknown) }
        }
    }

    fn lines(&self) -> Vec<Line<'_>> {
        let board = self.board;
        let total = board.total();
        let days = |n: Option<i64>| n.map(|n| plural(n, "day", "days"));
        let mut lines = Vec::new();

        let overdue = board.having(|s| s.overdue_days.is_some());
        let href = self.plan_link("overdue=yes");
        lines.push(Line {
            words: format!("{} overdue of {total}", overdue.len()),
            which: with_words(&overdue, Some(&href), |s| days(s.overdue_days)),
            standings: overdue,
            href: Some(href),
        });
        let on_original = board.having(|s| s.overdue_on_original_days.is_some());
        let href = self.plan_link("show=overdue-first");
        lines.push(Line {
            words: format!("{} overdue of {total} on the date first agreed", on_original.len()),
            which: with_words(&on_original, Some(&href), |s| days(s.overdue_on_original_days)),
            standings: on_original,
            href: Some(href),
        });
        let passed = board.having(|s| s.passed);
        let href = self.plan_link("show=passed");
        lines.push(Line {
            words: format!("{} of {total} deadlines passed, whatever became of the action", passed.len()),
            which: which(&passed, Some(&href)),
            standings: passed,
            href: Some(href),
        });
        if let Some(round) = board.latest_round() {
            let without = board.without_update();
            let href = self.plan_link("no-update=yes");
            let gap = round.gap_words(board.day);
            lines.push(Line {
                words: format!("{} of {total}: {gap} for {}", without.len(), round.label),
                which: which(&without, Some(&href)),
                standings: without,
                href: Some(href),
            });
        }
        let undated = board.suggested(Suggested::NoDate);
        let href = self.plan_link("suggested=no_date");
        lines.push(Line {
            words: format!("{} of {total} with no date to judge by", undated.len()),
            which: which(&undated, Some(&href)),
            standings: undated,
            href: Some(href),
        });
        let worse = board.disagreeing(Disagreement::FactsWorse);
        let href = self.plan_link("show=facts-worse");
        lines.push(Line {
            words: format!("{} of {total} where the facts are worse than the rating", worse.len()),
            which: which(&worse, Some(&href)),
            standings: worse,
            href: Some(href),
        });
        lines
    }

    fn unknown_facts(&self) -> Option<Markup> {
        let found = self.board.unknown_facts();
        let alone = self.board.unknown_facts_without_action();
        let sum = found.iter().map(|(_, n)| n).chain(alone.iter().map(|(_, n)| n)).sum::<usize>();
        let href = self.plan_link("show=unknown");
        let words = format!("{} not known", plural(sum, "fact", "facts"));
        (sum > 0).then(|| {
            html! {
                p {
                    @if found.is_empty() { (words) } @else { a href=(href) { (words) } }
                    ", left as “??” in the texts: "
                    @for (index, (standing, n)) in found.iter().enumerate() {
                        @if index > 0 { ", " }
                        (action_link(standing)) " (" (n) ")"
                    }
                    @for (index, (one, n)) in alone.iter().enumerate() {
                        @if index > 0 || !found.is_empty() { ", " }
                        "recommendation " (agenda::name(self.record, one.id)) " (" (n) ")"
                    }
                    "."
                }
            }
        })
    }

    pub(super) fn disagreement_table(&self, caption: &str, standings: &[&Standing<'_>]) -> Markup {
        let columns = ["Action", "Reported", "What the facts say", "Lead"].map(Column::new);
        let rows = standings.iter().map(|s| {
            Row::new([
                named(s),
                rating_tag(self.entry(s.reported)),
                suggestion(s.suggestion.rating, &s.suggestion.reason),
                html! { (s.action.lead_wording) },
            ])
        });
        html! { (Table::new(caption, columns).row_head(0).rows(rows)) }
    }
}
