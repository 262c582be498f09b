//! A form that outlives its session: what was typed is kept, and shown again in the form's own page.
//!
//! Owns what the browser sees of it. What is kept of whom, and for how long, is [`crate::command::kept_form`]'s.
//!
//! # How the form comes back
//!
//! Every form posts to its own address, and every handler reads it through [`super::form::Reader`], which refuses to finish
//! while a form is only shown again. So the page is made by sending what was kept to the form's own handler once more, marked
//! as [`OnlyShown`]: it answers as to a rejected form, with everything typed and without an error. No form has to know of it.
//!
//! Should a handler not ask the reader, it still can't do anything: it gets a database from which can only be read. The person
//! is then told that nothing was done.

use axum::{
    body::Body,
    extract::{FromRequest, Request, State},
    http::{Method, StatusCode, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use maud::{Markup, html};
use tower::ServiceExt as _;

use super::{
    App, cookie,
    error::WebError,
    flash,
    form::{Fields, OnlyShown},
    guard::{Me, onward},
    route::Route,
    sheet::{Redirect, Sheet},
    view::{
        button::{Kind, hidden, post_button, submit},
        form::{Inputs, post},
        kit::inset,
        layout::Flash,
    },
};
use crate::{
    command::kept_form::{self, Typed},
    domain::{access::Actor, text},
};

const KEPT: &str =
    "You were signed out while you were writing. What you typed is kept: sign in, and it is there";
const BACK: &str = "You were signed out while you were writing. This is what you typed. It is not saved yet";
const NOT_DONE: &str = "You were signed out before that was done. Nothing was changed. Do it again";

/// Answers a form that came without a session that holds: keeps what was typed and asks to sign in, or else shows it to be
/// copied, so that nothing is lost. `door` is the page that comes first: to sign in, or for the code of a second factor.
pub(super) async fn keep(app: &App, jar: &CookieJar, door: &str, request: Request) -> Response {
    let here = request.uri().path().to_owned();
    let fields = match Fields::from_request(request, &()).await {
        Ok(fields) => fields.without_secrets(),
        Err(error) => return error.into_response(),
    };
    if fields.iter().all(|(_, value)| value.trim().is_empty()) {
        return Redirect::to(onward(door, "/")).into_response();
    }
    let before = cookie::kept(app, jar);
    let kept = match jar.get(app.cookie()) {
        Some(session) => {
            kept_form::keep(&app.cx, session.value(), before.as_deref(), &here, fields.clone()).await
        }
        None => Ok(None),
    };
    match kept {
        Ok(Some(token)) => {
            let mut response = Redirect::to(onward(door, &here)).warning(KEPT).into_response();
            cookie::set_kept(app, &token, &mut response);
            response
        }
        Ok(None) => to_copy(door, &here, &fields).into_response(),
        Err(error) => {
            tracing::error!(%error, "a form could not be kept");
            to_copy(door, &here, &fields).into_response()
        }
    }
}

/// Answers somebody who is signed in: with the form as they left it where one waits for them, else with what the handler says.
/// Says what stands at the top of the page, if anything does.
pub(super) async fn answer(
    app: &App,
    jar: &CookieJar,
    actor: &Actor,
    route: Route,
    request: Request,
    next: Next,
) -> (Response, Option<&'static str>) {
    let (parts, body) = request.into_parts();
    let typed = match parts.method {
        Method::GET => waiting(app, jar, actor, parts.uri.path()).await,
        _ => None,
    };
    let Some(typed) = typed else {
        return (next.run(Request::from_parts(parts, body)).await, None);
    };
    let path = parts.uri.path().to_owned();
    if let Some(response) = shown(app, route, &parts, &typed).await {
        return (response, Some(BACK));
    }
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if typed.iter().any(|(name, value)| is_written(name, value)) {
        // The form has gone, or is theirs no more. The answer stays what it is; the text is not lost with it.
        let sheet = to_copy_only(&path, &typed).status(response.status());
        return (sheet.into_response(), None);
    }
    // A button that was pressed, and no form: there is nothing to be shown, and it is not pressed for them.
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response = Redirect::to(Route::Home.path()).into_response();
    }
    taken(app, jar, actor, &path, &mut response).await;
    if response.status().is_redirection() {
        flash::set(&mut response, Flash::Important(NOT_DONE));
        return (response, None);
    }
    (response, Some(NOT_DONE))
}

/// What the person typed at this path before they were signed out, if anything.
async fn waiting(app: &App, jar: &CookieJar, actor: &Actor, path: &str) -> Option<Typed> {
    let (token, person) = (cookie::kept(app, jar)?, actor.person?);
    kept_form::at(&app.cx, &token, person, path).await.unwrap_or_else(|error| {
        tracing::error!(%error, "a kept form could not be read");
        None
    })
}

/// The form's page with what was typed; none where the handler has no such page.
async fn shown(app: &App, route: Route, parts: &Parts, typed: &Typed) -> Option<Response> {
    let fields = form_urlencoded::Serializer::new(String::new()).extend_pairs(typed).finish();
    let mut again = Request::from_parts(parts.clone(), Body::from(fields));
    *again.method_mut() = Method::POST;
    again.extensions_mut().insert(OnlyShown);
    let Ok(mut response) = route.handlers().with_state(app.reading_only()).oneshot(again).await;
    let sheet =
        response.extensions_mut().remove::<Sheet>().filter(|_| response.status() == StatusCode::OK)?;
    let notice = inset(html! {
        p { "What you typed before you were signed out is kept for a day, or until you save it here." }
        (throw_away(parts.uri.path()))
    });
    Some(sheet.and(notice).into_response())
}

fn throw_away(here: &str) -> Markup {
    post_button(Route::KeptForm.path(), "Throw it away", Kind::Secondary, &[("path", here)])
}

/// After a form of somebody signed in was taken: what was kept of it is let go.
pub(super) async fn taken(app: &App, jar: &CookieJar, actor: &Actor, here: &str, response: &mut Response) {
    let (Some(token), Some(person)) = (cookie::kept(app, jar), actor.person) else { return };
    match kept_form::let_go(&app.cx, &token, person, here).await {
        Ok(true) => {}
        Ok(false) => cookie::clear_kept(app, response),
        Err(error) => tracing::error!(%error, "a kept form could not be let go"),
    }
}

/// Throws away what was kept, and shows the form without it.
pub(super) async fn discard(
    State(app): State<App>,
    Me(actor): Me,
    jar: CookieJar,
    fields: Fields,
) -> Result<Response, WebError> {
    let path = fields.raw("path");
    let mut response = Redirect::wanted(path, Route::Home.path()).into_response();
    taken(&app, &jar, &actor, path, &mut response).await;
    Ok(response)
}

/// What was typed, to be sent again after signing in elsewhere, or copied.
fn to_copy(door: &str, here: &str, fields: &[(String, String)]) -> Sheet {
    let (written, others) = parted(fields);
    let door = onward(door, "/");
    let content: Markup = html! {
        h1 { "You are signed out" }
        p { "Nothing was saved. What you typed stands here, so that it is not lost." }
        ol {
            li { a href=(door) target="_blank" rel="noopener" { "Sign in (opens in a new tab)" } "." }
            li { "Come back to this page and press the button. If this page comes once more, you are not signed in yet." }
        }
        (post(here, html! {
            @for (name, value) in others { (hidden(name, value)) }
            (areas(&written))
            (submit("Send it again", Kind::Primary))
        }))
    };
    Sheet::new(["You are signed out"], content).status(StatusCode::UNAUTHORIZED)
}

/// What was typed into a form that this person can’t send any more.
fn to_copy_only(here: &str, typed: &Typed) -> Sheet {
    let title = "What you typed before you were signed out";
    let content = html! {
        h1 { (title) }
        p { "The form that you were writing in is not here any more, or is not yours to send. Nothing was saved. Copy what you need: it is kept for a day." }
        (areas(&parted(typed).0))
        (throw_away(here))
    };
    Sheet::new([title], content)
}

type Pair<'a> = (&'a str, &'a str);

/// What a person wrote, and everything else. A field's name is its id: of several with one name, only the first is shown.
fn parted(fields: &[(String, String)]) -> (Vec<Pair<'_>>, Vec<Pair<'_>>) {
    let (mut written, mut others) = (Vec::<Pair<'_>>::new(), Vec::new());
    for (name, value) in fields {
        let is_first = written.iter().all(|(before, _)| before != name);
        let part = if is_first && is_written(name, value) { &mut written } else { &mut others };
        part.push((name.as_str(), value.as_str()));
    }
    (written, others)
}

fn areas(written: &[Pair<'_>]) -> Markup {
    let f = Inputs::new(&[]);
    html! {
        @for (name, value) in written {
            (f.textarea(name, text::initial_capital(&name.replace(['_', '-'], " ")), value))
        }
    }
}

/// Whether a person wrote this, as far as can be told: choices and tokens are one word.
fn is_written(name: &str, value: &str) -> bool {
    name != "form_token" && value.trim().contains(char::is_whitespace)
}
