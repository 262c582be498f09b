//! One's own calendar feeds: making one, whose address is shown once, and revoking it.

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

use crate::{
    clock::Clock,
    command::{CommandError, feed},
    domain::{access::Actor, id::PlanId, plan::Plan},
    link::path,
    store::{self, feed::Feed, record::Depth},
    web::{
        App,
        error::WebError,
        form::Fields,
        guard::Me,
        sheet::{Redirect, Sheet},
        view::{
            button::{Confirm, Kind, button_group, confirm, hidden, submit},
            form::{Choice, FieldError, Inputs, Width, post},
            kit::{Link, empty, inset, moment, notice},
            table::{Column, Row, Table},
        },
    },
};

const TITLE: &str = "Calendar feeds";
/// What the form sends for one's own actions; a plan is sent by its number.
const OWN: &str = "own";

pub(in crate::web) async fn list(State(app): State<App>, Me(actor): Me) -> Result<Sheet, WebError> {
    let page = page(&app, &actor, "", &[]).await?;
    Ok(page.unwrap_or_else(|| {
        let content = html! {
            h1 { (TITLE) }
            (empty("There is nothing to show in a calendar", "A feed is of one’s own actions, or of a plan that one may read.", None))
        };
        Sheet::new([TITLE], content).back(path::ACCOUNT, "Back to your account")
    }))
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    fields: Fields,
) -> Result<Response, WebError> {
    let of = fields.raw("of");
    let plan = match (of, of.parse()) {
        (OWN, _) => None,
        (_, Ok(id)) => Some(PlanId(id)),
        _ => return refused(&app, &actor, of, "Choose what the calendar shows").await,
    };
    match feed::make(&app.cx, &actor, plan).await {
        Ok(token) => Ok(made(&app.cx.links.full(&path::calendar(&token))).into_response()),
        Err(CommandError::NotFound) => {
            refused(&app, &actor, of, "Choose your own actions, or a plan from the list").await
        }
        Err(error) => Err(error.into()),
    }
}

async fn refused(app: &App, actor: &Actor, of: &str, words: &str) -> Result<Response, WebError> {
    let page = page(app, actor, of, &[FieldError::new("of", words)]).await?;
    Ok(page.map_or_else(|| Redirect::to(path::FEEDS).into_response(), IntoResponse::into_response))
}

pub(in crate::web) async fn new_revocation(
    State(app): State<App>,
    Me(actor): Me,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    let feeds = mine(&app, &actor).await?;
    let Some((feed, title)) = feeds.iter().find(|(feed, _)| feed.id.to_string() == query.raw("feed")) else {
        return Ok(Redirect::to(path::FEEDS).into_response());
    };
    let question = format!("Revoke the feed of {}?", name(title.as_deref()));
    let content = confirm(
        &Confirm {
            question: &question,
            consequence: "Its address stops working at once, in every calendar that follows it. You can make a new one at any time.",
            action: path::REVOKE_FEED,
            button: "Revoke the feed",
            cancel: Link::new(path::FEEDS, "No, keep it"),
        },
        hidden("feed", &feed.id.to_string()),
    );
    Ok(Sheet::new(["Revoke a calendar feed"], content).back(path::FEEDS, "Back to the feeds").into_response())
}

pub(in crate::web) async fn revoke(
    State(app): State<App>,
    Me(actor): Me,
    fields: Fields,
) -> Result<Redirect, WebError> {
    let to = Redirect::to(path::FEEDS);
    match feed::revoke(&app.cx, &actor, fields.raw("feed").parse().unwrap_or(0)).await {
        Ok(()) => Ok(to.saying("The feed is revoked: its address does not work any more")),
        // Pressed twice, or made anew in another window.
        Err(CommandError::NotFound) => Ok(to.saying("That feed does not work any more")),
        Err(error) => Err(error.into()),
    }
}

async fn mine(app: &App, actor: &Actor) -> Result<Vec<(Feed, Option<String>)>, WebError> {
    let me = actor.person.ok_or(WebError::NotFound)?;
    Ok(store::feed::of_person(&app.cx.store, me).await?)
}

