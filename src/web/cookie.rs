//! The cookies that hold a token: their attributes stand here and nowhere else.
//!
//! Each holds a random token and nothing about the person. `Lax` lets a link in a mail open a page signed in, and still
//! keeps the cookies off posts from other sites.
//!
//! - The session's signs somebody in.
//! - The known browser's says that somebody has signed in here before, so that strangers who guess elsewhere are nothing to
//!   them. It stays when they sign out, and signs nobody in.
//! - The kept form's says that this browser sent a form that had outlived its session.
//! - The pending one holds what has to be there when somebody comes back from the council's directory.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;

use super::{App, Mode};

/// How long somebody may be at the council's directory, in seconds.
const PENDING: u32 = 10 * 60;
/// How long a kept form is waited for, in seconds: a day.
const KEPT_FOR: u32 = DAY;
const DAY: u32 = 24 * 60 * 60;

const KNOWN_BROWSER: &str = "known-browser";
const KEPT_FORM: &str = "kept-form";

/// Adds the cookie of a new session to an answer; the browser keeps it as long as a session can last.
pub(super) fn signed_in(app: &App, token: &str, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    set(&mut response, app, app.cookie(), token, app.cx.installation().sessions.absolute_days * DAY);
    response
}

/// Takes the session's cookie away with an answer.
pub(super) fn signed_out(app: &App, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    set(&mut response, app, app.cookie(), "", 0);
    response
}

/// Adds what has to be there when somebody comes back from the council's directory.
pub(super) fn pending(app: &App, value: &str, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    set(&mut response, app, app.pending_cookie(), value, PENDING);
    response
}

/// Takes that away.
pub(super) fn not_pending(app: &App, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    set(&mut response, app, app.pending_cookie(), "", 0);
    response
}

/// Adds the cookie of a browser in which somebody has signed in.
pub(super) fn set_known(app: &App, token: &str, response: &mut Response) {
    set(response, app, &name(app, KNOWN_BROWSER), token, app.cx.installation().retention.sign_in_days * DAY);
}

/// The token of a known browser, if it has one.
pub(super) fn known(jar: &CookieJar) -> Option<String> {
    // Whoever asks has no say in which of the two it is: under TLS nothing but the first is ever set.
    let bound = jar.get(&format!("{BOUND}{KNOWN_BROWSER}"));
    bound.or_else(|| jar.get(KNOWN_BROWSER)).map(|cookie| cookie.value().to_owned())
}

/// Adds the cookie of a form that was kept.
pub(super) fn set_kept(app: &App, token: &str, response: &mut Response) {
    set(response, app, &name(app, KEPT_FORM), token, KEPT_FOR);
}

/// Takes the cookie of a kept form away.
pub(super) fn clear_kept(app: &App, response: &mut Response) {
    set(response, app, &name(app, KEPT_FORM), "", 0);
}

/// The token of a kept form, if there is one.
pub(super) fn kept(app: &App, jar: &CookieJar) -> Option<String> {
    jar.get(&name(app, KEPT_FORM)).map(|cookie| cookie.value().to_owned())
}

/// Browsers take a cookie of this beginning from this very host only, and over TLS.
const BOUND: &str = "__Host-";

fn name(app: &App, name: &str) -> String {
    if is_secure(app) { format!("{BOUND}{name}") } else { name.to_owned() }
}

fn is_secure(app: &App) -> bool {
    matches!(app.mode, Mode::Real { secure: true })
}

fn set(response: &mut Response, app: &App, name: &str, token: &str, max_age: u32) {
    let secure = if is_secure(app) { "; Secure" } else { "" };
    let cookie = format!("{name}={token}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
