//! An administrator takes somebody's second factor away, who has lost their phone and their recovery codes.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use maud::html;

use super::find;
use crate::{
    command::{CommandError, second_factor},
    domain::id::PersonId,
    link::path,
    store::person::Account,
    web::{
        App,
        address::Path,
        error::WebError,
        guard::Me,
        sheet::{Redirect, Sheet},
        view::{
            button::{Confirm, confirm},
            form::{FieldError, Inputs},
            kit::Link,
        },
    },
};

pub(in crate::web) async fn new(State(app): State<App>, Path(id): Path<i64>) -> Result<Sheet, WebError> {
    Ok(sheet(&find(&app, PersonId(id)).await?, &[]))
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let account = find(&app, PersonId(id)).await?;
    match second_factor::reset(&app.cx, &actor, account.person.id).await {
        Ok(()) => {
            let done = format!("Second factor of {} reset", account.person.name);
            Ok(Redirect::to(path::person(account.person.id)).saying(done).into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            Ok(sheet(&account, &[FieldError::new(field, message)]).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn sheet(account: &Account, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let (name, back) = (&account.person.name, path::person(account.person.id));
    let content = html! {
        (f.summary())
        (confirm(&Confirm {
            question: &format!("Reset the second factor of {name}?"),
            consequence: "Do this only if you are sure who asks you, for example because you know their voice. They are signed out everywhere, sign in with their password, and set up a new second factor if their role needs one.",
            action: &path::reset_second_factor(account.person.id),
            button: "Reset the second factor",
            cancel: Link::new(&back, "No, keep it"),
        }, html! {}))
    };
    Sheet::new(["Reset the second factor", name], content)
        .back(back.clone(), format!("Back to {name}"))
        .rejected(f.rejected())
}
