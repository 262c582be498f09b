//! The demonstration's own pages: who to be, and the doors in its banner.
//!
//! None of them exists in `serve`: the guard answers 404 there.

use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use axum_extra::extract::CookieJar;
use maud::html;

use super::session::{enter, user_agent};
use crate::{
    command::session,
    domain::{access::Role, id::PersonId},
    store::{self, person::Account},
    web::{
        App,
        error::WebError,
        form::Fields,
        route::Route,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, post_button},
            table::{Column, Row, Table},
        },
    },
};

/// What the demonstration's buttons do: functions that `main` hands in.
#[derive(Clone)]
pub struct Doors {
    /// Goes on by some days, letting the worker run on each.
    pub advance: std::sync::Arc<dyn Fn(u32) -> Doing + Send + Sync>,
    /// Goes back to the first day, with a fresh seed.
    pub start_again: std::sync::Arc<dyn Fn() -> Doing + Send + Sync>,
}

/// What a door does, when it has done it.
pub type Doing = std::pin::Pin<Box<dyn Future<Output = Result<(), crate::command::CommandError>> + Send>>;

impl std::fmt::Debug for Doors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Doors")
    }
}

pub(in crate::web) async fn choose(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    let people = store::person::all(&app.cx.store).await?;
    Ok(choice(&people, query.raw("next")))
}

pub(in crate::web) async fn sign_in(
    State(app): State<App>,
    jar: CookieJar,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, WebError> {
    let id = fields.raw("person").parse().map(PersonId).map_err(|_| WebError::NotFound)?;
    let account = store::person::by_id(&app.cx.store, id).await?.filter(|a| a.person.active);
    let account = account.ok_or(WebError::NotFound)?;
    let token = session::start(&app.cx, account.person.id, user_agent(&headers)).await?;
    enter(&app, &jar, &token, Redirect::wanted(fields.raw("next"), Route::Home.path())).await
}

pub(in crate::web) async fn next_day() -> Sheet {
    Sheet::new(["demonstration next_day"], html! { h1 { "demonstration next_day" } })
}

pub(in crate::web) async fn next_week() -> Sheet {
    Sheet::new(["demonstration next_week"], html! { h1 { "demonstration next_week" } })
}

pub(in crate::web) async fn start_again() -> Sheet {
    Sheet::new(["demonstration start_again"], html! { h1 { "demonstration start_again" } })
}

pub(in crate::web) async fn mail() -> Sheet {
    Sheet::new(["demonstration mail"], html! { h1 { "demonstration mail" } })
}

pub(in crate::web) async fn message() -> Sheet {
    Sheet::new(["demonstration message"], html! { h1 { "demonstration message" } })
}

pub(in crate::web) async fn message_html() -> Sheet {
    Sheet::new(["demonstration message_html"], html! { h1 { "demonstration message_html" } })
}

pub(in crate::web) async fn message_source() -> Sheet {
    Sheet::new(["demonstration message_source"], html! { h1 { "demonstration message_source" } })
}

fn choice(people: &[Account], next: &str) -> Sheet {
    let rows = people.iter().filter(|a| a.person.active).map(|account| {
        let id = account.person.id.to_string();
        let button = post_button(
            Route::DemonstrationSignIn.path(),
            &format!("Sign in as {}", account.person.name),
            Kind::Secondary,
            &[("person", &id), ("next", next)],
        );
        Row::new([html! { (account.person.name) }, html! { (comes_for(&account.roles)) }, button])
    });
    let content = html! {
        h1 { "Try Scrutiny Tracker" }
        p class="lead-sentence" {
            "This is a real action plan, Middlesbrough’s on digital safeguarding, kept as living data. "
            "The day is yours to move: press “Next day” or “Next week” above, and see what falls due and which mails go out. "
            "You can change anything: no email leaves this machine, and “Start again” brings everything back."
        }
        (Table::new("Who do you want to be?", [
            Column::new("Who"), Column::new("What they come for"), Column::new("Sign in"),
        ]).row_head(0).rows(rows))
    };
    Sheet::new(["Try it"], content)
}

/// What somebody with these roles comes for, in a sentence.
fn comes_for(roles: &[Role]) -> &'static str {
    match roles {
        [Role::Manager, Role::Lead, ..] => {
            "Owns the plan and leads some of its actions: sees everything, asks for updates, opens and publishes rounds."
        }
        [Role::Manager, ..] => {
            "Owns the plan: sees everything, asks for updates, opens and publishes rounds."
        }
        [Role::Lead, ..] => {
            "Opens the link in a mail, writes what has happened to their actions, and is done."
        }
        [Role::PanelMember, ..] => {
            "Sees what is overdue, what slipped and what got no update, as published to the panel."
        }
        [] => "Has no role yet, and can open nothing.",
    }
}
