//! The page behind the link in every reminder that asks for one email a week. For mail programs it is a button (RFC 8058).
//!
//! Opening it changes nothing: mail scanners follow links. Only what the button sends does.

use axum::{
    extract::{FromRequest, Multipart, Request, State},
    http::{StatusCode, header::CONTENT_TYPE},
};
use maud::html;

use crate::{
    command::preference,
    domain::preference::Frequency,
    link::path,
    web::{
        App,
        address::Path,
        error::WebError,
        form::Fields,
        sheet::Sheet,
        view::{
            button::{Kind, button_group, hidden, submit},
            form::post,
            kit::Link,
        },
    },
};

/// What RFC 8058 has mail programs send, and our own button too.
const ASKED: (&str, &str) = ("List-Unsubscribe", "One-Click");

pub(in crate::web) async fn show(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Sheet, WebError> {
    Ok(sheet(&token, preference::look_up(&app.cx, &token).await?, false))
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Path(token): Path<String>,
    Asked(asked): Asked,
) -> Result<Sheet, WebError> {
    if !asked {
        // A mail provider is not to believe that it worked.
        let sheet = sheet(&token, preference::look_up(&app.cx, &token).await?, false);
        return Ok(sheet.status(StatusCode::UNPROCESSABLE_ENTITY));
    }
    Ok(sheet(&token, preference::unsubscribe(&app.cx, &token).await?, true))
}

/// Whether that was sent, in either form that RFC 8058 has: most prefer `multipart/form-data`.
pub(in crate::web) struct Asked(bool);

impl<S: Send + Sync> FromRequest<S> for Asked {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("multipart/form-data")) {
            return Ok(Self(Fields::from_request(request, state).await?.raw(ASKED.0) == ASKED.1));
        }
        let Ok(mut parts) = Multipart::from_request(request, state).await else { return Ok(Self(false)) };
        while let Ok(Some(part)) = parts.next_field().await {
            if part.name() == Some(ASKED.0) {
                return Ok(Self(part.text().await.is_ok_and(|sent| sent.trim() == ASKED.1)));
            }
        }
        Ok(Self(false))
    }
}

fn sheet(token: &str, frequency: Frequency, pressed: bool) -> Sheet {
    let title = match (frequency, pressed) {
        (Frequency::Normal, _) => "Get one email a week?",
        (Frequency::Weekly, true) => "You get one email a week from now on",
        (Frequency::Weekly, false) => "You get one email a week",
        (Frequency::Off, _) => "You get no reminders",
    };
    let content = html! {
        h1 { (title) }
        @match frequency {
            Frequency::Normal => {
                p { "Now you are reminded when something falls due. With one email a week, everything that falls due in a week stands in a single one on its first working day. Nothing is left out." }
                (post(&path::unsubscribe(token), html! {
                    (hidden(ASKED.0, ASKED.1))
                    (button_group([submit("Get one email a week", Kind::Primary)]))
                }))
            }
            Frequency::Weekly => p { "On the first working day of the week, with everything that falls due in it." },
            Frequency::Off => p { "You have switched them off, and that stays so." },
        }
        p { "Whatever you choose, these still come: emails about your account, what somebody sends you by pressing a button, and word of an action that stays overdue for long." }
        p { (Link::new(path::ACCOUNT_MAIL, "Sign in to choose otherwise")) ": more often, in term time only, not at all, or to say when you are away." }
    };
    Sheet::new([title], content)
}
