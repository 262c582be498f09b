//! Meetings: all of them, the next one first, and the form that records or changes one, in `meeting/form.rs`.

use axum::extract::State;
use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    domain::{meeting::Meeting, plan::Record, round::Round, text},
    link::path,
    store::{self, record::Depth},
    web::{
        App,
        error::WebError,
        guard::Me,
        route::Route,
        sheet::Sheet,
        view::{
            button::{Kind, button_group, link_button},
            kit::{Link, day, empty},
            table::{Column, Row, Table},
        },
    },
};

mod form;

pub(in crate::web) use form::{create, edit, new, new_removal, remove, update};
pub(in crate::web::page) use form::{date_fields, dates, dates_in_words};

pub(in crate::web) async fn list(State(app): State<App>, Me(actor): Me) -> Result<Sheet, WebError> {
    let today = app.cx.clock.today();
    let (_, meetings) = store::meeting::all(&app.cx.store).await?;
    let records = store::record::all(&app.cx.store, &actor, Depth::Current).await?;
    // The next one first; of those that have been held, the last one first.
    let (mut held, next): (Vec<_>, Vec<_>) = meetings.iter().partition(|m| m.held_on < today);
    held.reverse();
    let words = app.cx.words();
    let content = html! {
        h1 { "Meetings" }
        p {
            (words.say("A round is for a meeting of {a panel}. Before each meeting three dates have to be kept: updates, papers, agenda."))
        }
        (button_group([
            link_button(Link::new(Route::NewMeeting.path(), "Add a meeting"), Kind::Primary),
            html! { (Link::new(Route::Panels.path(), &words.say("{Panels}"))) },
        ]))
        @if meetings.is_empty() {
            (empty("There are no meetings yet", "A meeting stands here from the day it is added.", None))
        }
        @if !next.is_empty() { (table("Meetings to come", &next, &records, today)) }
        @if !held.is_empty() { (table("Meetings held", &held, &records, today)) }
    };
    Ok(Sheet::new(["Meetings", "Rounds"], content).wide().crumbs([(path::ROUNDS, "Rounds")]))
}

fn table(caption: &str, meetings: &[&Meeting], records: &[Record], today: NaiveDate) -> Markup {
    let rows = meetings.iter().map(|meeting| {
        let rounds = rounds_for(records, meeting);
        Row::new([
            html! { a href=(path::meeting(meeting.id)) { (day(meeting.held_on)) } },
            html! { (meeting.panel_name) },
            date(meeting.dates.updates_due_on),
            date(meeting.dates.papers_due_on),
            date(meeting.dates.agenda_on),
            html! {
                @if rounds.is_empty() { "None" }
                @for (n, round) in rounds.iter().enumerate() {
                    @if n > 0 { br; }
                    a href=(path::round(round.id)) { (round.label) }
                }
            },
            html! {
                @if meeting.held_on <= today {
                    a href=(path::decisions(meeting.id)) {
                        "Record decisions" span class="visually-hidden" { " of " (text::day(meeting.held_on)) }
                    }
                } @else { "From its day" }
            },
        ])
    });
    let columns =
        ["Meeting", "Who meets", "Updates due", "Papers due", "Agenda published", "Rounds", "Decisions"]
            .map(Column::new);
    html! { (Table::new(caption, columns).row_head(0).rows(rows)) }
}

fn date(on: Option<NaiveDate>) -> Markup {
    html! { @match on { Some(on) => (day(on)), None => "Not set" } }
}

/// The rounds for a meeting that a reader may know of.
fn rounds_for<'a>(records: &'a [Record], meeting: &Meeting) -> Vec<&'a Round> {
    let mut rounds: Vec<&Round> = records
        .iter()
        .flat_map(|record| &record.rounds)
        .filter(|round| round.meeting.as_ref().is_some_and(|m| m.id == meeting.id))
        .collect();
    rounds.sort_by_key(|round| round.id);
    rounds.dedup_by_key(|round| round.id);
    rounds
}
