//! One's own password: another one, or a first one. Never says what the present one is, and never writes one back.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use maud::html;

use super::{
    confirm::{self, Sure},
    mine,
};
use crate::{
    command::{CommandError, account, session},
    link::path,
    store::person::Account,
    web::{
        App,
        error::WebError,
        form::Fields,
        guard::Me,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, submit},
            form::{FieldError, Inputs, Width, post},
            kit::Link,
        },
        visitor::MySession,
    },
};

pub(in crate::web) async fn edit(
    State(app): State<App>,
    Me(actor): Me,
    _sure: Sure,
) -> Result<Sheet, WebError> {
    Ok(sheet(&mine(&app, &actor).await?, &[]))
}

pub(in crate::web) async fn update(
    State(app): State<App>,
    Me(actor): Me,
    MySession(session): MySession,
    fields: Fields,
) -> Result<Response, WebError> {
    let confirmed = match confirm::first(&app, &actor, &session, path::PASSWORD, &fields).await? {
        Ok(confirmed) => confirmed,
        Err(asks) => return Ok(asks.into_response()),
    };
    // Passwords are taken as they are typed: white space at their ends belongs to them.
    let password = fields.raw("password");
    let wrong = if password.is_empty() {
        FieldError::new("password", "Enter a new password")
    } else if password != fields.raw("password_again") {
        FieldError::new("password_again", "The two passwords differ. Enter the same one twice")
    } else {
        match account::change_password(&app.cx, &actor, confirmed, password).await {
            Ok(()) => {
                let done = "Your password is set. You are signed out everywhere else";
                return Ok(Redirect::to(path::ACCOUNT).saying(done).into_response());
            }
            Err(CommandError::Refused { field, message }) => FieldError::new(field, message),
            Err(error) => return Err(error.into()),
        }
    };
    Ok(sheet(&mine(&app, &actor).await?, &[wrong]).into_response())
}

fn sheet(account: &Account, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let shortest = session::PASSWORD_LENGTH.start();
    let title = if account.has_password { "Change your password" } else { "Set a password" };
    let content = html! {
        (f.summary())
        h1 { (title) }
        p { "You will be signed out everywhere else." }
        (post(path::PASSWORD, html! {
            (f.password("password", "New password", "new-password").width(Width::W20)
                .hint(format!("At least {shortest} characters. Three random words are easy to remember. You can paste it from a password manager.")))
            (f.password("password_again", "The same password again", "new-password").width(Width::W20))
            (button_group([submit("Save the password", Kind::Primary), html! { (Link::new(path::ACCOUNT, "Cancel")) }]))
        }))
    };
    Sheet::new([title], content).back(path::ACCOUNT, "Back to your account").rejected(f.rejected())
}