/// The feeds and the form; none: there is nothing that a feed of theirs could show.
async fn page(app: &App, actor: &Actor, of: &str, errors: &[FieldError]) -> Result<Option<Sheet>, WebError> {
    let feeds = mine(app, actor).await?;
    let records = store::record::all(&app.cx.store, actor, Depth::Current).await?;
    let plans: Vec<&Plan> = records.iter().map(|record| &record.plan).collect();
    let f = Inputs::new(errors);
    let leads = records.iter().flat_map(|record| &record.actions).any(|action| actor.answers_for(action));
    let shows = match leads || !actor.posts.is_empty() {
        true => "My actions, and the meetings of my plans",
        false => "The meetings of my plans",
    };
    let own = feed::has_own(actor).then(|| Choice::new(OWN, shows));
    if own.is_none() && plans.is_empty() && feeds.is_empty() {
        return Ok(None);
    }
    let content = html! {
        (f.summary())
        h1 { (TITLE) }
        p { "A calendar feed puts deadlines, the days by which updates are due, and meetings into the calendar on your computer or phone, and keeps them up to date there." }
            h2 { "Your feeds" }
            @if feeds.is_empty() { p { "You have none." } } @else { (table(&feeds, &app.cx.clock)) }
            h2 { "Make a feed" }
            (post(path::FEEDS, html! {
                (f.select("of", "What does the calendar show?", of,
                    std::iter::once(Choice::new("", "Choose"))
                        .chain(own)
                        .chain(plans.iter().map(|plan| Choice::new(plan.id.to_string(), &plan.title))))
                    .width(Width::W20)
                    .hint("If you have a feed of the same already, its address stops working"))
                (button_group([submit("Make a feed", Kind::Primary), html! { (Link::new(path::ACCOUNT, "Cancel")) }]))
            }))
    };
    Ok(Some(Sheet::new([TITLE], content).back(path::ACCOUNT, "Back to your account").rejected(f.rejected())))
}

/// What a feed is of.
fn name(title: Option<&str>) -> &str {
    title.unwrap_or("my actions")
}

fn table(feeds: &[(Feed, Option<String>)], clock: &Clock) -> Markup {
    let rows = feeds.iter().map(|(feed, title)| {
        Row::new([
            html! { (crate::domain::text::initial_capital(name(title.as_deref()))) },
            html! { (moment(clock.in_office_time(feed.created_at))) },
            html! {
                @match feed.last_fetched_at {
                    Some(at) => (moment(clock.in_office_time(at))),
                    None => "Not yet",
                }
            },
            html! {
                a href=(path::revoke_feed(feed.id)) {
                    "Revoke" span class="visually-hidden" { " the feed of " (name(title.as_deref())) }
                }
            },
        ])
    });
    let columns = ["Shows", "Made", "Last asked for by a calendar", "Revoke"].map(Column::new);
    html! { (Table::new("Your feeds", columns).caption_hidden().row_head(0).rows(rows)) }
}

fn made(address: &str) -> Sheet {
    const TITLE: &str = "The address of your calendar feed";
    let content = html! {
        h1 { (TITLE) }
        (inset(html! { p { (address) } }))
        (notice("It is shown only here and now", html! {
            p { "Copy it before you leave this page. It is secret: whoever has it reads what the feed shows, without signing in. Give it to nobody, and revoke it if somebody may have seen it." }
        }))
        h2 { "Put it into your calendar" }
        ul {
            li { "Outlook: Add calendar, then Subscribe from web, and paste the address." }
            li { "iPhone or iPad: Settings, Calendar, Accounts, Add account, Other, Add subscribed calendar." }
            li { "Google Calendar: Other calendars, then From URL." }
        }
        p { "It has no texts and no names of people. It shows what you may read on the day, and stops when your account does." }
        p { (Link::new(path::FEEDS, "Done: go back to your feeds")) }
    };
    Sheet::new([TITLE], content).back(path::FEEDS, "Back to your feeds")
}
