//! Ending the monitoring of a plan: all its mail stops, its pages stay.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use maud::html;

use crate::{
    command::{self, CommandError},
    domain::{plan::Plan, text},
    link::path,
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, LINE, LONG_TEXT, Reader},
        guard::Me,
        sheet::{Redirect, Sheet},
        view::{
            button::{Confirm, confirm},
            form::{FieldError, Inputs, Width},
            kit::{Link, day},
        },
    },
};

pub(in crate::web) async fn new_end(
    State(app): State<App>,
    Me(actor): Me,
    Path(slug): Path<String>,
) -> Result<Sheet, WebError> {
    let (plan, _) = super::load(&app, &actor, &slug).await?;
    let today = text::day(app.cx.clock.today());
    Ok(sheet(&plan, &Fields::of([("on", today)]), &[]))
}

pub(in crate::web) async fn end(
    State(app): State<App>,
    Me(actor): Me,
    Path(slug): Path<String>,
    fields: Fields,
) -> Result<Response, WebError> {
    let (plan, _) = super::load(&app, &actor, &slug).await?;
    let mut read = Reader::new(&fields);
    let on = read.required_day("on", "Enter the day on which monitoring ended");
    let by = read.required("by", LINE, "Enter the meeting that agreed to it, with its minute");
    let note = read.required("note", LONG_TEXT, "Enter what stays open and who keeps it, or “nothing”");
    if let Err(errors) = read.finish(()) {
        return Ok(sheet(&plan, &fields, &errors).into_response());
    }
    match command::plan::end_monitoring(&app.cx, &actor, plan.id, on, &by, &note).await {
        Ok(()) => Ok(Redirect::to(path::plan(&slug))
            .saying("Monitoring has ended. No more mail goes out about this plan")
            .into_response()),
        Err(CommandError::Refused { field, message }) => {
            Ok(sheet(&plan, &fields, &[FieldError::new(field, message)]).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn sheet(plan: &Plan, fields: &Fields, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let back = path::plan(&plan.slug);
    let content = match plan.monitoring_ended_on {
        Some(on) => html! {
            h1 { "Monitoring of this plan has ended" }
            p { "It ended on " (day(on)) ". Its pages stay as they are." }
        },
        None => html! {
            (f.summary())
            (confirm(
                &Confirm {
                    question: "End the monitoring of this plan?",
                    consequence: "All mail about this plan stops. Its pages stay, and everyone who can read them now still can.",
                    action: &format!("{back}/end-of-monitoring"),
                    button: "End monitoring",
                    cancel: Link::new(&back, "No, go on monitoring it"),
                },
                html! {
                    (f.text("on", "Which day did it end?", fields.raw("on")).width(Width::W20).hint("For example 26 March 2018"))
                    (f.text("by", "At which meeting?", fields.raw("by")).hint("The body, and the minute if there is one"))
                    (f.textarea("note", "What stays open, and who keeps it?", fields.raw("note")))
                },
            ))
        },
    };
    Sheet::new(["End of monitoring", &plan.title], content)
        .back(&back, "Back to the plan")
        .rejected(!errors.is_empty())
}
