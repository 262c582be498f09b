//! The session's cookie: its attributes stand here and nowhere else.
//!
//! It holds a random token and nothing about the person. `Lax` lets a link in a mail open a page signed in, and still
//! keeps the cookie off posts from other sites.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::{App, Mode};

/// Adds the cookie of a new session to an answer; the browser keeps it as long as a session can last.
pub(super) fn signed_in(app: &App, token: &str, answer: impl IntoResponse) -> Response {
    set(app, token, app.cx.installation().sessions.absolute_days * 24 * 60 * 60, answer)
}

/// Takes the cookie away with an answer.
pub(super) fn signed_out(app: &App, answer: impl IntoResponse) -> Response {
    set(app, "", 0, answer)
}

fn set(app: &App, token: &str, max_age: u32, answer: impl IntoResponse) -> Response {
    let secure = if matches!(app.mode, Mode::Real { secure: true }) { "; Secure" } else { "" };
    let cookie =
        format!("{}={token}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}", app.cookie());
    let mut response = answer.into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
