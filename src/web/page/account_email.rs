//! Changing one's own email address, and the pages on which its two ends answer.
//!
//! Never says whether an address is somebody else's. Opening a link changes nothing; a press does.

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use maud::html;

use super::{
    account::confirm::{self, Sure},
    welcome::void,
};
use crate::{
    command::{
        CommandError,
        email::{self, Change, End, Yes},
    },
    link::path,
    store,
    web::{
        App,
        address::Path,
        caller::Caller,
        error::WebError,
        form::{Fields, Reader},
        guard::Me,
        route::Route,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, hidden, post_button, submit},
            form::{FieldError, Inputs, Width, post},
            kit::{Fact, Link, summary_list},
        },
        visitor::MySession,
    },
};

pub(in crate::web) async fn new(
    State(app): State<App>,
    Me(actor): Me,
    _sure: Sure,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    if query.ticked("asked") {
        return Ok(asked_sheet());
    }
    let me = actor.person.ok_or(WebError::NotFound)?;
    let account = store::person::by_id(&app.cx.store, me).await?.ok_or(WebError::NotFound)?;
    Ok(form(&account.person.email, &query, &[]))
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    MySession(session): MySession,
    Caller(client): Caller,
    fields: Fields,
) -> Result<Response, WebError> {
    let confirmed = match confirm::first(&app, &actor, &session, path::ACCOUNT_EMAIL, &fields).await? {
        Ok(confirmed) => confirmed,
        Err(asks) => return Ok(asks.into_response()),
    };
    let me = actor.person.ok_or(WebError::NotFound)?;
    let account = store::person::by_id(&app.cx.store, me).await?.ok_or(WebError::NotFound)?;
    let wrong = match parse(&fields) {
        Err(errors) => errors,
        Ok(new) => match email::ask(&app.cx, &actor, confirmed, &new, &client).await {
            Ok(()) => {
                return Ok(Redirect::to(format!("{}?asked=yes", path::ACCOUNT_EMAIL)).into_response());
            }
            Err(CommandError::Refused { field, message }) => vec![FieldError::new(field, message)],
            Err(error) => return Err(error.into()),
        },
    };
    Ok(form(&account.person.email, &fields, &wrong).into_response())
}

fn parse(fields: &Fields) -> Result<String, Vec<FieldError>> {
    let mut reader = Reader::new(fields);
    let email = reader.address("email", "Enter your new email address");
    reader.finish(email)
}

fn form(now: &str, fields: &Fields, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let content = html! {
        (f.summary())
        h1 { "Change your email address" }
        (summary_list([Fact::new("Your address now", now)]))
        p { "We send a link to the old and to the new address. When both have said yes, mail goes to the new one, and you sign in with it." }
        (post(path::ACCOUNT_EMAIL, html! {
            (f.email("email", "New email address", fields.raw("email")).width(Width::W20))
            (button_group([submit("Send both links", Kind::Primary), html! { (Link::new(path::ACCOUNT, "Cancel")) }]))
        }))
        p { "If you can’t read mail at the old address any more, ask whoever looks after people’s accounts here to change it." }
    };
    Sheet::new(["Change your email address"], content)
        .back(path::ACCOUNT, "Back to your account")
        .rejected(f.rejected())
}

/// The same whether or not the new address is somebody's.
fn asked_sheet() -> Sheet {
    const TITLE: &str = "Look at your email, at both addresses";
    let content = html! {
        h1 { (TITLE) }
        p { "We have written to your old and your new address. Open the link in each email and say yes: each works once, for 24 hours. Until both have, nothing changes." }
        p { "If nothing comes to the new address, " (Link::new(path::ACCOUNT_EMAIL, "check it and ask again")) ". The links that were sent before then stop working." }
    };
    Sheet::new([TITLE], content).back(path::ACCOUNT, "Back to your account")
}

pub(in crate::web) async fn show_old(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Sheet, WebError> {
    show(&app, &token, End::Old).await
}

pub(in crate::web) async fn show_new(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Sheet, WebError> {
    show(&app, &token, End::New).await
}

async fn show(app: &App, token: &str, end: End) -> Result<Sheet, WebError> {
    let change = email::change(&app.cx, token, end).await?;
    Ok(change.map_or_else(|| void(end.purpose()), |change| question(token, end, &change)))
}

pub(in crate::web) async fn answer_old(
    State(app): State<App>,
    Path(token): Path<String>,
    fields: Fields,
) -> Result<Sheet, WebError> {
    if fields.raw("answer") != "no" {
        return confirm(&app, &token, End::Old).await;
    }
    match email::stop(&app.cx, &token).await {
        Ok(()) => Ok(stopped_sheet()),
        Err(CommandError::NotFound) => Ok(void(End::Old.purpose())),
        Err(error) => Err(error.into()),
    }
}

pub(in crate::web) async fn answer_new(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Sheet, WebError> {
    confirm(&app, &token, End::New).await
}

async fn confirm(app: &App, token: &str, end: End) -> Result<Sheet, WebError> {
    match email::confirm(&app.cx, token, end).await {
        Ok(Yes::Whole) => Ok(done_sheet()),
        Ok(Yes::Half) => Ok(half_sheet(end)),
        Err(CommandError::NotFound) => Ok(void(end.purpose())),
        Err(error) => Err(error.into()),
    }
}

fn question(token: &str, end: End, change: &Change) -> Sheet {
    let title = match end {
        End::Old => "Change the email address?",
        End::New => "Confirm your new email address",
    };
    let content = html! {
        @match end {
            End::Old => {
                h1 { span class="caption" { (change.name) } " " (title) }
                (summary_list([Fact::new("Old address", &change.old), Fact::new("New address", &change.new)]))
                p { "When both addresses have said yes, your mail goes to the new one, and you sign in with that." }
                (button_group([
                    post(&path::old_email(token), html! {
                        (hidden("answer", "yes"))
                        (submit("Yes, change it", Kind::Primary))
                    }),
                    post_button(&path::old_email(token), "No, leave it as it is", Kind::Secondary, &[("answer", "no")]),
                ]))
            }
            // Whoever reads mail there may be a stranger, and learns nothing.
            End::New => {
                h1 { (title) }
                (summary_list([Fact::new("New address", &change.new)]))
                p { "When your old address has said yes as well, your mail comes to this one, and you sign in with it." }
                (post_button(&path::new_email(token), "Yes, this is my address", Kind::Primary, &[]))
            }
        }
    };
    Sheet::new([title], content)
}

fn half_sheet(end: End) -> Sheet {
    const TITLE: &str = "One of two: thank you";
    let other = match end {
        End::Old => "new",
        End::New => "old",
    };
    let content = html! {
        h1 { (TITLE) }
        p { "The address changes as soon as the " (other) " one has said yes as well. The link for that is in the email that we sent there." }
    };
    Sheet::new([TITLE], content)
}

fn done_sheet() -> Sheet {
    const TITLE: &str = "The email address is changed";
    let content = html! {
        h1 { (TITLE) }
        p { "Mail goes to the new address from now on. Use it the next time that you sign in." }
        p { (Link::new(Route::Home.path(), "Go on")) }
    };
    Sheet::new([TITLE], content)
}

fn stopped_sheet() -> Sheet {
    const TITLE: &str = "The email address stays as it is";
    let content = html! {
        h1 { (TITLE) }
        p { "Neither link can change it any more." }
        p {
            "If you did not ask for the change yourself, somebody may know your password or sit at a computer where you are signed in: "
            (Link::new(path::FORGOTTEN_PASSWORD, "set a new password"))
            ". That also signs you out everywhere."
        }
    };
    Sheet::new([TITLE], content)
}
