//! Ending the monitoring of a plan: all its mail stops, its pages stay.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    command::{self, CommandError},
    domain::{
        access::Permission,
        action::{Action, State as ActionState},
        plan::Record,
        text,
        update::Update,
    },
    link::path,
    store::record::Depth,
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, LINE, LONG_TEXT, Reader},
        guard::Me,
        page::plan::record_for,
        sheet::{Redirect, Sheet},
        view::{
            button::{Confirm, Kind, button_group, confirm, hidden, submit},
            form::{FieldError, Inputs, Width, post},
            kit::{Link, day, inset},
        },
    },
};

/// What the form sends that takes the end back.
const BACK: &str = "take-back";

pub(in crate::web) async fn new_end(
    State(app): State<App>,
    Me(actor): Me,
    Path(slug): Path<String>,
) -> Result<Sheet, WebError> {
    let record = record_for(&app, &actor, &slug, Permission::EditPlans, Depth::Current).await?;
    let today = app.cx.clock.today();
    Ok(sheet(&record, today, &Fields::of([("on", text::day(today))]), &[]))
}

pub(in crate::web) async fn end(
    State(app): State<App>,
    Me(actor): Me,
    Path(slug): Path<String>,
    fields: Fields,
) -> Result<Response, WebError> {
    let record = record_for(&app, &actor, &slug, Permission::EditPlans, Depth::Current).await?;
    let today = app.cx.clock.today();
    let mut read = Reader::new(&fields);
    if fields.raw("step") == BACK {
        let reason = read.required("reason", LINE, "Say why it is taken back");
        return match read.finish(reason) {
            Err(errors) => Ok(sheet(&record, today, &fields, &errors).into_response()),
            Ok(reason) => {
                match command::plan::take_end_back(&app.cx, &actor, record.plan.id, &reason).await {
                    Ok(()) => Ok(Redirect::to(path::plan(&slug))
                        .saying("The plan is monitored again")
                        .into_response()),
                    Err(CommandError::Stale) => Ok(Redirect::to(path::plan(&slug)).into_response()),
                    Err(error) => Err(error.into()),
                }
            }
        };
    }
    let on = read.required_day("on", "Enter the day on which monitoring ended");
    let by = read.required("by", LINE, "Enter the meeting that agreed to it");
    let minute = read.optional("minute", 100);
    let note = read.required("note", LONG_TEXT, "Enter what stays open and who keeps it, or “nothing”");
    if let Err(errors) = read.finish(()) {
        return Ok(sheet(&record, today, &fields, &errors).into_response());
    }
    let by = match minute {
        Some(minute) => format!("{by} (minute {minute})"),
        None => by,
    };
    match command::plan::end_monitoring(&app.cx, &actor, record.plan.id, on, &by, &note).await {
        Ok(()) => Ok(Redirect::to(path::plan(&slug))
            .saying("Monitoring has ended. No more mail goes out about this plan")
            .into_response()),
        Err(CommandError::Refused { field, message }) => {
            Ok(sheet(&record, today, &fields, &[FieldError::new(field, message)]).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn sheet(record: &Record, today: NaiveDate, fields: &Fields, errors: &[FieldError]) -> Sheet {
    let (plan, f) = (&record.plan, Inputs::new(errors));
    let back = path::plan(&plan.slug);
    let content = match plan.monitoring_ended_on {
        Some(on) => html! {
            (f.summary())
            h1 { "Monitoring of this plan has ended" }
            p { "It ended on " (day(on)) ". Its pages stay as they are." }
            h2 { "Take it back" }
            p { "It is monitored again, as if it had not ended: mail goes out about it, and rounds ask for it." }
            (post(&format!("{back}/end-of-monitoring"), html! {
                (hidden("step", BACK))
                (f.text("reason", "Why?", fields.raw("reason")))
                (button_group([submit("Take it back", Kind::Warning), html! { (Link::new(&back, "Cancel")) }]))
            }))
        },
        None => html! {
            (f.summary())
            (confirm(
                &Confirm {
                    question: "End the monitoring of this plan?",
                    consequence: "All mail about this plan stops, and no round asks for it any more. Its pages stay, and everyone who can read them now still can.",
                    action: &format!("{back}/end-of-monitoring"),
                    button: "End monitoring",
                    cancel: Link::new(&back, "No, go on monitoring it"),
                },
                html! {
                    (f.text("on", "Which day did it end?", fields.raw("on")).width(Width::W20).hint("For example 26 March 2018"))
                    (f.text("by", "At which meeting?", fields.raw("by")).hint("The body, and its day"))
                    (f.text("minute", "Minute", fields.raw("minute")).optional().width(Width::W20).hint("For example 17/46"))
                    (still_open(record, today))
                    (unfinished(record, today))
                    (f.textarea("note", "What stays open, and who keeps it?", fields.raw("note")))
                },
            ))
        },
    };
    Sheet::new(["End of monitoring", &plan.title], content)
        .back(&back, "Back to the plan")
        .rejected(!errors.is_empty())
}

/// What has begun and nobody has finished: dates asked for, updates that nobody has accepted, a round that is open.
fn unfinished(record: &Record, today: NaiveDate) -> Markup {
    let labels = |holds: &dyn Fn(&Action) -> bool| -> Vec<&str> {
        record.actions.iter().filter(|a| holds(a)).map(|a| a.label.as_str()).collect()
    };
    let asked = labels(&|a| a.state_at(today) == ActionState::Open && a.asked_at(today).is_some());
    let waiting = labels(&|a| a.updates_at(today).any(Update::awaits_review));
    html! {
        @if !asked.is_empty() { p { "A later date is asked for and not decided: " (text::list(&asked)) "." } }
        @if !waiting.is_empty() { p { "An update waits for the manager: " (text::list(&waiting)) "." } }
        @if let Some(round) = record.open_round_at(today) {
            p { "The round " a href=(path::round(round.id)) { (round.label) } " is open." }
        }
    }
}

/// The actions that somebody has to keep, each with its lead.
fn still_open(record: &Record, today: NaiveDate) -> Markup {
    let open: Vec<_> = record.actions.iter().filter(|a| a.state_at(today) == ActionState::Open).collect();
    html! {
        @if open.is_empty() {
            p { "No action of this plan is open." }
        } @else {
            (inset(html! {
                p { (text::initial_capital(&text::plural(open.len(), "action is", "actions are"))) " still open:" }
                ul {
                    @for action in &open {
                        li {
                            (Link::new(&path::action(action.id), &action.label)) ": " (action.title())
                            @if !action.lead_wording.trim().is_empty() { " (" (action.lead_wording.trim()) ")" }
                        }
                    }
                }
            }))
        }
    }
}
