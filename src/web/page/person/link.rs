//! A one-time link that is shown instead of mailed: for the day on which mail does not work yet.
//!
//! A link is shown once, on the page that answers the press, and kept nowhere: the database has only its hash.

use axum::extract::State;
use maud::{Markup, html};

use super::find;
use crate::{
    command::link::{self, By},
    domain::{account::Purpose, id::PersonId},
    link::path,
    store::person::Account,
    web::{
        App,
        address::Path,
        error::WebError,
        guard::Me,
        route::Route,
        sheet::Sheet,
        view::{
            button::{Kind, button_group, post_button},
            kit::{Link, inset, notice},
        },
    },
};

pub(in crate::web) async fn new(State(app): State<App>, Path(id): Path<i64>) -> Result<Sheet, WebError> {
    let account = find(&app, PersonId(id)).await?;
    let (name, back) = (&account.person.name, path::person(account.person.id));
    let content = html! {
        h1 { span class="caption" { (name) } " " "Show a link instead" }
        @if account.person.active {
            p { "With this link " (name) " can come in and set a password, as with an invitation by email. You hand it over yourself: use it where mail does not arrive." }
            p { "Whoever has the link is let in as " (name) ". An invitation that was made before and not used stops working." }
            (button_group([
                post_button(&path::person_link(account.person.id), "Show a link", Kind::Primary, &[]),
                html! { (Link::new(&back, "Cancel")) },
            ]))
        } @else {
            p { "A deactivated person can’t sign in. Make the account active again first." }
            p { (Link::new(&back, "Go back")) }
        }
    };
    Ok(sheet(&account, "Show a link instead", content))
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let account = find(&app, PersonId(id)).await?;
    let (person, name) = (account.person.id, &account.person.name);
    let token = link::invite(&app.cx, &actor, person, By::Hand).await?;
    let title = format!("A link for {name}");
    let content = html! {
        h1 { (title) }
        p { "Hand it over yourself, in a way that only they see. With it they come in and set a password." }
        (inset(html! { p { (app.cx.links.full(&path::welcome(&token))) } }))
        (notice("It is shown only here and now", html! {
            p { "It works once, for " (Purpose::Invitation.holds_for_words()) ". Copy it before you leave this page." }
        }))
        p { (Link::new(&path::person(person), "Done: go back to the person")) }
    };
    Ok(sheet(&account, &title, content))
}

fn sheet(account: &Account, title: &str, content: Markup) -> Sheet {
    let name = account.person.name.as_str();
    Sheet::new([title, name, "People"], content)
        .crumbs([(Route::People.path().to_owned(), "People"), (path::person(account.person.id), name)])
}
