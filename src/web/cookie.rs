//! The cookies of signing in: their attributes stand here and nowhere else.
//!
//! The session's holds a random token and nothing about the person. `Lax` lets a link in a mail open a page signed in, and still
//! keeps the cookie off posts from other sites.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::{App, Mode};

/// How long the browser keeps it, in seconds: 30 days, as long as a session can last.
const MAX_AGE: u32 = 30 * 24 * 60 * 60;
/// How long somebody may be at the council's directory, in seconds.
const PENDING: u32 = 10 * 60;

/// Adds the cookie of a new session to an answer.
pub(super) fn signed_in(app: &App, token: &str, answer: impl IntoResponse) -> Response {
    set(app, app.cookie(), token, MAX_AGE, answer)
}

/// Takes the cookie away with an answer.
pub(super) fn signed_out(app: &App, answer: impl IntoResponse) -> Response {
    set(app, app.cookie(), "", 0, answer)
}

/// Adds what has to be there when somebody comes back from the council's directory.
pub(super) fn pending(app: &App, value: &str, answer: impl IntoResponse) -> Response {
    set(app, app.pending_cookie(), value, PENDING, answer)
}

/// Takes that away.
pub(super) fn not_pending(app: &App, answer: impl IntoResponse) -> Response {
    set(app, app.pending_cookie(), "", 0, answer)
}

fn set(app: &App, name: &str, value: &str, max_age: u32, answer: impl IntoResponse) -> Response {
    let secure = if matches!(app.mode, Mode::Real { secure: true }) { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}");
    let mut response = answer.into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
