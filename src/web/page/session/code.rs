//! The second step of signing in: a code of the second factor, after the password.
//!
//! Nobody is signed in here yet. What comes of it is a new session under a new token.

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use maud::html;

use super::remember;
use crate::{
    command::{
        CommandError,
        second_factor::{self, Entry},
    },
    domain::{
        account::{CODE_WITHIN, Way},
        text::{initial_capital, plural},
    },
    link::path,
    web::{
        App,
        caller::Caller,
        cookie,
        error::{WebError, wait_words},
        form::Fields,
        guard::Anyone,
        route::Route,
        sheet::{Redirect, Sheet, local},
        view::{
            button::{Kind, button_group, hidden, post_button, submit},
            form::{FieldError, Inputs, Width, post},
            kit::{Link, details},
        },
        visitor::Waiting,
    },
};

pub(in crate::web) async fn new(
    Waiting(waiting): Waiting,
    Anyone(actor): Anyone,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    let next = query.raw("next");
    match (waiting, actor) {
        (Some(waiting), _) => sheet(waiting.session.way, next, &[]).into_response(),
        (None, Some(_)) => Redirect::wanted(next, Route::Home.path()).into_response(),
        (None, None) => Redirect::to(again(next)).into_response(),
    }
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Waiting(waiting): Waiting,
    Anyone(actor): Anyone,
    jar: CookieJar,
    Caller(client): Caller,
    fields: Fields,
) -> Result<Response, WebError> {
    let next = fields.raw("next");
    let Some(waiting) = waiting else {
        return Ok(match actor {
            Some(_) => Redirect::wanted(next, Route::Home.path()).into_response(),
            None => ended(next).into_response(),
        });
    };
    let way = waiting.session.way;
    let typed = fields.raw("code");
    if typed.trim().is_empty() {
        return Ok(sheet(way, next, &[FieldError::new("code", "Enter a code")]).into_response());
    }
    let entry = match second_factor::sign_in(&app.cx, &waiting, typed, &client).await {
        Err(CommandError::Wait { until, seconds }) => {
            let wait = initial_capital(&wait_words(&app, until, seconds));
            let words = format!("Too many wrong codes. {wait} and try again, or use a recovery code");
            return Ok(sheet(way, next, &[FieldError::new("code", words)]).wait(seconds).into_response());
        }
        entry => entry?,
    };
    Ok(match entry {
        Entry::In { token, codes_left } => {
            let to = Redirect::wanted(next, Route::Home.path());
            let to = match codes_left.map(|left| usize::try_from(left).unwrap_or(usize::MAX)) {
                Some(0) => {
                    to.saying("That was your last recovery code. Make new ones on your account’s page now")
                }
                Some(left) => to.saying(format!(
                    "You have {} left. If your phone is lost, set up another on your account’s page",
                    plural(left, "recovery code", "recovery codes")
                )),
                None => to,
            };
            let mut response = cookie::signed_in(&app, &token, to);
            remember(&app, &jar, &token, &mut response).await?;
            response
        }
        Entry::Wrong(left) => {
            let left = plural(left.unsigned_abs() as usize, "time", "times");
            let words = format!("This code is not right, or it was used already. You can try {left} more");
            sheet(way, next, &[FieldError::new("code", words)]).into_response()
        }
        Entry::Ended => cookie::signed_out(&app, ended(next)),
    })
}

/// Where signing in begins anew.
fn again(next: &str) -> String {
    local(next).map_or_else(|| path::SIGN_IN.to_owned(), path::sign_in)
}

fn sheet(way: Way, next: &str, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let content = html! {
        (f.summary())
        h1 { "Enter your code" }
        p {
            @if way == Way::SetPassword { "Your new password is set. " }
            "You are not signed in yet: this account has a second factor."
        }
        (post(Route::SignInCode.path(), html! {
            (hidden("next", next))
            (f.text("code", "Code", "").hint("The 6 digits that your authenticator app shows now, or one of your recovery codes.")
                .autocomplete("one-time-code").spellcheck(false).width(Width::W20))
            (button_group([submit("Sign in", Kind::Primary)]))
        }))
        (details("I have lost my phone", html! {
            p { "Use one of the recovery codes that you were shown when you set up your second factor. They look like k7mp-3xqd-9trw, and each works once." }
            p { "If you have none, ask an administrator to reset your second factor. You then sign in with your password, and set up a new one." }
        }))
        (post_button(Route::SignOut.path(), "Sign in as somebody else", Kind::Secondary, &[]))
    };
    Sheet::new(["Enter your code"], content).rejected(f.rejected())
}

fn ended(next: &str) -> Sheet {
    let content = html! {
        h1 { "Start signing in again" }
        p { "You are not signed in. A code can be entered for " (CODE_WITHIN) " minutes after the password, and not more than a few times." }
        p { (Link::new(&again(next), "Sign in again")) }
    };
    Sheet::new(["Start signing in again"], content).signed_out().status(StatusCode::CONFLICT)
}
