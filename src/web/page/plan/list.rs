//! All plans, each with its counts.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::head::response;
use crate::{
    domain::{
        dashboard::Dashboard,
        meeting::{self, Meeting},
        plan::Record,
        rating::{Rating, Suggested},
        text::plural,
        words::Words,
    },
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
pub(super) fn page(
    records: &[Record],
    meetings: &[Meeting],
    today: NaiveDate,
    edits: bool,
    words: &Words,
) -> Markup {
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
    let rows = records.iter().map(|record| row(record, meetings, today));
    html! {
        h1 { "Plans" }
        @if edits && !records.is_empty() { (button_group([link_button(new, Kind::Secondary)])) }
        @if records.is_empty() {
            (empty(
                "No plans yet",
                words.say("A plan holds {a panel’s} recommendations, the actions that answer them, and what became of them."),
                edits.then_some(Link::new(new.href, "Make the first plan")),
            ))
        } @else {
            (Table::new("Plans, with where they stand", columns).caption_hidden().row_head(0).rows(rows))
        }
    }
}

fn row(record: &Record, meetings: &[Meeting], today: NaiveDate) -> Row<'static> {
    let plan = &record.plan;
    let board = Dashboard::at(record, today, |_| true);
    let reported = Rating::ALL.iter().map(|rating| (board.reported(*rating).len(), rating));
    let suggested = Suggested::ALL.iter().map(|rating| (board.suggested(*rating).len(), rating));
    let overdue = board.having(|s| s.overdue_days.is_some()).len();
    let meeting = meeting::next_for(meetings, record, today);
    Row::new([
        html! {
            p { a href=(path::plan(&plan.slug)) { strong { (plan.title) } } }
            @if let Some(panel) = &plan.panel {
                p {
                    @match plan.panel_id { Some(id) => a href=(path::panel_dashboard(id)) { (panel) }, None => (panel) }
                }
            }
            p {
                (plural(board.total(), "action", "actions")) ". "
                a href=(path::dashboard(&plan.slug)) {
                    "Dashboard" span class="visually-hidden" { " of " (plan.title) }
                }
                ", "
                a href=(path::key(&plan.slug)) {
                    "RAG key" span class="visually-hidden" { " of " (plan.title) }
                }
            }
            @for awaited in record.responses_awaited(today) { (response(&record.words, &awaited, today)) }
            @if let Some(on) = plan.monitoring_ended_on { p { "Monitoring ended on " (day(on)) } }
        },
        tags(reported.map(|(n, rating)| (n, rating_tag(&plan.key.entry(*rating))))),
        tags(suggested.map(|(n, rating)| (n, suggested_tag(*rating)))),
        html! { (overdue) },
        html! { (board.without_update().len()) },
        html! { @match meeting { Some(meeting) => (day(meeting.held_on)), None => span class="grey-words" { "None planned" } } },
        html! { (record.post(plan.manager).map_or("", |p| p.name.as_str())) },
    ])
}

/// Counts with what they count, one a line: the figure first.
fn tags(counts: impl Iterator<Item = (usize, Markup)>) -> Markup {
    html! {
        @for (n, tag) in counts.filter(|(n, _)| *n > 0) { p class="tally" { strong { (n) } " " (tag) } }
    }
}
