//! What has changed since an earlier round: the dashboard's tables of it, and the way to compare with another round.

use maud::{Markup, html};

use super::{
    AS_AT, Page, SINCE,
    table::{named, which},
};
use crate::{
    domain::{
        dashboard::{Change, Changes, Direction},
        rating::{Rating, Suggested},
        standing::Standing,
        text,
    },
    link::path,
    web::view::{
        heat_strip::direction,
        kit::Link,
        rating::{grey_words, rating_tag, suggestion},
        table::{Column, Row, Table},
    },
};

impl Page<'_> {
    pub(super) fn changes(&self) -> Markup {
        let Some(since) = self.since else {
            return html! { p { "There is no earlier round to compare with." } };
        };
        let changes = self.board.changes_since(since);
        let from = text::day(since.frozen_on());
        let tables = [
            (Direction::Worse, &changes.worse),
            (Direction::Better, &changes.better),
            (Direction::Completed, &changes.completed),
        ];
        html! {
            p { "Between " (since.label) " (" (from) ") and " (text::day(self.board.day)) "." (self.other_rounds(since.id.0)) }
            @if changes.is_empty() { p { "Nothing has changed." } } @else { (since_words(&changes)) }
            @for (went, list) in tables {
                @if !list.is_empty() { (self.change_table(went, list)) }
            }
            @if !changes.moved.is_empty() { (dates_table(&changes.moved)) }
            @if !changes.newly_without_update.is_empty() {
                p {
                    "With an update for " (since.label) ", and without one for the latest round: "
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

    fn change_table(&self, went: Direction, changes: &[Change<'_, '_>]) -> Markup {
        let rows = changes.iter().map(|change| {
            let Change { before, now } = change;
            // What is reported stands here only where it is news, and does not say the same as the facts.
            let same = now.reported == Rating::Complete && now.suggestion.rating == Suggested::Complete;
            let reported = before.reported != now.reported && !same;
            let rated = now.panel.filter(|p| before.panel.map(|b| b.rating) != Some(p.rating));
            let panel = self.record.words.say("{Panel}: ");
            Row::new([
                named(now),
                html! {
                    @if reported { (grey_words(&self.entry(before.reported).word)) ", " }
                    @if let Some(was) = before.panel.filter(|_| rated.is_some()) {
                        (grey_words(format!("{panel}{}", self.entry(was.rating).word))) ", "
                    }
                    (grey_words(format!("Suggested: {}", before.suggestion.rating.words())))
                },
                html! {
                    @if reported { div { (rating_tag(self.entry(now.reported))) } }
                    @if let Some(is) = rated { div { (panel) (rating_tag(self.entry(is.rating))) } }
                    (suggestion(now.suggestion.rating, &now.suggestion.reason))
                },
                direction(went),
            ])
        });
        let columns = ["Action", "Then", "Now", "Direction"].map(Column::new);
        html! { (Table::new(went.words(), columns).row_head(0).rows(rows)) }
    }
}

/// "Since Sept 2017: 3 better, 2 worse and 17 without change."
pub(super) fn since_words(changes: &Changes<'_, '_>) -> Markup {
    html! { p { strong { "Since " (changes.since.label) ": " (changes.travel_words()) "." } } }
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
