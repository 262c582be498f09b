//! Taking back a date that was asked for and is not decided.

use axum::{extract::State, response::Response};
use maud::html;

use super::decide::{asked, find};
use crate::{
    command::{self, CommandError},
    domain::{
        access::Permission,
        action::{Action, Revision},
        id::RevisionId,
        plan::Record,
    },
    link::path,
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, Reader},
        guard::Me,
        page::action::{either, form_sheet, say},
        sheet::{Redirect, Sheet},
        view::{
            button::{Confirm, confirm},
            form::{FieldError, Inputs},
            kit::{Link, inset},
        },
    },
};

pub(in crate::web) async fn new_withdrawal(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let id = RevisionId(id);
    let record = asked(&app, &actor, id, Permission::AskForDate).await?;
    let (action, revision) = find(&record, id)?;
    Ok(shown(&record, action, revision, &[]))
}

pub(in crate::web) async fn withdraw(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let id = RevisionId(id);
    let record = asked(&app, &actor, id, Permission::AskForDate).await?;
    let (action, revision) = find(&record, id)?;
    let errors = match Reader::new(&fields).finish(()) {
        Ok(()) => match command::deadline::withdraw(&app.cx, &actor, id).await {
            Ok(action) => {
                let done = format!("{} is not asked for any more", revision.wording);
                return Ok(either(Redirect::to(path::action(action)).saying(done)));
            }
            Err(CommandError::Refused { message, .. }) => vec![FieldError::whole_form(message)],
            Err(error) => return Err(error.into()),
        },
        Err(errors) => errors,
    };
    Ok(either(shown(&record, action, revision, &errors)))
}

fn shown(record: &Record, action: &Action, revision: &Revision, errors: &[FieldError]) -> Sheet {
    let back = path::action(action.id);
    let question = format!("Withdraw {}?", revision.wording);
    let of = Confirm {
        question: &question,
        consequence: "It is not put to anybody any more, and the deadline stays as it is. What was asked for, and why, stays in the timeline. You can ask for another date at any time.",
        action: &path::withdraw_deadline(revision.id),
        button: "Withdraw it",
        cancel: Link::new(&back, "No, leave it"),
    };
    let content = html! {
        (Inputs::new(errors).summary())
        (confirm(&of, inset(say::part("Reason", revision.reason.as_deref()))))
    };
    form_sheet(record, action, &question, content).rejected(!errors.is_empty())
}
