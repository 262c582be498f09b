//! The history: who changed what, and when, newest first; of everything, or of one plan.
//!
//! Owns the two pages and the file. It shows what commands have written down and never anything else. Who may not read
//! unpublished updates of a plan is not shown that one was written; people and posts are for those who manage them.

use axum::extract::{RawQuery, State};
use chrono::NaiveDateTime;
use chrono_tz::Europe::London;
use maud::{Markup, html};
use serde_json::Value;

use crate::{
    domain::{
        access::{self, Actor, Permission, may},
        id::PlanId,
        plan::Record,
        text,
    },
    link::path,
    store::{
        self,
        audit::{Content, Event, Of, Shown},
        record::Depth,
    },
    web::{
        App,
        address::Path,
        error::WebError,
        form::Fields,
        guard::Me,
        sheet::Sheet,
        view::{
            form::Inputs,
            kit::{day, details, empty, moment, pagination, paragraphs},
            table::{Column, Row, Table, Width},
            timeline::{Entry, timeline},
        },
    },
};

mod file;
mod filter;

pub(in crate::web) use file::csv;
use filter::Filter;

/// Events on one page.
const PAGE: u64 = 50;

/// One page of events, and where it lies.
struct Chosen {
    filter: Filter,
    events: Vec<Event>,
    /// How many there are on all pages.
    count: u64,
    /// Where the chain of all events ends, in short; none: nothing has happened yet.
    check: Option<String>,
    /// Whether the reader may take the whole history out.
    exports: bool,
    /// From 1.
    page: u64,
    pages: u64,
    /// The plans whose updates the reader may know of.
    updates_of: Vec<PlanId>,
}

pub(in crate::web) async fn all(
    State(app): State<App>,
    Me(actor): Me,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    let records = store::record::all(&app.cx.store, &actor, Depth::Current).await?;
    let chosen = choose(&app, &actor, Of::All, &records, query).await?;
    let content = html! {
        (chosen.errors())
        h1 { "History" }
        p { "Every change, newest first: who made it, when, and what was there before." }
        (view(&chosen, &records, path::HISTORY, true))
    };
    Ok(Sheet::new(["History"], content).rejected(!chosen.filter.errors.is_empty()))
}

pub(in crate::web) async fn of_plan(
    State(app): State<App>,
    Me(actor): Me,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    let record = store::record::by_slug(&app.cx.store, &actor, &slug, Depth::Current).await?;
    let record = record.ok_or(WebError::NotFound)?;
    let title = record.plan.title.clone();
    let records = [record];
    let of = Of::Plan(records[0].plan.id);
    let chosen = choose(&app, &actor, of, &records, query).await?;
    let content = html! {
        (chosen.errors())
        h1 { span class="caption" { (title) } " History" }
        p { "Every change to this plan, newest first: who made it, when, and what was there before." }
        (view(&chosen, &records, &path::plan_history(&slug), false))
    };
    Ok(Sheet::new(["History", title.as_str()], content)
        .crumbs([(path::PLANS.to_owned(), "Plans".to_owned()), (path::plan(&slug), title.clone())])
        .rejected(!chosen.filter.errors.is_empty()))
}

async fn choose(
    app: &App,
    actor: &Actor,
    of: Of,
    records: &[Record],
    query: Option<String>,
) -> Result<Chosen, WebError> {
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    // Anything but a number is the first page; the bound keeps the offset within what databases count.
    let page = query.raw("page").parse().unwrap_or(1).clamp(1, 1_000_000);
    // Where a manager looks first, the history of updates tells of those that the panel never reads.
    let readable = |r: &&Record| {
        access::reads_unpublished(actor, r)
            && (!r.plan.manager_looks_first || access::reads_unaccepted(actor, r))
    };
    let shown = Shown {
        plans: records.iter().map(|r| r.plan.id).collect(),
        updates_of: records.iter().filter(readable).map(|r| r.plan.id).collect(),
        posts: may(actor, Permission::ManagePosts).is_ok(),
        meetings: may(actor, Permission::RunRounds).is_ok(),
        people: may(actor, Permission::ManagePeople).is_ok(),
    };
    let store = &app.cx.store;
    let filter = Filter::of(query);
    let (events, count) =
        store::audit::shown(store, of, &shown, &filter.wanted, (page - 1) * PAGE, PAGE).await?;
    let pages = count.div_ceil(PAGE).max(1);
    if page > pages {
        return Err(WebError::NotFound);
    }
    let check = store::audit::head(store).await?.map(|head| head.short());
    let exports = may(actor, Permission::ExportHistory).is_ok();
    Ok(Chosen { filter, events, count, check, exports, page, pages, updates_of: shown.updates_of })
}

impl Chosen {
    /// What is wrong with the filter; nothing where nothing is.
    fn errors(&self) -> Markup {
        Inputs::new(&self.filter.errors).summary()
    }
}

