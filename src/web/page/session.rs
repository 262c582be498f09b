//! The first page, signing in and out, and the welcome page of a one-time link.
//!
//! Never says which of address and password was wrong, never writes a password back, and never uses a link up by showing
//! it: mail scanners open links too.

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use maud::{Markup, html};

mod code;

pub(in crate::web) use code::{create as check_code, new as new_code};

use super::single_sign_on;
use crate::{
    command::{CommandError, kept_form, session, throttle},
    domain::{
        access::{Permission, may},
        text,
    },
    link::path,
    web::{
        App,
        address::Path,
        caller::Caller,
        cookie,
        error::{WebError, wait_words},
        form::{Fields, LINE, Reader},
        guard::{Anyone, leads},
        route::Route,
        sheet::{Redirect, Sheet, local},
        view::{
            button::{Kind, hidden, submit},
            form::{FieldError, Inputs, Width, post},
            kit::Link,
        },
    },
};

pub(in crate::web) async fn home(
    State(app): State<App>,
    Anyone(actor): Anyone,
    jar: CookieJar,
) -> Result<Redirect, WebError> {
    if let (Some(token), Some(person)) = (cookie::kept(&app, &jar), actor.as_ref().and_then(|a| a.person))
        && let Some(path) = kept_form::waits(&app.cx, &token, person).await?
    {
        // They were writing when they were signed out: whatever way they came in by, there they go on.
        return Ok(Redirect::wanted(&path, path::PLANS));
    }
    Ok(match actor {
        Some(actor) if leads(&actor) => Redirect::to(path::MY_ACTIONS),
        Some(actor) if may(&actor, Permission::ReadPlans).is_ok() => Redirect::to(path::PLANS),
        Some(_) => Redirect::to(Route::People.path()),
        None if app.is_demonstration() => Redirect::to(Route::Demonstration.path()),
        None => Redirect::to(path::SIGN_IN),
    })
}

pub(in crate::web) async fn new(
    State(app): State<App>,
    Anyone(actor): Anyone,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    match actor {
        Some(_) => Redirect::wanted(query.raw("next"), Route::Home.path()).into_response(),
        None => sign_in_sheet(&app, &query, &[]).into_response(),
    }
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    jar: CookieJar,
    Caller(client): Caller,
    fields: Fields,
) -> Result<Response, WebError> {
    let wrong = match parse(&fields) {
        Err(errors) => errors,
        Ok((email, password)) => match session::sign_in(&app.cx, &email, &password, &client).await {
            Ok(Some(token)) => {
                let to = Redirect::wanted(fields.raw("next"), Route::Home.path());
                return enter(&app, &jar, &token, to).await;
            }
            Ok(None) => vec![FieldError::new(
                "email",
                "The email address or the password is not right. Check both and try again",
            )],
            Err(CommandError::Wait { until, seconds }) => {
                let wait = text::initial_capital(&wait_words(&app, until, seconds));
                let words = format!("Too many wrong tries. {wait} and try again, or use a link by email");
                let wrong = [FieldError::new("email", words)];
                return Ok(sign_in_sheet(&app, &fields, &wrong).wait(seconds).into_response());
            }
            Err(error) => return Err(error.into()),
        },
    };
    Ok(sign_in_sheet(&app, &fields, &wrong).into_response())
}

pub(in crate::web) async fn end(
    State(app): State<App>,
    jar: CookieJar,
    fields: Fields,
) -> Result<Response, WebError> {
    if let Some(token) = jar.get(app.cookie()) {
        session::sign_out(&app.cx, token.value()).await?;
    }
    // Signing out at the directory is for there: people have more open with that account than this.
    let said = if app.ways_in.directory.is_some() {
        "You have signed out. If you came with your council account, that is still signed in: on a computer that others use, sign out there too"
    } else {
        "You have signed out"
    };
    // Who has to sign in again comes back to where they were.
    let to = local(fields.raw("next")).map_or_else(|| Route::Home.path().to_owned(), path::sign_in);
    Ok(cookie::signed_out(&app, Redirect::to(to).saying(said)))
}

