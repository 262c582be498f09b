//! One panel takes over from another: its plans that are still monitored pass over. It can be taken back until something
//! hangs on it.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

use super::All;
use crate::{
    command::{CommandError, meeting::panel as command},
    domain::{id::PanelId, meeting::Panel, plan::Record, text},
    link::path,
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, Reader},
        guard::Me,
        sheet::{Redirect, Sheet},
        view::{
            button::{Confirm, Kind, button_group, confirm, submit},
            form::{Choice, FieldError, Inputs, Width, post},
            kit::Link,
        },
    },
};

pub(in crate::web) async fn new(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let all = All::load(&app, &actor).await?;
    let panel = all.find(id)?;
    if panel.successor.is_some() {
        return Ok(Redirect::to(path::panel(panel.id)).into_response());
    }
    let fields = Fields::of([("from", text::day(app.cx.clock.today()))]);
    Ok(sheet(&app, &all, panel, &fields, &[]).into_response())
}

pub(in crate::web) async fn succeed(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let all = All::load(&app, &actor).await?;
    let panel = all.find(id)?;
    let mut reader = Reader::new(&fields);
    let known = |code: &str| all.panels.iter().map(|p| p.id).find(|p| p.to_string() == code);
    let successor = reader.required_choice("successor", known, "Choose who takes over");
    let from = reader.required_day("from", "Enter the first day on which the other is there");
    let wrong = match reader.finish(successor.unwrap_or(PanelId(0))) {
        Err(errors) => errors,
        Ok(successor) => {
            match command::succeed(&app.cx, &actor, panel.id, successor, from, fields.ticked("with_meetings"))
                .await
            {
                Ok(()) => {
                    let done = format!(
                        "{} takes over from {} from {}",
                        all.name(successor),
                        panel.name,
                        text::day(from)
                    );
                    return Ok(Redirect::to(path::panel(panel.id)).saying(done).into_response());
                }
                Err(CommandError::Refused { field, message }) => vec![FieldError::new(field, message)],
                Err(CommandError::Stale) => vec![FieldError::whole_form(
                    "Somebody else has just changed it: look at it once more, and press again",
                )],
                Err(error) => return Err(error.into()),
            }
        }
    };
    Ok(sheet(&app, &all, panel, &fields, &wrong).into_response())
}

/// The plans that pass over, and those that stay.
fn consequence(all: &All, panel: &Panel) -> Markup {
    let (open, ended): (Vec<&Record>, Vec<&Record>) =
        all.plans(panel).into_iter().partition(|record| record.plan.monitoring_ended_on.is_none());
    let list = |records: &[&Record]| html! { ul { @for r in records { li { (r.plan.title) } } } };
    html! {
        @if open.is_empty() { p { "No plan of yours that is still monitored passes over." } }
        @else { p { "These plans pass over:" } (list(&open)) }
        @if !ended.is_empty() { p { "These stay, because their monitoring has ended:" } (list(&ended)) }
    }
}

fn sheet(app: &App, all: &All, panel: &Panel, fields: &Fields, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let words = app.cx.words();
    let title = words.say("Another {panel} takes over");
    let back = path::panel(panel.id);
    let today = app.cx.clock.today();
    let to_come: Vec<String> = all
        .meetings
        .iter()
        .filter(|m| m.panel == panel.id && m.held_on >= today)
        .map(|m| text::day(m.held_on))
        .collect();
    let others = all.panels.iter().filter(|p| p.id != panel.id);
    let choices =
        [Choice::new("", "Choose")].into_iter().chain(others.map(|p| Choice::new(p.id.to_string(), &p.name)));
    let content = html! {
        (f.summary())
        h1 { span class="caption" { (panel.name) } " " (title) }
        (consequence(all, panel))
        (post(&path::panel_succession(panel.id), html! {
            (f.select("successor", "Who takes over?", fields.raw("successor"), choices)
                .hint(words.say("If it is not in the list, add the {panel} first")))
            (f.text("from", "From which day?", fields.raw("from"))
                .hint("The first day on which the other is there: today or an earlier day")
                .width(Width::W20))
            @if !to_come.is_empty() {
                (f.checkbox("with_meetings", format!("Its meetings to come pass over too: {}", text::list(&to_come)), fields.ticked("with_meetings")))
            }
            (button_group([submit("Save", Kind::Primary), html! { (Link::new(&back, "Cancel")) }]))
        }))
    };
    Sheet::new([title.as_str(), panel.name.as_str()], content)
        .back(back.clone(), panel.name.clone())
        .rejected(f.rejected())
}

pub(in crate::web) async fn new_taking_back(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let all = All::load(&app, &actor).await?;
    let panel = all.find(id)?;
    match panel.successor {
        Some(next) => Ok(taking_back(&all, panel, next, &[]).into_response()),
        None => Ok(Redirect::to(path::panel(panel.id)).into_response()),
    }
}

pub(in crate::web) async fn take_back(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let all = All::load(&app, &actor).await?;
    let panel = all.find(id)?;
    let there = Redirect::to(path::panel(panel.id));
    let Some(next) = panel.successor else { return Ok(there.into_response()) };
    match command::take_back(&app.cx, &actor, panel.id).await {
        Ok(()) => Ok(there.saying(format!("Taken back: {} still meets", panel.name)).into_response()),
        Err(CommandError::Stale) => Ok(there.into_response()),
        Err(CommandError::Refused { field, message }) => {
            Ok(taking_back(&all, panel, next, &[FieldError::new(field, message)]).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn taking_back(all: &All, panel: &Panel, next: PanelId, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let back = path::panel(panel.id);
    let question = format!("Take back that {} was succeeded?", panel.name);
    let consequence = format!(
        "Its plans are its own again, and no longer those of {}. Plans that {} had before stay there.",
        all.name(next),
        all.name(next)
    );
    let content = html! {
        (f.summary())
        (confirm(
            &Confirm {
                question: &question,
                consequence: &consequence,
                action: &path::panel_taking_back(panel.id),
                button: "Take it back",
                cancel: Link::new(&back, "No, leave it as it is"),
            },
            html! {},
        ))
    };
    Sheet::new(["Take the succession back", panel.name.as_str()], content)
        .back(back.clone(), panel.name.clone())
        .rejected(f.rejected())
}
