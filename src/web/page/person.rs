//! People: the list. What is done to one person stands in the files beside. For those who invite or look after people.
//!
//! Nobody is deleted.

use std::collections::HashMap;

use axum::extract::{RawQuery, State};
use maud::{Markup, html};

mod form;
mod invitation;
mod link;
mod reset;
mod show;
mod state;

pub(in crate::web) use form::{create, edit, new, update};
pub(in crate::web) use invitation::{invite, revoke as revoke_invitation};
pub(in crate::web) use link::{create as create_link, new as new_link};
pub(in crate::web) use reset::{create as reset, new as new_reset};
pub(in crate::web) use show::show;
pub(in crate::web) use state::{
    deactivate, new_deactivation, new_reactivation, reactivate, sign_out, try_address,
};

use super::health;
use crate::{
    domain::{
        access::{Actor, Grant, Permission, Role, may},
        account::{self, Standing},
        id::{PersonId, PlanId},
        text::plural,
        words::Words,
    },
    link::path,
    store::{self, link::Link as Invitation, person::Account},
    web::{
        App,
        error::WebError,
        form::Fields,
        guard::Me,
        route::Route,
        sheet::Sheet,
        view::{
            button::{Kind, button_group, link_button},
            form::{Choice, Inputs, Width, filter_panel},
            kit::{Link, empty},
            table::{Column, Row, Table},
        },
    },
};

/// A person in the list.
struct Listed {
    account: Account,
    roles: String,
    standing: Standing,
    posts: Vec<String>,
}

pub(in crate::web) async fn list(
    State(app): State<App>,
    Me(actor): Me,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    let (store, today, now) = (&app.cx.store, app.cx.clock.today(), app.cx.clock.machine_now());
    let people = store::person::all(store).await?;
    let invitations = store::link::invitations(store).await?;
    let posts = store::record::posts(store).await?;
    let (words, plans) = (app.cx.words(), known_plans(&app, &actor).await?);
    let listed = people.into_iter().map(|account| {
        let id = account.person.id;
        let held = posts.iter().filter(|p| p.holders(today).any(|h| h.id == id));
        Listed {
            standing: standing(&account, invitations.get(&id), now),
            posts: held.map(|p| p.name.clone()).collect(),
            roles: role_words(&words, &plans, &account.grants),
            account,
        }
    });
    // Where an administrator begins.
    let warnings = match may(&actor, Permission::ManageSettings) {
        Ok(()) => health::warnings(&app).await?,
        Err(_) => Markup::default(),
    };
    Ok(list_sheet(&words, &listed.collect::<Vec<_>>(), &query, &warnings))
}

async fn find(app: &App, id: PersonId) -> Result<Account, WebError> {
    store::person::by_id(&app.cx.store, id).await?.ok_or(WebError::NotFound)
}

/// Where somebody's account stands.
fn standing(account: &Account, newest: Option<&Invitation>, now: chrono::DateTime<chrono::Utc>) -> Standing {
    let newest = newest
        .map(|link| account::Invitation { expires_at: link.expires_at, revoked: link.revoked_at.is_some() });
    let has_come_in = account.last_signed_in_at.is_some() || account.has_password;
    Standing::of(account.person.active, has_come_in, newest, now)
}

/// The plans whose titles somebody may read here: those who look after people need them all, to give roles in them.
async fn known_plans(app: &App, actor: &Actor) -> Result<HashMap<PlanId, String>, WebError> {
    let mut titles = store::plan::titles(&app.cx.store).await?;
    titles
        .retain(|plan, _| may(actor, Permission::ManagePeople).is_ok() || actor.is_in(Role::Manager, *plan));
    Ok(titles)
}

fn role_words(words: &Words, plans: &HashMap<PlanId, String>, grants: &[Grant]) -> String {
    let words: Vec<String> = grants.iter().map(|grant| grant.words(words, plans)).collect();
    if words.is_empty() { "Nothing".to_owned() } else { words.join(", ") }
}

/// What the filter lets through.
fn matches(listed: &Listed, sought: &str, standing: Option<Standing>) -> bool {
    let person = &listed.account.person;
    let texts = [&person.name, &person.email].into_iter().chain(&listed.posts);
    standing.is_none_or(|s| s == listed.standing)
        && (sought.is_empty() || texts.into_iter().any(|t| t.to_lowercase().contains(sought)))
}

fn list_sheet(words: &Words, people: &[Listed], query: &Fields, warnings: &Markup) -> Sheet {
    let sought = query.raw("q").trim().to_lowercase();
    let standing = Standing::ALL.iter().copied().find(|s| s.code() == query.raw("account"));
    let shown: Vec<&Listed> = people.iter().filter(|l| matches(l, &sought, standing)).collect();
    let filtered = !sought.is_empty() || standing.is_some();
    let content = html! {
        h1 { "People" }
        (warnings)
        p {
            "Whoever gets mail from here, or signs in. Who leads what is under " (Link::new(Route::Posts.path(), "Posts"))
            ", what each role is for under " (Link::new(Route::WhoMay.path(), "Who may do what")) "."
        }
        (button_group([link_button(Link::new(Route::NewPerson.path(), "Add a person"), Kind::Primary)]))
        (filter(people, shown.len(), query, filtered))
        @if people.is_empty() {
            (empty("Nobody yet", words.say("Add the people who lead actions, who sit on the {panel}, and who look after the plans."), None))
        } @else if shown.is_empty() {
            (empty("Nobody like that", "No name, address or post holds these words, with the account as chosen.",
                Some(Link::new(Route::People.path(), "Show everyone"))))
        } @else {
            (table(&shown))
        }
    };
    Sheet::new(["People"], content).wide()
}

fn filter(people: &[Listed], shown: usize, query: &Fields, filtered: bool) -> Markup {
    let f = Inputs::new(&[]);
    let everyone = plural(people.len(), "person", "people");
    let showing = if filtered { format!("{shown} of {everyone}") } else { format!("All {everyone}") };
    let counted = Standing::ALL.iter().map(|s| {
        let number = people.iter().filter(|l| l.standing == *s).count();
        Choice::new(s.code(), format!("{} ({number})", s.words()))
    });
    let fields = html! {
        (f.text("q", "Name, address or post", query.raw("q")).width(Width::W20))
        (f.select("account", "Account", query.raw("account"), [Choice::new("", "Any")].into_iter().chain(counted)).width(Width::W20))
    };
    let everyone = filtered.then_some(Route::People.path());
    filter_panel(Route::People.path(), &showing, filtered, fields, everyone)
}

fn table(people: &[&Listed]) -> Markup {
    let rows = people.iter().map(|listed| {
        let person = &listed.account.person;
        let href = path::person(person.id);
        Row::new([
            html! { (Link::new(&href, &person.name)) },
            html! { (person.email) },
            html! { (listed.roles) },
            html! { @if listed.posts.is_empty() { "None" } @else { (listed.posts.join(", ")) } },
            html! { (listed.standing.words()) },
        ])
    });
    let columns = ["Name", "Email address", "Roles", "Posts held", "Account"].map(Column::new);
    html! { (Table::new("People", columns).caption_hidden().row_head(0).rows(rows)) }
}
