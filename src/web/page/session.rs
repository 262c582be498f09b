//! The first page, and signing in and out with address and password.
//!
//! Never says which of address and password was wrong, and never writes a password back.

use axum::{
    extract::{RawQuery, State},
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
        access::{Actor, Permission, may},
        text,
    },
    link::path,
    web::{
        App,
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
        Some(actor) if begins_with_settings(&app, &actor) => Redirect::to(Route::Settings.path()),
        Some(actor) if may(&actor, Permission::ReadPlans).is_ok() => Redirect::to(path::PLANS),
        Some(_) => Redirect::to(Route::People.path()),
        None if app.is_demonstration() => Redirect::to(Route::Demonstration.path()),
        None => Redirect::to(path::SIGN_IN),
    })
}

/// A new installation begins where it is set up.
fn begins_with_settings(app: &App, actor: &Actor) -> bool {
    app.cx.installation().saved.is_empty() && may(actor, Permission::ManageSettings).is_ok()
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
                let words = format!(
                    "Too many wrong tries. {wait} and try again, or use a link by email: to sign in, or to set a new password"
                );
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

/// An address that knows where somebody wants to go once they are signed in.
pub(super) fn with_next(path: &str, next: &str) -> String {
    match local(next) {
        Some(next) => {
            let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
            format!("{path}?next={next}")
        }
        None => path.to_owned(),
    }
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
        h2 { "Without a password" }
        p {
            @let by_link = with_next(path::SIGN_IN_LINK, fields.raw("next"));
            (Link::new(&by_link, "Get a link to sign in by email"))
            (app.cx.words().say(". Leads, contributors and {panel} members can always sign in that way."))
        }
        p { (Link::new(path::FORGOTTEN_PASSWORD, "Set a new password")) ", if you have forgotten yours or never had one." }
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