pub(in crate::web) async fn welcome(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Sheet, WebError> {
    let holder = session::link_holder(&app.cx, &token).await?;
    Ok(holder.map_or_else(void_link, |name| welcome_sheet(&token, &name, &[])))
}

pub(in crate::web) async fn set_password(
    State(app): State<App>,
    Path(token): Path<String>,
    jar: CookieJar,
    Caller(client): Caller,
    fields: Fields,
) -> Result<Response, WebError> {
    let Some(name) = session::link_holder(&app.cx, &token).await? else {
        return Ok(void_link().into_response());
    };
    // Passwords are taken as they are typed: white space at their ends belongs to them.
    let password = fields.raw("password");
    if password != fields.raw("password_again") {
        let wrong = FieldError::new("password_again", "The two passwords differ. Enter the same one twice");
        return Ok(welcome_sheet(&token, &name, &[wrong]).into_response());
    }
    match session::set_password(&app.cx, &token, password, &client).await {
        Ok(session) => {
            let to = Redirect::to(Route::Home.path()).saying("Your password is set, and you are signed in");
            enter(&app, &jar, &session, to).await
        }
        Err(CommandError::Refused { field, message }) => {
            Ok(welcome_sheet(&token, &name, &[FieldError::new(field, message)]).into_response())
        }
        Err(CommandError::NotFound) => Ok(void_link().into_response()),
        Err(error) => Err(error.into()),
    }
}

/// Goes on with a new session, and ends the one that this browser had before.
pub(super) async fn enter(
    app: &App,
    jar: &CookieJar,
    token: &str,
    to: Redirect,
) -> Result<Response, WebError> {
    if let Some(before) = jar.get(app.cookie()) {
        session::sign_out(&app.cx, before.value()).await?;
    }
    let mut response = cookie::signed_in(app, token, to);
    remember(app, jar, token, &mut response).await?;
    Ok(response)
}

/// Makes the browser known to whoever is signed in with a token; where the second factor is still to come, nobody is.
pub(super) async fn remember(
    app: &App,
    jar: &CookieJar,
    token: &str,
    response: &mut Response,
) -> Result<(), WebError> {
    let before = cookie::known(jar);
    if let Some(known) = throttle::remember(&app.cx, token, before.as_deref()).await? {
        cookie::set_known(app, &known, response);
    }
    Ok(())
}

fn parse(fields: &Fields) -> Result<(String, String), Vec<FieldError>> {
    let mut reader = Reader::new(fields);
    let email = reader.required("email", LINE, "Enter your email address");
    let password = fields.raw("password").to_owned();
    if password.is_empty() {
        reader.wrong("password", "Enter your password");
    }
    reader.finish((email, password))
}

fn sign_in_sheet(app: &App, fields: &Fields, errors: &[FieldError]) -> Sheet {
    let council = single_sign_on::button(app, fields.raw("next"));
    if !app.ways_in.local {
        return council_sheet(council);
    }
    let kind = if council.is_some() { Kind::Secondary } else { Kind::Primary };
    let f = Inputs::new(errors);
    let content = html! {
        (f.summary())
        h1 { "Sign in" }
        @if let Some(council) = council {
            (council)
            h2 { "Without a council account" }
        }
        (post(Route::SignIn.path(), html! {
            (hidden("next", fields.raw("next")))
            (f.email("email", "Email address", fields.raw("email")).autocomplete("username").width(Width::W20))
            (f.password("password", "Password", "current-password").width(Width::W20))
            (submit("Sign in", kind))
        }))
        h2 { "If you can’t sign in" }
        p {
            "Ask the manager of your plan for a new one-time link. With it you set a password, new or for the first time."
        }
        @if app.is_demonstration() {
            p {
                "This is the demonstration: "
                (Link::new(Route::Demonstration.path(), "sign in with one press, without a password")) "."
            }
        }
    };
    Sheet::new(["Sign in"], content).rejected(f.rejected())
}

/// Signing in where only the council's directory lets people in.
fn council_sheet(button: Option<Markup>) -> Sheet {
    let content = html! {
        h1 { "Sign in" }
        (button.unwrap_or_default())
        h2 { "If you can’t sign in" }
        p { "Ask your administrator. Tell them the email address of your council account." }
    };
    Sheet::new(["Sign in"], content)
}

fn welcome_sheet(token: &str, name: &str, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let shortest = session::PASSWORD_LENGTH.start();
    let content = html! {
        (f.summary())
        h1 { span class="caption" { (name) } " " "Set your password" }
        p { "You will sign in with it from now on. When you have set it, this link stops working." }
        (post(&path::welcome(token), html! {
            (f.password("password", "New password", "new-password").width(Width::W20)
                .hint(format!("At least {shortest} characters. Three random words are easy to remember.")))
            (f.password("password_again", "The same password again", "new-password").width(Width::W20))
            (submit("Set the password and sign in", Kind::Primary))
        }))
    };
    Sheet::new(["Set your password"], content).rejected(f.rejected())
}

fn void_link() -> Sheet {
    let content: Markup = html! {
        h1 { "This link does not work any more" }
        p { "A one-time link works once, and for 7 days. This one has been used, is too old, or was replaced by a newer one." }
        p { "If you have set your password, " (Link::new(path::SIGN_IN, "sign in")) ". If not, ask whoever gave you the link for a new one." }
    };
    Sheet::new(["This link does not work any more"], content).status(StatusCode::NOT_FOUND)
}
