//! The pages of links that end in a password: an invitation, and a forgotten password.
//!
//! Never uses a link up by showing it (mail scanners open links too), and never writes a password back.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use maud::html;

use super::{session::enter, single_sign_on};
use crate::{
    command::{
        CommandError,
        link::{self, Holder},
        session::{Client, PASSWORD_LENGTH},
    },
    domain::account::Purpose,
    link::path,
    web::{
        App,
        address::Path,
        caller::Caller,
        error::WebError,
        form::Fields,
        route::Route,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, post_button, submit},
            form::{FieldError, Inputs, Width, post},
            kit::Link,
        },
    },
};

pub(in crate::web) async fn show(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Sheet, WebError> {
    first_view(&app, &token, Purpose::Invitation).await
}

pub(in crate::web) async fn accept(
    State(app): State<App>,
    Path(token): Path<String>,
    jar: CookieJar,
    Caller(client): Caller,
    fields: Fields,
) -> Result<Response, WebError> {
    if !fields.ticked("without_password") {
        return set(&app, &token, Purpose::Invitation, &jar, &client, &fields).await;
    }
    if let Err(sheet) = opened(&app, &token, Purpose::Invitation).await? {
        return Ok(sheet.into_response());
    }
    let to = Redirect::to(Route::Home.path())
        .saying("You are signed in. Next time, get a link by email to sign in with");
    sign_in(&app, &token, Purpose::Invitation, &jar, &client, to).await
}

/// Signs in by a link alone, and leads on.
pub(super) async fn sign_in(
    app: &App,
    token: &str,
    purpose: Purpose,
    jar: &CookieJar,
    client: &Client,
    to: Redirect,
) -> Result<Response, WebError> {
    match link::sign_in(&app.cx, token, purpose, client).await {
        Ok(session) => enter(app, jar, &session, to).await,
        Err(CommandError::NotFound) => Ok(void(purpose).into_response()),
        Err(error) => Err(error.into()),
    }
}

pub(in crate::web) async fn new_password(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Sheet, WebError> {
    first_view(&app, &token, Purpose::Password).await
}

pub(in crate::web) async fn set_new_password(
    State(app): State<App>,
    Path(token): Path<String>,
    jar: CookieJar,
    Caller(client): Caller,
    fields: Fields,
) -> Result<Response, WebError> {
    set(&app, &token, Purpose::Password, &jar, &client, &fields).await
}

async fn first_view(app: &App, token: &str, purpose: Purpose) -> Result<Sheet, WebError> {
    let opened = opened(app, token, purpose).await?;
    Ok(opened.map_or_else(|closed| closed, |holder| sheet(token, purpose, &holder, &[])))
}

/// Whom a link lets in, or the page of one that lets nobody in. Where only the council's directory does, an invitation by
/// mail leads there; what the command line printed works in any case.
async fn opened(app: &App, token: &str, purpose: Purpose) -> Result<Result<Holder, Sheet>, WebError> {
    Ok(match link::link_holder(&app.cx, token, purpose).await? {
        None => Err(void(purpose)),
        Some(holder) if holder.mailed && !app.ways_in.local => Err(council_sheet(app, &holder)),
        Some(holder) => Ok(holder),
    })
}

async fn set(
    app: &App,
    token: &str,
    purpose: Purpose,
    jar: &CookieJar,
    client: &Client,
    fields: &Fields,
) -> Result<Response, WebError> {
    let holder = match opened(app, token, purpose).await? {
        Ok(holder) => holder,
        Err(sheet) => return Ok(sheet.into_response()),
    };
    // Passwords are taken as they are typed: white space at their ends belongs to them.
    let password = fields.raw("password");
    if password != fields.raw("password_again") {
        let wrong = FieldError::new("password_again", "The two passwords differ. Enter the same one twice");
        return Ok(sheet(token, purpose, &holder, &[wrong]).into_response());
    }
    match link::set_password(&app.cx, token, purpose, password, client).await {
        Ok(session) => {
            let to = Redirect::to(Route::Home.path()).saying("Your password is set, and you are signed in");
            enter(app, jar, &session, to).await
        }
        Err(CommandError::Refused { field, message }) => {
            Ok(sheet(token, purpose, &holder, &[FieldError::new(field, message)]).into_response())
        }
        Err(CommandError::NotFound) => Ok(void(purpose).into_response()),
        Err(error) => Err(error.into()),
    }
}

fn sheet(token: &str, purpose: Purpose, holder: &Holder, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let shortest = PASSWORD_LENGTH.start();
    let (title, action) = match purpose {
        Purpose::Password => ("Set a new password", path::new_password(token)),
        _ => ("Set your password", path::welcome(token)),
    };
    let content = html! {
        (f.summary())
        h1 { span class="caption" { (holder.name) } " " (title) }
        p {
            "You will sign in with it from now on. When you have set it, this link stops working"
            @if purpose == Purpose::Password { ", and you are signed out wherever else you are signed in" }
            "."
        }
        (post(&action, html! {
            (f.password("password", "New password", "new-password").width(Width::W20)
                .hint(format!("At least {shortest} characters. Three random words are easy to remember.")))
            (f.password("password_again", "The same password again", "new-password").width(Width::W20))
            (submit("Set the password and sign in", Kind::Primary))
        }))
        @if holder.password_optional {
            h2 { "Or go on without a password" }
            p {
                "You can always sign in with a link by email instead: enter your address on the sign-in page, and open the email that comes."
            }
            (post_button(&action, "Go on without a password", Kind::Secondary, &[("without_password", "yes")]))
        }
    };
    Sheet::new([title], content).rejected(f.rejected())
}

/// An invitation where only the council's directory lets people in.
fn council_sheet(app: &App, holder: &Holder) -> Sheet {
    const TITLE: &str = "Come in with your council account";
    let content = html! {
        h1 { span class="caption" { (holder.name) } " " (TITLE) }
        p { "You need no password here. Use the account whose address this invitation was sent to." }
        (single_sign_on::button(app, "").unwrap_or_default())
    };
    Sheet::new([TITLE], content)
}

/// The page of a link that does not hold, and the way on.
pub(super) fn void(purpose: Purpose) -> Sheet {
    const TITLE: &str = "This link does not work any more";
    let holds_for = purpose.holds_for_words();
    let content = html! {
        h1 { (TITLE) }
        p {
            "It works once, and for " (holds_for)
            ". This one has been used, is too old, "
            @match purpose {
                Purpose::Invitation => "was withdrawn, was replaced by a newer one, ",
                Purpose::OldEmail | Purpose::NewEmail => "was replaced by a newer one, ",
                Purpose::SignIn | Purpose::Password => "is not needed any more because you have come in or set a password since, ",
            }
            "or was cut short when it was copied."
        }
        @match purpose {
            Purpose::Invitation => {
                p { "If you have come in before, " (Link::new(path::SIGN_IN, "sign in")) ". If not, ask whoever invited you to send the invitation again." }
            }
            Purpose::SignIn => { p { (Link::new(path::SIGN_IN_LINK, "Get a new link to sign in by email")) } }
            Purpose::Password => { p { (Link::new(path::FORGOTTEN_PASSWORD, "Get a new link to set a password")) } }
            Purpose::OldEmail | Purpose::NewEmail => {
                p { "Nothing has been changed with it. If you still want another email address, " (Link::new(path::ACCOUNT_EMAIL, "ask for it again")) "." }
            }
        }
    };
    Sheet::new([TITLE], content).status(StatusCode::NOT_FOUND)
}
