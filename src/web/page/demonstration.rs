//! The demonstration's own pages: who to be, and the doors in its banner.
//!
//! None of them exists in `serve`: the guard answers 404 there.

use std::{pin::Pin, sync::Arc};

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, header},
    response::Response,
};
use axum_extra::extract::CookieJar;
use maud::html;

use super::session::enter;
use crate::{
    command::{CommandError, session},
    domain::{access::Role, account::Way, id::PersonId, text, words::Words},
    store::{self, StoreError, person::Account},
    web::{
        App, Mode,
        caller::Caller,
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

/// What the demonstration's buttons do: functions that `main` hands in. Whoever makes them sees to it that only one is gone
/// through at a time.
#[derive(Clone)]
pub struct Doors {
    /// Goes on by some days, letting the worker run on each.
    pub advance: Arc<dyn Fn(u32) -> Doing + Send + Sync>,
    /// Goes back to the first day, with a fresh seed.
    pub start_again: Arc<dyn Fn() -> Doing + Send + Sync>,
}

/// What a door does, and how many mails went out when it has done it.
pub type Doing = Pin<Box<dyn Future<Output = Result<usize, CommandError>> + Send>>;

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
    let mut people = store::person::all(&app.cx.store).await?;
    // By role, the administrator last: most of what there is to try is in the plan.
    people.sort_by_key(|a| (a.roles().contains(&Role::Administrator), a.roles()));
    Ok(choice(&people, query.raw("next"), &app.cx.words()))
}

pub(in crate::web) async fn sign_in(
    State(app): State<App>,
    jar: CookieJar,
    Caller(client): Caller,
    fields: Fields,
) -> Result<Response, WebError> {
    let id = fields.raw("person").parse().map(PersonId).map_err(|_| WebError::NotFound)?;
    let account = store::person::by_id(&app.cx.store, id).await?.filter(|a| a.person.active);
    let account = account.ok_or(WebError::NotFound)?;
    let token = session::start(&app.cx, account.person.id, Way::Demonstration, &client).await?;
    enter(&app, &jar, &token, Redirect::wanted(fields.raw("next"), Route::Home.path())).await
}

pub(in crate::web) async fn next_day(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Redirect, WebError> {
    go_on(&app, 1, &headers).await
}

pub(in crate::web) async fn next_week(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Redirect, WebError> {
    go_on(&app, 7, &headers).await
}

async fn go_on(app: &App, days: u32, headers: &HeaderMap) -> Result<Redirect, WebError> {
    let mails = through((doors(app)?.advance)(days)).await?;
    let words = format!("It is now {}. {}", text::day(app.cx.clock.today()), went_out(mails));
    Ok(Redirect::wanted(came_from(headers), Route::Home.path()).saying(words))
}

pub(in crate::web) async fn start_again(State(app): State<App>) -> Result<Redirect, WebError> {
    let mails = through((doors(&app)?.start_again)()).await?;
    // Everything was emptied, sessions too: whoever it was has to choose again who to be.
    let words =
        format!("Everything is as it was on {}. {}", text::day(app.cx.clock.today()), went_out(mails));
    Ok(Redirect::to(Route::Demonstration.path()).saying(words))
}

/// Goes through a door to the end, even where the browser does not wait for it: half a day, or a database that has been
/// emptied and not filled, must not stay behind.
async fn through(doing: Doing) -> Result<usize, CommandError> {
    let done = tokio::spawn(doing).await;
    done.map_err(|e| CommandError::Store(StoreError::File(std::io::Error::other(e))))?
}

fn went_out(mails: usize) -> String {
    match mails {
        0 => "No mail went out".to_owned(),
        1 => "1 mail went out".to_owned(),
        more => format!("{more} mails went out"),
    }
}

fn doors(app: &App) -> Result<&Doors, WebError> {
    match &app.mode {
        Mode::Demonstration(doors) => Ok(doors),
        Mode::Real { .. } => Err(WebError::NotFound),
    }
}

/// The path of the page on which a button was pressed, as the browser says it; empty where it does not.
fn came_from(headers: &HeaderMap) -> &str {
    let referer = headers.get(header::REFERER).and_then(|r| r.to_str().ok()).unwrap_or_default();
    let after_scheme = referer.split_once("://").map_or("", |(_, rest)| rest);
    after_scheme.find('/').and_then(|slash| after_scheme.get(slash..)).unwrap_or_default()
}

fn choice(people: &[Account], next: &str, words: &Words) -> Sheet {
    let rows = people.iter().filter(|a| a.person.active).map(|account| {
        let id = account.person.id.to_string();
        let button = post_button(
            Route::DemonstrationSignIn.path(),
            &format!("Sign in as {}", account.person.name),
            Kind::Secondary,
            &[("person", &id), ("next", next)],
        );
        Row::new([
            html! { (account.person.name) },
            html! { (words.say(comes_for(&account.roles()))) },
            button,
        ])
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
        [Role::Administrator, ..] => "Adds people, sees to settings and mail. Sees no plan.",
        [Role::Manager, Role::Lead, ..] => {
            "Owns the plan and leads some of its actions: keeps them true, and enters what others report."
        }
        [Role::Manager, ..] => "Owns the plan: keeps its actions true, and enters what others report.",
        [Role::ScrutinyOfficer, ..] => {
            "Opens, closes and publishes rounds for the {panel}, and records what it decides."
        }
        [Role::Lead | Role::Contributor, ..] => {
            "Opens the link in a mail, writes what has happened to their actions, and is done."
        }
        [Role::PanelMember, ..] => {
            "Sees what is overdue, what slipped and what got no update, as published to the {panel}."
        }
        [Role::Public, ..] | [] => "Has no role yet, and can open nothing.",
    }
}