fn view(chosen: &Chosen, records: &[Record], here: &str, names_plan: bool) -> Markup {
    let Chosen { filter, events, page, pages, .. } = chosen;
    let address = |page: u64| format!("{here}?{}page={page}", filter.query());
    let previous = (*page > 1).then(|| address(page - 1));
    let next = (page < pages).then(|| address(page + 1));
    html! {
        @if let Some(check) = &chosen.check {
            p class="small" {
                "Record check " strong { (check) } ". It stands for every change up to now: noted down with the day, it shows "
                "later whether anybody has altered the record."
            }
        }
        @if chosen.exports { p { a href=(path::HISTORY_FILE) { "Download the whole history (CSV)" } } }
        (filter.panel(here, chosen.count))
        @if events.is_empty() {
            @if filter.is_used() {
                (empty("No changes found", "Choose other days or another name, or clear the filter.", None))
            } @else {
                (empty("Nothing here yet", "Every change that you may read of stands here from the moment it is made.", None))
            }
        }
        // One heading for each office day: that is the day people know.
        @for day in events.chunk_by(|a, b| a.office_day == b.office_day) {
            @if let Some(first) = day.first() { h2 { (text::day(first.office_day)) } }
            (timeline(day.iter().map(|event| entry(event, chosen, records, names_plan))))
        }
        @if *pages > 1 {
            (pagination(&format!("Page {page} of {pages}"), previous.as_deref(), next.as_deref()))
        }
    }
}

fn entry<'a>(event: &'a Event, chosen: &Chosen, records: &[Record], names_plan: bool) -> Entry<'a> {
    let record = event.plan.and_then(|id| records.iter().find(|r| r.plan.id == id));
    let action = event.action.and_then(|id| record?.action(id));
    let may_know = event.plan.is_none_or(|id| chosen.updates_of.contains(&id));
    Entry {
        heading: event.summary().unwrap_or("Erased"),
        id: None,
        who: Some(event.who()),
        when: when(event),
        tags: Markup::default(),
        body: html! {
            @if let Content::Erased(at) = event.content {
                p {
                    "What this said was about somebody who has left. It was erased on "
                    (day(at.with_timezone(&London).date_naive())) "."
                }
            }
            p class="small" {
                @if event.plan.is_none() { (about(&event.kind)) }
                @if let Some(action) = action {
                    a href=(path::action(action.id)) { (action.label) }
                    @if names_plan { ", " }
                }
                @if let Some(record) = record.filter(|_| names_plan) {
                    a href=(path::plan(&record.plan.slug)) { (record.plan.title) }
                }
            }
            (changed(event.detail(), may_know))
        },
    }
}

/// What an event of no plan is about, by its kind.
fn about(kind: &str) -> &'static str {
    match kind.split('.').next() {
        Some("person") => "People",
        Some("post") => "Posts",
        Some("panel" | "meeting") => "Meetings",
        _ => "Installation",
    }
}

/// The clock time, and its day where that is not the office day (in the demonstration).
fn when(event: &Event) -> Markup {
    let local: NaiveDateTime = event.at.with_timezone(&London).naive_local();
    html! {
        @if local.date() != event.office_day { "Recorded " }
        (moment(local))
    }
}

/// What was there before and what is there now; and what else was noted.
fn changed(detail: &Value, may_know: bool) -> Markup {
    let Some(fields) = detail.as_object() else { return Markup::default() };
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let changes: Vec<(&String, String, String)> = fields
        .iter()
        .filter_map(|(field, value)| Some((field, word(value.get("from")?), word(value.get("to")?))))
        .collect();
    let notes: Vec<(&str, String)> = NOTES
        .iter()
        .filter_map(|(key, label)| Some((*label, fields.get(*key)?.as_str()?.trim().to_owned())))
        .filter(|(_, note)| !note.is_empty())
        .collect();
    let taken_in = fields.get("updates taken in").and_then(Value::as_u64).filter(|n| *n > 0 && may_know);
    let columns = [
        Column::new("Field"),
        Column::new("Before").width(Width::Prose),
        Column::new("After").width(Width::Prose),
    ];
    let rows = changes
        .iter()
        .map(|(field, from, to)| Row::new([html! { (field) }, old_or_new(from), old_or_new(to)]));
    html! {
        @for (label, note) in notes { p { (label) ": " (note) } }
        @if let Some(n) = taken_in { p { "Taken in: " (text::plural(n, "update", "updates")) " written since the last round" } }
        @if !changes.is_empty() {
            (details("What changed", html! {
                (Table::new("What changed", columns).caption_hidden().row_head(0).rows(rows))
            }))
        }
    }
}

/// What commands note beside a change, with the words for it. Everything else in a detail is for machines.
const NOTES: [(&str, &str); 4] =
    [("reason", "Reason"), ("note", "Note"), ("by_when", "By when"), ("lead", "Lead")];

fn old_or_new(words: &str) -> Markup {
    html! { @if words.trim().is_empty() { span class="soft" { "Empty" } } @else { (paragraphs(words)) } }
}
