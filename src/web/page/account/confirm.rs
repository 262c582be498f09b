//! "Confirm that it is you": asked before the address, the password or the second factor is changed, unless it was shown in
//! the last minutes.
//!
//! # For a page that needs it
//!
//! The `GET` takes [`Sure`]; without one, the browser is sent here and back. The `POST` calls [`first`] with its fields: where
//! the confirmation has run out meanwhile, it answers with the page that asks, which carries along what was typed (never a
//! password or a code).

use axum::{
    extract::{FromRequestParts, RawQuery, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

use crate::{
    command::account::{self, Answer, Confirmed, Proof},
    domain::{access::Actor, account::CONFIRMED_FOR, text::plural},
    link::path,
    store::session::Session,
    web::{
        App,
        caller::Caller,
        cookie,
        error::WebError,
        form::Fields,
        guard::Me,
        route::Route,
        sheet::{Redirect, Sheet, local},
        view::{
            button::{Kind, button_group, hidden, post_button, submit},
            form::{FieldError, Inputs, Width, post},
            kit::Link,
        },
        visitor::{MySession, must_set_up},
    },
};

/// Before the names of fields that are carried along.
const KEPT: &str = "kept-";

/// Somebody who has shown in the last minutes that it is they. For pages that are opened.
#[derive(Clone, Copy, Debug)]
pub(in crate::web) struct Sure(pub(in crate::web) Confirmed);

impl FromRequestParts<App> for Sure {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let session = parts.extensions.get::<Session>().ok_or_else(|| WebError::NotFound.into_response())?;
        let here = parts.uri.path_and_query().map_or("/", |p| p.as_str());
        account::confirmed(&app.cx, session)
            .map(Self)
            .ok_or_else(|| Redirect::to(path::confirm_account(here)).into_response())
    }
}

/// For forms that are sent to `here`: go on with what comes back, or answer with the page that asks.
pub(in crate::web) async fn first(
    app: &App,
    actor: &Actor,
    session: &Session,
    here: &str,
    fields: &Fields,
) -> Result<Result<Confirmed, Sheet>, WebError> {
    if let Some(confirmed) = account::confirmed(&app.cx, session) {
        return Ok(Ok(confirmed));
    }
    let is_secret = |name: &str| name.contains("password") || name.contains("code");
    let kept = fields.pairs().filter(|(name, _)| !is_secret(name));
    let asked = [("next".to_owned(), here.to_owned())];
    let asked = Fields::of(asked.into_iter().chain(kept.map(|(n, v)| (format!("{KEPT}{n}"), v.to_owned()))));
    Ok(Err(sheet(account::proof(&app.cx, actor).await?, &asked, &[])
        .alone(must_set_up(app, actor, session))
        .status(StatusCode::FORBIDDEN)))
}

pub(in crate::web) async fn new(
    State(app): State<App>,
    Me(actor): Me,
    MySession(session): MySession,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    if account::confirmed(&app.cx, &session).is_some() {
        return Ok(Redirect::wanted(query.raw("next"), path::ACCOUNT).into_response());
    }
    let next = Fields::of([("next", query.raw("next"))]);
    let alone = must_set_up(&app, &actor, &session);
    Ok(sheet(account::proof(&app.cx, &actor).await?, &next, &[]).alone(alone).into_response())
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    MySession(session): MySession,
    Caller(client): Caller,
    fields: Fields,
) -> Result<Response, WebError> {
    let proof = account::proof(&app.cx, &actor).await?;
    let (field, missing) = match proof {
        Proof::Password => ("password", "Enter your password"),
        Proof::Code => ("code", "Enter the code that your app shows"),
        // There is nothing to enter.
        Proof::SignInAgain => {
            return Ok(Redirect::to(path::confirm_account(fields.raw("next"))).into_response());
        }
    };
    let alone = must_set_up(&app, &actor, &session);
    // A password is taken as it is typed.
    let typed = fields.raw(field);
    if typed.is_empty() {
        return Ok(sheet(proof, &fields, &[FieldError::new(field, missing)]).alone(alone).into_response());
    }
    Ok(match account::confirm(&app.cx, &actor, &session, typed, &client).await? {
        Answer::Right(token) => cookie::signed_in(&app, &token, go_on(&fields)),
        Answer::Wrong(left) => {
            let words = match proof {
                Proof::Password => "The password is not right",
                _ => "The code is not right, or it was used already",
            };
            let words = format!(
                "{words}. You can try {} more",
                plural(left.unsigned_abs() as usize, "time", "times")
            );
            sheet(proof, &fields, &[FieldError::new(field, words)]).alone(alone).into_response()
        }
        Answer::Ended => cookie::signed_out(&app, signed_out(fields.raw("next"))),
    })
}

/// Back to where it was asked: to the page, or with what was typed there.
fn go_on(fields: &Fields) -> Response {
    let next = fields.raw("next");
    let kept: Vec<(&str, &str)> =
        fields.pairs().filter_map(|(n, v)| Some((n.strip_prefix(KEPT)?, v))).collect();
    match local(next) {
        Some(here) if !kept.is_empty() => {
            let content = html! {
                h1 { "Thank you" }
                p { "Nothing that you entered is lost, except passwords and codes." }
                (post_button(here, "Go on", Kind::Primary, &kept))
            };
            Sheet::new(["Thank you"], content).into_response()
        }
        _ => Redirect::wanted(next, path::ACCOUNT).into_response(),
    }
}

fn sheet(proof: Proof, fields: &Fields, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let next = fields.raw("next");
    let carried = html! {
        (hidden("next", next))
        @for (name, value) in fields.pairs().filter(|(name, _)| name.starts_with(KEPT)) { (hidden(name, value)) }
    };
    let form = |field: Markup| {
        post(
            Route::ConfirmAccount.path(),
            html! {
                (carried)
                (field)
                (button_group([submit("Continue", Kind::Primary), html! { (Link::new(path::ACCOUNT, "Cancel")) }]))
            },
        )
    };
    let content = html! {
        (f.summary())
        h1 { "Confirm that it is you" }
        p {
            "What you are about to change can lock you out, or let somebody else in. Once you have confirmed, you are not asked again for "
            (CONFIRMED_FOR) " minutes."
        }
        @match proof {
            Proof::Password => (form(html! { (f.password("password", "Your password", "current-password").width(Width::W20)) })),
            Proof::Code => (form(html! {
                (f.text("code", "Code", "").hint("The 6 digits that your authenticator app shows now.")
                    .autocomplete("one-time-code").inputmode("numeric").spellcheck(false).width(Width::W10))
            })),
            Proof::SignInAgain => {
                p { "You have neither a password nor a second factor here: sign out, and sign in again in the same way. You then come back to this page." }
                (post_button(Route::SignOut.path(), "Sign out and sign in again", Kind::Primary, &[("next", next)]))
            }
        }
    };
    Sheet::new(["Confirm that it is you"], content)
        .back(path::ACCOUNT, "Back to your account")
        .rejected(f.rejected())
}

/// After too many tries.
fn signed_out(next: &str) -> Sheet {
    let door = path::sign_in(local(next).unwrap_or(path::ACCOUNT));
    let content = html! {
        h1 { "You have been signed out" }
        p { "That was wrong too often. Nothing was changed." }
        p { (Link::new(&door, "Sign in again")) }
    };
    Sheet::new(["You have been signed out"], content).signed_out().status(StatusCode::FORBIDDEN)
}
