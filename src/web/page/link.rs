//! Asking for a link by mail (to sign in, or to set a new password), and signing in by one.
//!
//! Whatever address is typed, the answer is the same, and it is given before the address is looked up: neither words nor
//! status nor time tell whether somebody has an account. A link signs in by a press, never by being opened.

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use maud::html;
use tokio::sync::Semaphore;

use super::{
    session::with_next,
    welcome::{self, void},
};
use crate::{
    command::{CommandError, link},
    domain::account::Purpose,
    link::path,
    web::{
        App,
        address::Path,
        caller::Caller,
        error::WebError,
        form::{Fields, Reader},
        route::Route,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, hidden, submit},
            form::{FieldError, Inputs, Width, post},
            kit::Link,
        },
    },
};

/// How many requests for a link may be worked on at once; more are dropped, which the log says.
static AT_ONCE: Semaphore = Semaphore::const_new(64);
/// The longest way on that a link takes with it, in bytes.
const LONGEST_NEXT: usize = 500;

/// What is asked for, with its words.
struct Asked {
    purpose: Purpose,
    path: &'static str,
    title: &'static str,
    about: &'static str,
    button: &'static str,
}

const SIGN_IN: Asked = Asked {
    purpose: Purpose::SignIn,
    path: path::SIGN_IN_LINK,
    title: "Get a link to sign in by email",
    about: "Enter the address to which your emails from here come. We send a link there, with which you sign in without a password.",
    button: "Send the link",
};

const PASSWORD: Asked = Asked {
    purpose: Purpose::Password,
    path: path::FORGOTTEN_PASSWORD,
    title: "Set a new password",
    about: "Enter the address to which your emails from here come. We send a link there, with which you set a new password.",
    button: "Send the link",
};

pub(in crate::web) async fn new_sign_in(RawQuery(query): RawQuery) -> Sheet {
    first_view(&SIGN_IN, query)
}

pub(in crate::web) async fn new_password(RawQuery(query): RawQuery) -> Sheet {
    first_view(&PASSWORD, query)
}

fn first_view(asked: &Asked, query: Option<String>) -> Sheet {
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    if query.ticked("asked") { answer(asked) } else { form(asked, &query, &[]) }
}

pub(in crate::web) async fn ask_sign_in(
    State(app): State<App>,
    Caller(client): Caller,
    fields: Fields,
) -> Response {
    match parse(&fields) {
        Ok(email) => {
            let next = Some(fields.raw("next")).filter(|next| next.len() <= LONGEST_NEXT);
            let then = with_next("", next.unwrap_or_default());
            afterwards(async move { link::ask_to_sign_in(&app.cx, &email, &then, &client).await });
            answered(&SIGN_IN)
        }
        Err(errors) => form(&SIGN_IN, &fields, &errors).into_response(),
    }
}

pub(in crate::web) async fn ask_password(
    State(app): State<App>,
    Caller(client): Caller,
    fields: Fields,
) -> Response {
    match parse(&fields) {
        Ok(email) => {
            afterwards(async move { link::ask_for_password(&app.cx, &email, &client).await });
            answered(&PASSWORD)
        }
        Err(errors) => form(&PASSWORD, &fields, &errors).into_response(),
    }
}

/// Does something once the answer is on its way, so that the answer can't tell what was done. A shutdown may cut it off:
/// whoever gets no mail asks again.
fn afterwards(work: impl Future<Output = Result<(), CommandError>> + Send + 'static) {
    let Ok(turn) = AT_ONCE.try_acquire() else {
        tracing::warn!("too many links asked for at once: one request was dropped");
        return;
    };
    tokio::spawn(async move {
        let _turn = turn;
        if let Err(error) = work.await {
            tracing::error!(error = %error, "a link that was asked for could not be made");
        }
    });
}

/// Off to the answer, so that loading it again asks for nothing.
fn answered(asked: &Asked) -> Response {
    Redirect::to(format!("{}?asked=yes", asked.path)).into_response()
}

fn parse(fields: &Fields) -> Result<String, Vec<FieldError>> {
    let mut reader = Reader::new(fields);
    let email = reader.address("email", "Enter your email address");
    reader.finish(email)
}

fn form(asked: &Asked, fields: &Fields, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let content = html! {
        (f.summary())
        h1 { (asked.title) }
        p { (asked.about) }
        (post(asked.path, html! {
            (hidden("next", fields.raw("next")))
            (f.email("email", "Email address", fields.raw("email")).autocomplete("username").width(Width::W20))
            (submit(asked.button, Kind::Primary))
        }))
    };
    let back = with_next(path::SIGN_IN, fields.raw("next"));
    Sheet::new([asked.title], content).back(back, "Back to signing in").rejected(f.rejected())
}

/// The same for everyone.
fn answer(asked: &Asked) -> Sheet {
    const TITLE: &str = "Look at your email";
    let again = match asked.purpose {
        Purpose::Password => "Ask for a new password again",
        _ => "Ask for a link again",
    };
    let content = html! {
        h1 { (TITLE) }
        p {
            "If this address belongs to somebody here, a link is on its way. It works once, for "
            (asked.purpose.holds_for_words()) "."
        }
        h2 { "If nothing comes" }
        ul {
            li { "Wait a minute or two, and look into the junk folder." }
            li { "It has to be the address to which your emails from here come, for example the reminders." }
            li { (Link::new(asked.path, again)) ". The links that came before keep working." }
            li { "If that does not help, ask whoever invited you." }
        }
    };
    Sheet::new([TITLE], content).back(path::SIGN_IN, "Back to signing in")
}

pub(in crate::web) async fn show(
    State(app): State<App>,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    let holder = link::link_holder(&app.cx, &token, Purpose::SignIn).await?;
    Ok(match holder {
        Some(holder) => sign_in_sheet(&token, &holder.name, query.raw("next")),
        None => void(Purpose::SignIn),
    })
}

pub(in crate::web) async fn sign_in(
    State(app): State<App>,
    Path(token): Path<String>,
    jar: CookieJar,
    Caller(client): Caller,
    fields: Fields,
) -> Result<Response, WebError> {
    let to = Redirect::wanted(fields.raw("next"), Route::Home.path());
    welcome::sign_in(&app, &token, Purpose::SignIn, &jar, &client, to).await
}

fn sign_in_sheet(token: &str, name: &str, next: &str) -> Sheet {
    let content = html! {
        h1 { span class="caption" { (name) } " " "Sign in" }
        p { "Press the button to sign in as " strong { (name) } " in this browser." }
        (post(&path::sign_in_by_link(token), html! {
            (hidden("next", next))
            (submit("Sign in", Kind::Primary))
        }))
        p { "If you did not ask for this, close the page: nothing has happened." }
    };
    Sheet::new(["Sign in"], content)
}
