//! All plans, each with its counts.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::{Reader, line, tally};
use crate::{
    domain::{plan::Record, text::plural},
    link::path,
    web::{
        route::Route,
        view::{
            button::{Kind, button_group, link_button},
            kit::{Link, day, empty},
            rating::{rating_tag, suggested_tag},
            table::{Column, Row, Table, Width},
        },
    },
};

/// The page.
pub(super) fn page(records: &[(Record, Reader)], today: NaiveDate, edits: bool) -> Markup {
    let new = Link::new(Route::NewPlan.path(), "New plan");
    let columns = [
        Column::new("Plan"),
        Column::new("Reported"),
        Column::new("What the facts say"),
        Column::new("Overdue").width(Width::Number),
        Column::new("No update in the latest round").width(Width::Number),
        Column::new("Next meeting"),
        Column::new("Manager"),
    ];
    let rows = records.iter().map(|(record, reader)| row(record, *reader, today));
    html! {
        h1 { "Plans" }
        @if edits && !records.is_empty() { (button_group([link_button(new, Kind::Secondary)])) }
        @if records.is_empty() {
            (empty(
                "No plans yet",
                "A plan holds a panel’s recommendations, the actions that answer them, and what became of them.",
                edits.then_some(Link::new(new.href, "Make the first plan")),
            ))
        } @else {
            (Table::new("Plans, with where they stand", columns).caption_hidden().row_head(0).rows(rows))
        }
    }
}

fn row(record: &Record, reader: Reader, today: NaiveDate) -> Row<'static> {
    let plan = &record.plan;
    let rounds = line::rounds(record, today, today, reader.unpublished);
    let columns = line::columns(record, &rounds, today, false);
    let counts = tally::of(&line::lines(record, today), &columns, today);
    let meeting = record.rounds.iter().filter_map(|r| r.meeting_on).filter(|on| *on >= today).min();
    Row::new([
        html! {
            p { a href=(path::plan(&plan.slug)) { strong { (plan.title) } } }
            @if let Some(panel) = &plan.panel { p class="soft" { (panel) } }
            p {
                (plural(counts.actions, "action", "actions")) ". "
                a href=(path::dashboard(&plan.slug)) {
                    "Dashboard" span class="visually-hidden" { " of " (plan.title) }
                }
                ", "
                a href=(path::key(&plan.slug)) {
                    "RAG key" span class="visually-hidden" { " of " (plan.title) }
                }
            }
            @if let Some(on) = plan.monitoring_ended_on { p { "Monitoring ended on " (day(on)) } }
        },
        tags(counts.reported.iter().map(|(rating, n)| (*n, rating_tag(&plan.key.entry(*rating))))),
        tags(counts.suggested.iter().map(|(rating, n)| (*n, suggested_tag(*rating)))),
        html! { (counts.overdue) },
        html! { (counts.no_update) },
        html! { @match meeting { Some(on) => (day(on)), None => span class="grey-words" { "None planned" } } },
        html! { (record.post(plan.manager).map_or("", |p| p.name.as_str())) },
    ])
}

/// Counts with what they count, one a line: the figure first.
fn tags(counts: impl Iterator<Item = (usize, Markup)>) -> Markup {
    html! {
        @for (n, tag) in counts { p class="tally" { strong { (n) } " " (tag) } }
    }
}
