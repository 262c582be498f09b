//! The dashboard's tables: where to look first, disagreements, changes, and by lead or theme.

use maud::{Markup, html};

use super::{AS_AT, Page, SINCE};
use crate::{
    domain::{
        dashboard::Change,
        rating::{Disagreement, Rating, Suggested},
        standing::Standing,
        text::{self, plural},
    },
    link::path,
    web::view::{
        count::Count,
        kit::Link,
        rating::{grey_words, rating_tag, suggestion},
        table::{Column, Row, Table},
    },
};

/// The most actions that a line names; the rest are a link away.
const NAMED: usize = 12;

/// The actions by label, each a link; after the first twelve their number, with a link to them all if there is one.
pub(super) fn which(standings: &[&Standing<'_>], all: Option<&str>) -> Markup {
    with_words(standings, all, |_| None)
}

fn with_words(
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

fn action_link(standing: &Standing<'_>) -> Markup {
    html! { a href=(path::action(standing.action.id)) { (standing.action.label) } }
}

/// An action as the head of a row: its label as a link, and its title.
fn named(standing: &Standing<'_>) -> Markup {
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
        lines.push(Line {
            words: format!("{} overdue of {total} on the date first agreed", on_original.len()),
            which: with_words(&on_original, None, |s| days(s.overdue_on_original_days)),
            standings: on_original,
            href: None,
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
        lines.push(Line {
            words: format!("{} of {total} where the facts are worse than the rating", worse.len()),
            which: which(&worse, None),
            standings: worse,
            href: None,
        });
        lines
    }

    fn unknown_facts(&self) -> Option<Markup> {
        let found = self.board.unknown_facts();
        let sum: usize = found.iter().map(|(_, n)| n).sum();
        (sum > 0).then(|| {
            html! {
                p {
                    (plural(sum, "fact", "facts")) " not known, left as “??” in the texts: "
                    @for (index, (standing, n)) in found.iter().enumerate() {
                        @if index > 0 { ", " }
                        (action_link(standing)) " (" (n) ")"
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

    pub(super) fn changes(&self) -> Markup {
        let Some(since) = self.since else {
            return html! { p { "There is no earlier round to compare with." } };
        };
        let changes = self.board.changes_since(since);
        let from = text::day(since.counts_from());
        let tables =
            [("Worse", &changes.worse), ("Better", &changes.better), ("Newly complete", &changes.completed)];
        html! {
            p { "Between " (since.label) " (" (from) ") and " (text::day(self.board.day)) "." (self.other_rounds(since.id.0)) }
            @if changes.is_empty() { p { "Nothing has changed." } }
            @for (caption, list) in tables {
                @if !list.is_empty() { (self.change_table(caption, list)) }
            }
            @if !changes.moved.is_empty() { (dates_table(&changes.moved)) }
            @if !changes.newly_without_update.is_empty() {
                p {
                    "With an update in the round before, and without one in the latest: "
                    (which(&changes.newly_without_update, Some(&self.plan_link("no-update=yes")))) "."
                }
            }
            @if !changes.added.is_empty() {
                p { "Added: " (which(&changes.added, None)) "." }
            }
        }
    }

    /// Links to the same comparison from another round.
    fn other_rounds(&self, current: i64) -> Markup {
        let here = path::dashboard(&self.record.plan.slug);
        let links: Vec<(String, &str)> = self
            .board
            .earlier_rounds()
            .rev()
            .filter(|r| r.id.0 != current)
            .map(|r| {
                let as_at = self.as_at().map_or(String::new(), |day| format!("&{AS_AT}={day}"));
                (format!("{here}?{SINCE}={}{as_at}#changed", r.id), r.label.as_str())
            })
            .collect();
        html! {
            @if !links.is_empty() {
                " Compare with "
                @for (index, (href, label)) in links.iter().enumerate() {
                    @if index > 0 { ", " }
                    (Link::new(href, label))
                }
                "."
            }
        }
    }

    fn change_table(&self, caption: &str, changes: &[Change<'_, '_>]) -> Markup {
        let rows = changes.iter().map(|change| {
            let Change { before, now } = change;
            // What is reported stands here only where it is news, and does not say the same as the facts.
            let same = now.reported == Rating::Complete && now.suggestion.rating == Suggested::Complete;
            let reported = before.reported != now.reported && !same;
            Row::new([
                named(now),
                html! {
                    @if reported { (grey_words(&self.entry(before.reported).word)) ", " }
                    (grey_words(format!("Suggested: {}", before.suggestion.rating.words())))
                },
                html! {
                    @if reported { div { (rating_tag(self.entry(now.reported))) } }
                    (suggestion(now.suggestion.rating, &now.suggestion.reason))
                },
            ])
        });
        let columns = ["Action", "Then", "Now"].map(Column::new);
        html! { (Table::new(caption, columns).row_head(0).rows(rows)) }
    }
}

fn dates_table(moved: &[Change<'_, '_>]) -> Markup {
    let rows = moved.iter().map(|change| {
        let wording = |s: &Standing<'_>| s.deadline.map_or("none", |d| d.wording.as_str()).to_owned();
        Row::new([
            named(change.now),
            html! { (wording(&change.before)) },
            html! {
                (wording(change.now))
                @if let Some(slippage) = change.now.slippage.as_ref().filter(|_| change.deadline_moved()) {
                    ", " (slippage)
                }
                @if let Some(asked) = change.newly_asked() { ", " (asked.wording) " asked for" }
            },
        ])
    });
    let columns = ["Action", "By when then", "By when now"].map(Column::new);
    html! { (Table::new("Dates moved or asked for", columns).row_head(0).rows(rows)) }
}
