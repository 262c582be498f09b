//! Putting off the reminders about an action for a week, and taking that back. For whoever gets them.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use maud::html;

use super::action::{form_heading, form_sheet, record_for, refused};
use crate::{
    command::preference,
    domain::{
        access::{Actor, Permission},
        id::ActionId,
        plan::Record,
        preference::{LONGEST_REASON, Snooze},
        text,
    },
    link::path,
    store::record::Depth,
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, Reader},
        guard::Me,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, submit},
            form::{FieldError, Inputs, post},
            kit::Link,
        },
    },
};

pub(in crate::web) async fn new(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let record = find(&app, &actor, id).await?;
    let holds = actor.person.and_then(|me| record.preferences.snooze(me, ActionId(id), app.cx.clock.today()));
    if let Some(snooze) = holds {
        return Ok(done(snooze).into_response());
    }
    Ok(sheet(&app, &record, id, &Fields::default(), &[])?.into_response())
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let record = find(&app, &actor, id).await?;
    let mut reader = Reader::new(&fields);
    let reason = reader.required("reason", LONGEST_REASON, "Say why: your plan’s manager reads it");
    let errors = match reader.finish(()) {
        Err(errors) => errors,
        Ok(()) => match preference::snooze(&app.cx, &actor, ActionId(id), &reason).await {
            Ok(snooze) => return Ok(done(&snooze).into_response()),
            Err(error) => vec![refused(error)?],
        },
    };
    Ok(sheet(&app, &record, id, &fields, &errors)?.into_response())
}

pub(in crate::web) async fn end(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Redirect, WebError> {
    let record = find(&app, &actor, id).await?;
    preference::end_snooze(&app.cx, &actor, ActionId(id)).await?;
    let said = format!("You are reminded of {} again", record.label(ActionId(id)));
    Ok(Redirect::to(path::action(ActionId(id))).saying(said))
}

async fn find(app: &App, actor: &Actor, id: i64) -> Result<Record, WebError> {
    record_for(app, actor, ActionId(id), Permission::PutOffReminders, Depth::Current).await
}

fn done(snooze: &Snooze) -> Redirect {
    let said = format!("Reminders are put off until {}", text::day(snooze.until));
    Redirect::to(path::action(snooze.action)).saying(said)
}

fn sheet(
    app: &App,
    record: &Record,
    id: i64,
    fields: &Fields,
    errors: &[FieldError],
) -> Result<Sheet, WebError> {
    let action = record.action(ActionId(id)).ok_or(WebError::NotFound)?;
    let until = text::weekday_day(Snooze::last_day(app.cx.clock.today()));
    let f = Inputs::new(errors);
    let back = path::action(action.id);
    let content = html! {
        (f.summary())
        (form_heading(action, "Put off reminders for a week"))
        p { "You get no reminder about this action until the end of " (until) ". Its deadline does not change, and it stays on your list and on every page. If a later date is needed, ask for one instead." }
        @if let Some(escalation) = &record.policy.escalation {
            p { "Word that it has been overdue for " (text::plural(escalation.mailed_working_days, "working day", "working days")) " or more still comes." }
        }
        (post(&path::snooze(action.id), html! {
            (f.textarea("reason", "Why?", fields.raw("reason")).rows(3).limit(LONGEST_REASON)
                .hint("The plan’s manager reads it, and whoever else writes on this action. Do not name children or families."))
            (button_group([
                submit("Put off reminders", Kind::Primary),
                html! { (Link::new(&back, "Cancel")) },
                html! { (Link::new(path::ACCOUNT_MAIL, "Choose otherwise for all your emails")) },
            ]))
        }))
    };
    Ok(form_sheet(record, action, "Put off reminders", content).rejected(f.rejected()))
}
