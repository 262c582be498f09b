//! Recording what a panel decided at a meeting: one page with everything that was put to it, a page that says in words what
//! will happen, and then one press.
//!
//! The form is `decision/form.rs`, what was typed becomes decisions in `decision/parse.rs`, the second page is
//! `decision/check.rs`; `decision/gone.rs` says what became of things that were settled meanwhile, `decision/minute.rs` adds the
//! minute reference. Nothing is stored between the two pages: the second carries the fields of the first.

use axum::{extract::State, http::StatusCode, response::Response};
use maud::{Markup, html};

use super::action::{either, refused};
use crate::{
    command::{self, CommandError, decision::Recorded},
    domain::{
        access::Actor,
        id::MeetingId,
        text::{self, plural},
    },
    link::path,
    secret,
    store::{self, StoreError, decision::Sitting},
    web::{
        App,
        address::Path,
        error::WebError,
        form::Fields,
        guard::Me,
        sheet::{Redirect, Sheet},
        view::{
            form::{FieldError, Inputs},
            kit::{Link, details, empty, notice},
        },
    },
};

mod check;
mod form;
mod gone;
mod minute;
mod parse;
mod recorded;

pub(in crate::web) use minute::{new_minute, save_minute};

/// The page of a meeting's decisions.
pub(in crate::web) async fn show(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let sitting = sitting(&app, &actor, id).await?;
    Ok(page(&app, &sitting, &Fields::default(), &token()?, &[], None))
}

/// Checks what was typed, records it, or shows the form once more.
pub(in crate::web) async fn record(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let sitting = sitting(&app, &actor, id).await?;
    let today = app.cx.clock.today();
    let sent = fields.raw("form_token");
    let done = Redirect::to(path::decisions(sitting.meeting.id));
    if !sent.is_empty() && store::decision::by_form_token(&app.cx.store, sent).await?.is_some() {
        return Ok(either(done.saying("These decisions were recorded already")));
    }
    if !sitting.has_been(today) {
        let wrong = FieldError::whole_form(command::decision::too_early(&sitting));
        return Ok(either(page(&app, &sitting, &fields, sent, &[wrong], None)));
    }
    let next = if sent.is_empty() { token()? } else { sent.to_owned() };
    if fields.raw("step") == "change" {
        return Ok(either(page(&app, &sitting, &fields, &next, &[], None)));
    }
    if let Some(gone) = gone::since(&sitting, &fields, today) {
        return Ok(overtaken(&app, &sitting, &fields, &next, gone));
    }
    let decisions = match parse::decisions(&fields, &sitting, today) {
        Ok(decisions) => decisions,
        Err(errors) => return Ok(either(page(&app, &sitting, &fields, &next, &errors, None))),
    };
    if fields.raw("step") != "save" {
        return Ok(either(check::page(&app, &sitting, &fields, &decisions)));
    }
    match command::decision::record(&app.cx, &actor, sitting.meeting.id, &decisions).await {
        Ok(Recorded::New(told)) => {
            let told = match told {
                0 => "Nobody is mailed".to_owned(),
                told => format!("{} told by email", plural(told, "person is", "people are")),
            };
            Ok(either(done.saying(format!("The decisions are recorded. {told}"))))
        }
        Ok(Recorded::Before) => Ok(either(done.saying("These decisions were recorded already"))),
        Err(CommandError::Stale) => {
            let sitting = self::sitting(&app, &actor, id).await?;
            let gone = gone::since(&sitting, &fields, today).unwrap_or_default();
            Ok(overtaken(&app, &sitting, &fields, &next, gone))
        }
        Err(error) => {
            let errors = [refused(error)?];
            Ok(either(page(&app, &sitting, &fields, &next, &errors, None)))
        }
    }
}

async fn sitting(app: &App, actor: &Actor, id: i64) -> Result<Sitting, WebError> {
    store::decision::sitting(&app.cx.store, actor, MeetingId(id)).await?.ok_or(WebError::NotFound)
}

fn token() -> Result<String, WebError> {
    secret::token().map_err(|e| WebError::Broken(StoreError::File(std::io::Error::other(e))))
}

/// Something was settled while the page was filled in: what became of it, and the rest with everything typed.
fn overtaken(app: &App, sitting: &Sitting, fields: &Fields, token: &str, gone: Markup) -> Response {
    either(page(app, sitting, fields, token, &[], Some(gone)).status(StatusCode::CONFLICT))
}

fn page(
    app: &App,
    sitting: &Sitting,
    fields: &Fields,
    token: &str,
    errors: &[FieldError],
    gone: Option<Markup>,
) -> Sheet {
    let today = app.cx.clock.today();
    let meeting = &sitting.meeting;
    let content = html! {
        (Inputs::new(errors).summary())
        h1 {
            span class="caption" { (meeting.panel_name) ", " (text::day(meeting.held_on)) " " }
            "Record decisions"
        }
        @if let Some(gone) = &gone { (gone) }
        @if !sitting.has_been(today) {
            (notice("This meeting lies ahead", html! {
                p { "It is on " (text::weekday_day(meeting.held_on)) ". What is decided can be recorded from that day." }
            }))
        } @else if sitting.records.is_empty() {
            (empty("No plan is watched by this panel", app.cx.words().say("A plan names its {panel} on its page."),
                Some(Link::new(path::PLANS, "Go to the plans"))))
        } @else if gone.is_none() && errors.is_empty() && fields.pairs().next().is_none() {
            (recorded::render(sitting))
            @let form = form::render(sitting, fields, token, errors, today);
            @if sitting.resolutions.is_empty() || !sitting.put(today).is_empty() { (form) }
            @else {
                p { "Nothing waits for a decision of this meeting." }
                (details("Record more of this meeting", form))
            }
        } @else {
            (form::render(sitting, fields, token, errors, today))
            (recorded::render(sitting))
        }
    };
    sheet(sitting, "Record decisions", content).rejected(!errors.is_empty())
}

/// A page about the decisions of a meeting.
fn sheet(sitting: &Sitting, title: &str, content: Markup) -> Sheet {
    let meeting = &sitting.meeting;
    let of = format!("{}, {}", meeting.panel_name, text::day(meeting.held_on));
    Sheet::new([title.to_owned(), of], content).crumbs([(path::ROUNDS, "Rounds")])
}
