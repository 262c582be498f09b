//! One's own account: what one signs in with, and where one is signed in.
//!
//! Each page changes one thing, after `confirm`. Never shows or changes anybody else's account.

use std::collections::HashMap;

use axum::extract::State;
use maud::{Markup, html};

use crate::{
    clock::Clock,
    command::account,
    domain::{
        access::Actor,
        account::{browser_words, second_factor_required},
        text::{self, plural},
    },
    link::path,
    store::{
        self,
        person::Account,
        session::{Listed, Session},
    },
    web::{
        App,
        error::WebError,
        form::Fields,
        guard::Me,
        route::Route,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, post_button},
            kit::{Fact, Link, moment, summary_list},
            table::{Column, Row, Table},
        },
        visitor::MySession,
    },
};

pub(in crate::web) mod confirm;
pub(in crate::web) mod feed;
pub(in crate::web) mod mail;
pub(in crate::web) mod password;
pub(in crate::web) mod second_factor;

/// What the button sends that ends every session but this one.
const OTHERS: &str = "others";

pub(in crate::web) async fn show(
    State(app): State<App>,
    Me(actor): Me,
    MySession(session): MySession,
) -> Result<Sheet, WebError> {
    let account = mine(&app, &actor).await?;
    let codes = store::second_factor::codes_left(&app.cx.store, account.person.id).await?;
    let sessions = account::sessions(&app.cx, &actor).await?;
    let plans = match account.grants.iter().any(|grant| grant.plan.is_some()) {
        true => store::plan::titles(&app.cx.store).await?,
        false => HashMap::new(),
    };
    let words = app.cx.words();
    let roles: Vec<String> = account.grants.iter().map(|grant| grant.words(&words, &plans)).collect();
    Ok(sheet(&account, &roles, codes, &sessions, &session, &app.cx.clock))
}

pub(in crate::web) async fn end_session(
    State(app): State<App>,
    Me(actor): Me,
    MySession(session): MySession,
    fields: Fields,
) -> Result<Redirect, WebError> {
    let done = match fields.raw("session").parse() {
        Ok(id) if id != session.id => {
            account::end_session(&app.cx, &actor, id).await?;
            "That browser is signed out".to_owned()
        }
        _ if fields.raw("session") == OTHERS => {
            let ended = account::sign_out_elsewhere(&app.cx, &actor, &session).await?;
            match usize::try_from(ended).unwrap_or(usize::MAX) {
                0 => "You were signed in nowhere else".to_owned(),
                ended => {
                    format!("You are signed out in {}", plural(ended, "other browser", "other browsers"))
                }
            }
        }
        _ => return Ok(Redirect::to(path::ACCOUNT)),
    };
    Ok(Redirect::to(path::ACCOUNT).saying(done))
}

/// The account of the one who asks.
async fn mine(app: &App, actor: &Actor) -> Result<Account, WebError> {
    let id = actor.person.ok_or(WebError::NotFound)?;
    store::person::by_id(&app.cx.store, id).await?.ok_or(WebError::NotFound)
}

fn sheet(
    account: &Account,
    roles: &[String],
    codes: u64,
    sessions: &[Listed],
    here: &Session,
    clock: &Clock,
) -> Sheet {
    let content = html! {
        h1 { "Your account" }
        (summary_list([
            Fact::new("Name", &account.person.name),
            Fact::new("Email address", &account.person.email).change(path::ACCOUNT_EMAIL),
            Fact::new("Password", html! {
                @if account.has_password { "Set" } @else { "None" }
            }).change(path::PASSWORD),
            Fact::new("Second factor", second_factor_words(account, codes, clock)),
            Fact::new("Roles", html! {
                ul { @for role in roles { li { (role) } } }
                (Link::new(Route::WhoMay.path(), "Who may do what"))
            }),
        ]))
        h2 { "Where you are signed in" }
        p { "If you do not know one of these, sign it out" @if account.has_password { ", and change your password" } "." }
        (session_table(sessions, here, clock))
        @if sessions.iter().any(|s| s.id != here.id) {
            (post_button(Route::EndSession.path(), "Sign out everywhere else", Kind::Secondary, &[("session", OTHERS)]))
        }
        h2 { "Your emails" }
        p { (Link::new(path::ACCOUNT_MAIL, "Choose how you are reminded")) ": how often, when you are away and who is asked instead." }
        h2 { "In your calendar" }
        p { (Link::new(path::FEEDS, "Calendar feeds")) ": deadlines, the days by which updates are due, and meetings." }
        h2 { "What is held about you" }
        p { (Link::new(path::OWN_DATA, "Download everything that is held here about you")) " (JSON)" }
    };
    Sheet::new(["Your account"], content)
}

fn second_factor_words(account: &Account, codes: u64, clock: &Clock) -> Markup {
    let required = second_factor_required(&account.grants);
    let codes = usize::try_from(codes).unwrap_or(usize::MAX);
    html! {
        @match account.second_factor_since {
            Some(since) => {
                p { "On since " (text::day(clock.in_office_time(since).date())) ". " (plural(codes, "recovery code", "recovery codes")) " left." }
                ul {
                    li { (Link::new(path::RECOVERY_CODES, "Make new recovery codes")) }
                    li { (Link::new(path::SECOND_FACTOR, "Move it to another phone or app")) }
                    @if !required { li { (Link::new(Route::EndSecondFactor.path(), "Switch it off")) } }
                }
            }
            None => {
                p {
                    "Not set up. With one, a password alone is not enough to sign in as you: an app on your phone shows a code."
                    @if required { " Your role here needs one." }
                }
                p { (Link::new(path::SECOND_FACTOR, "Set up a second factor")) }
            }
        }
    }
}

fn session_table(sessions: &[Listed], here: &Session, clock: &Clock) -> Markup {
    let rows = sessions.iter().map(|session| {
        let id = session.id.to_string();
        let browser = browser_words(session.user_agent.as_deref());
        let at = |instant| moment(clock.in_office_time(instant));
        let is_here = session.id == here.id;
        Row::new([
            html! { (browser) },
            html! { (at(session.created_at)) " " (session.way.words()) },
            html! { @if is_here { "Now: this is where you are" } @else { (at(session.last_seen_at)) } },
            html! {
                @if is_here { (post_button(Route::SignOut.path(), "Sign out", Kind::Secondary, &[])) }
                @else {
                    form class="button-form" method="post" action=(Route::EndSession.path()) {
                        input type="hidden" name="session" value=(id);
                        button class="button button-secondary" type="submit" {
                            "Sign it out" span class="visually-hidden" { ": " (browser) }
                        }
                    }
                }
            },
        ])
    });
    html! {
        (Table::new("Where you are signed in", ["Browser", "Signed in", "Last seen", "Sign out"].map(Column::new))
            .caption_hidden().row_head(0).rows(rows))
    }
}
