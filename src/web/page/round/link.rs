//! Links to write by, as those see them who help with a round: whose work, and taking one back, with the question before it.

use axum::extract::State;
use maud::{Markup, html};

use super::phone::helped;
use crate::{
    command,
    domain::{
        access::Actor,
        asking::may_be_asked,
        id::{PersonId, RoundId},
        plan::Record,
        round::{Round, RoundState},
    },
    link::path,
    store::{self, round::RoundRow},
    web::{
        App,
        address::Path,
        error::WebError,
        guard::Me,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, submit},
            form::post,
            kit::Link,
        },
    },
};

/// Those who may be asked about some plans and whose link for an open round works, by name.
pub(super) async fn holders<'a>(
    app: &App,
    round: &Round,
    records: impl Iterator<Item = &'a Record>,
) -> Result<Vec<(PersonId, String)>, WebError> {
    if round.state != RoundState::Open || !app.cx.installation().updates_by_link.is_on() {
        return Ok(Vec::new());
    }
    let mut linked = store::round_link::holders(&app.cx.store, round.id).await?;
    let asked: Vec<PersonId> = records.flat_map(may_be_asked).collect();
    linked.retain(|person| asked.contains(person));
    if linked.is_empty() {
        return Ok(Vec::new());
    }
    let everyone = store::person::all(&app.cx.store).await?.into_iter().map(|account| account.person);
    Ok(everyone.filter(|p| linked.contains(&p.id)).map(|p| (p.id, p.name)).collect())
}

/// They with the way to take each link back; nothing where there is none.
pub(super) fn list(round: RoundId, linked: &[(PersonId, String)]) -> Markup {
    html! {
        @if !linked.is_empty() {
            h2 { "Links to write by" }
            p { "The emails of this round hold a link with which these people write without signing in. It works until the round closes." }
            ul {
                @for (person, name) in linked {
                    li { a href=(path::take_back_link(round, *person)) { "Take back the link of " (name) } }
                }
            }
        }
    }
}

pub(in crate::web) async fn new(
    State(app): State<App>,
    Me(actor): Me,
    Path((round, person)): Path<(i64, i64)>,
) -> Result<Sheet, WebError> {
    let (row, name) = holder(&app, &actor, round, PersonId(person)).await?;
    let round = &row.round;
    let back = path::round(round.id);
    let content = html! {
        h1 { span class="caption" { (round.label) " " } "Take back the link of " (name) "?" }
        p { "The links in all emails about this round to " (name) " stop working at once, for good. What was written with them stays: return it on the action’s page if it is not theirs." }
        p { "They can still sign in and write, and the next email of the round brings a new link." }
        (post(&path::take_back_link(round.id, PersonId(person)), button_group([
            submit("Take the link back", Kind::Warning),
            html! { (Link::new(&back, "Cancel")) },
        ])))
    };
    Ok(Sheet::new(["Take back a link", round.label.as_str()], content)
        .back(back.clone(), round.label.clone()))
}

pub(in crate::web) async fn take_back(
    State(app): State<App>,
    Me(actor): Me,
    Path((round, person)): Path<(i64, i64)>,
) -> Result<Redirect, WebError> {
    let (row, name) = holder(&app, &actor, round, PersonId(person)).await?;
    command::round_link::take_back(&app.cx, &actor, row.round.id, PersonId(person)).await?;
    Ok(Redirect::to(path::round(row.round.id)).saying(format!("The link of {name} is taken back")))
}

/// A round with the name of somebody whose link for it works, for those who help with it.
async fn holder(
    app: &App,
    actor: &Actor,
    round: i64,
    person: PersonId,
) -> Result<(RoundRow, String), WebError> {
    let (row, records) = helped(app, actor, round).await?;
    let linked = holders(app, &row.round, records.iter()).await?;
    let name = linked.into_iter().find(|(id, _)| *id == person).map(|(_, name)| name);
    Ok((row, name.ok_or(WebError::NotFound)?))
}
