//! One-time links: made by a manager, to set a password with.
//!
//! A link is shown once, on the page that answers the press, and kept nowhere: the database has only its hash.

use axum::extract::State;
use maud::html;

use super::find;
use crate::{
    command::session,
    domain::id::PersonId,
    link::path,
    web::{
        App,
        address::Path,
        error::WebError,
        guard::Me,
        route::Route,
        sheet::Sheet,
        view::{
            button::{Kind, button_group, post_button},
            kit::{Link, inset},
        },
    },
};

pub(in crate::web) async fn new(State(app): State<App>, Path(id): Path<i64>) -> Result<Sheet, WebError> {
    let account = find(&app, PersonId(id)).await?;
    let (name, back) = (&account.person.name, path::person(account.person.id));
    let content = html! {
        h1 { span class="caption" { (name) } " " "Make a new one-time link" }
        p { "With it " (name) " can set a password, once. A link that was made before and not used stops working." }
        (button_group([
            post_button(&path::person_link(account.person.id), "Make a new one-time link", Kind::Primary, &[]),
            html! { (Link::new(&back, "Cancel")) },
        ]))
    };
    Ok(Sheet::new(["Make a new one-time link", name], content).back(back.clone(), format!("Back to {name}")))
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let account = find(&app, PersonId(id)).await?;
    let token = session::one_time_link(&app.cx, &actor, account.person.id).await?;
    let done = format!("A new link for {}", account.person.name);
    Ok(sheet(account.person.id, &done, &app.cx.links.full(&path::welcome(&token))))
}

/// The page that answers the press.
pub(super) fn sheet(id: PersonId, done: &str, link: &str) -> Sheet {
    let content = html! {
        h1 { (done) }
        p { "Give this link to them yourself, for example by email. With it they set a password and are signed in." }
        (inset(html! { p { (link) } }))
        p { "This link works once, for 7 days. It is shown only here and now: copy it before you leave this page." }
        (button_group([
            html! { (Link::new(Route::People.path(), "Back to people")) },
            html! { (Link::new(&path::person(id), "Change this person")) },
        ]))
    };
    Sheet::new([done, "People"], content).crumbs([(Route::People.path(), "People")])
}
