//! What can go wrong with a request, as people see it: plain words and a way on, never a stack trace.

use std::sync::Arc;

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use maud::html;

use super::{App, sheet::Sheet};
use crate::{
    command::CommandError,
    domain::{access::Denied, text, words::Words},
    link::path,
    store::StoreError,
};

/// Why a page can't be shown, or a form not be taken.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// There is no such page or thing, or it is not this person's to know of.
    #[error("not found")]
    NotFound,
    /// Not allowed, and who may.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The request is larger than anything a form can hold.
    #[error("too large")]
    TooLarge,
    /// The state of things has changed since the page was loaded.
    #[error("stale")]
    Stale,
    /// Too much was tried: again in so many seconds.
    #[error("too many tries")]
    Wait(u64),
    /// More is asked at once than can be done.
    #[error("busy")]
    Busy,
    /// Something broke here.
    #[error(transparent)]
    Broken(#[from] StoreError),
}

impl From<CommandError> for WebError {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::NotFound => Self::NotFound,
            CommandError::Denied(denied) => Self::Denied(denied),
            // A form shows these beside its fields; where there is no form, the page has changed under the reader.
            CommandError::Refused { .. } | CommandError::Stale => Self::Stale,
            CommandError::Wait { seconds, .. } => Self::Wait(seconds),
            CommandError::Busy => Self::Busy,
            // Only where a kept form is shown again: it was about to do something, and did nothing.
            CommandError::Store(StoreError::ReadOnly) => Self::Stale,
            CommandError::Store(error) => Self::Broken(error),
        }
    }
}

impl IntoResponse for WebError {
    /// The guard makes the page: it knows in which words sentences are said here.
    fn into_response(self) -> Response {
        if let Self::Broken(error) = &self {
            tracing::error!(error = %error, "a request failed");
        }
        let status = match &self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Denied(_) => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Stale => StatusCode::CONFLICT,
            Self::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let mut response = status.into_response();
        let again = match &self {
            Self::Wait(seconds) => Some(*seconds),
            Self::Busy => Some(30),
            _ => None,
        };
        if let Some(seconds) = again {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

impl WebError {
    /// Its page.
    pub(super) fn sheet(&self, words: &Words) -> Sheet {
        let (title, words) = match self {
            Self::NotFound => (
                "Page not found",
                "There is nothing at this address, or it is not yours to see. If you typed it, check that it is right.".to_owned(),
            ),
            Self::Denied(denied) => (
                "You can’t do this",
                format!("{} can do this. If you think that you should be able to, ask the plan’s manager, or an administrator where it is not about a plan.", denied.who(words)),
            ),
            Self::TooLarge => (
                "That is too much at once",
                "What you sent is larger than a form here can hold. Go back: your text is still in the form. Save it in parts.".to_owned(),
            ),
            Self::Stale => (
                "This has changed in the meantime",
                "Somebody else, or you in another window, changed this after you opened the page. Nothing was saved. Open it again to see how things stand now.".to_owned(),
            ),
            Self::Wait(_) => (
                "Too many tries",
                "Wait a few minutes, then try again. Nothing is lost.".to_owned(),
            ),
            Self::Busy => (
                "Many people are signing in just now",
                "Nothing was done. Try again in a minute.".to_owned(),
            ),
            Self::Broken(_) => {
                (
                        "Sorry, something went wrong here",
                    "Nothing was saved. Go back and try again in a minute; your text is still in the form. If it goes on, tell whoever looks after this installation, with the number at the end of this page.".to_owned(),
                )
            }
        };
        Sheet::new(
            [title],
            html! {
                h1 { (title) }
                p { (words) }
                @if matches!(self, Self::Denied(_)) { p { a href=(path::WHO_MAY) { "See who may do what" } } }
                p { a href="/" { "Go to your first page" } }
            },
        )
    }
}

/// How long somebody has to wait, as the middle of a sentence: "wait 10 seconds", "wait until 10:42am".
pub(super) fn wait_words(app: &App, until: DateTime<Utc>, seconds: u64) -> String {
    if seconds <= 60 {
        return format!("wait {}", text::plural(i64::try_from(seconds).unwrap_or(60), "second", "seconds"));
    }
    // A begun minute counts as a whole one: at that time it really works.
    let whole = app.cx.clock.on_the_wall(until + TimeDelta::seconds(59));
    format!("wait until {}", text::time(whole))
}
