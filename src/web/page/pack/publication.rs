//! Publishing the addendum: the texts that will be read, each with the way to mark it as not for publication first.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::NaiveDate;
use maud::{Markup, html};

use super::Reading;
use crate::{
    command::{CommandError, pack},
    domain::{
        access::{Actor, Permission, may_in},
        action::Action,
        exempt,
        id::UpdateId,
        paper,
        plan::Record,
        round::Round,
        text::plural,
        update::Update,
    },
    link::path,
    web::{
        App,
        address::Path,
        error::WebError,
        form::Fields,
        guard::Me,
        page::update::review::in_short,
        sheet::{Redirect, Sheet},
        view::{
            button::{Confirm, confirm, hidden},
            kit::Link,
        },
    },
};

const TITLE: &str = "Publish the addendum";
const NOTHING: &str = "There is nothing to publish: what was received late is published, waits to be accepted, or its round is not published";

/// The field that names an update that was shown.
const SHOWN: &str = "update";

/// The way to this page, where there is something to publish and the reader may.
pub(super) fn way(record: &Record, round: &Round, actor: &Actor, today: NaiveDate) -> Option<Markup> {
    may_in(actor, Permission::RunRounds, &record.plan).ok()?;
    let waits = paper::unreleased(record, round, today).len();
    (waits > 0).then(|| {
        html! {
            a href=(path::publish_addendum(round.id, &record.plan.slug)) {
                (TITLE) span class="visually-hidden" { " of " (record.plan.title) }
            }
            " (" (plural(waits, "update", "updates")) " not yet published)"
        }
    })
}

/// The question, with the texts.
pub(in crate::web) async fn new(
    State(app): State<App>,
    Me(actor): Me,
    Path((id, file)): Path<(i64, String)>,
) -> Result<Sheet, WebError> {
    let reading = reading(&app, &actor, id, &file).await?;
    let late = paper::unreleased(&reading.record, &reading.round, app.cx.clock.today());
    Ok(page(&app, &reading, &late))
}

/// Publishes what was shown.
pub(in crate::web) async fn publish(
    State(app): State<App>,
    Me(actor): Me,
    Path((id, file)): Path<(i64, String)>,
    fields: Fields,
) -> Result<Response, WebError> {
    let reading = reading(&app, &actor, id, &file).await?;
    let shown: Vec<UpdateId> = fields.all(SHOWN).filter_map(|id| id.parse().ok()).map(UpdateId).collect();
    let (round, plan) = (reading.round.id, reading.record.plan.id);
    match pack::publish_addendum(&app.cx, &actor, round, plan, &shown).await {
        Ok(added) => {
            let words = format!("The addendum is published, with {}", plural(added, "update", "updates"));
            Ok(Redirect::to(path::addendum(round, &reading.slug)).saying(words).into_response())
        }
        Err(CommandError::Stale) => {
            Ok(Redirect::to(path::addendum(round, &reading.slug)).warning(NOTHING).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

async fn reading(app: &App, actor: &Actor, id: i64, file: &str) -> Result<Reading, WebError> {
    let reading = Reading::of(app, actor, id, file).await?;
    may_in(actor, Permission::RunRounds, &reading.record.plan)?;
    Ok(reading)
}

fn page(app: &App, reading: &Reading, late: &[(&Action, &Update)]) -> Sheet {
    let (record, round) = (&reading.record, &reading.round);
    let anyone = if record.plan.public { " So can anyone, without people’s names." } else { "" };
    let back = path::addendum(round.id, &reading.slug);
    let sheet = |content| {
        Sheet::new([TITLE, round.label.as_str()], content).back(back.as_str(), "Back to the addendum")
    };
    if late.is_empty() {
        return sheet(html! { h1 { (TITLE) } p { (NOTHING) "." } });
    }
    sheet(confirm(
        &Confirm {
            question: &format!("Publish the addendum to the papers for {}?", round.label),
            consequence: &format!(
                "{} can read {} with {} from now on.{anyone} This can’t be taken back.",
                app.cx.words().say("{Panel} members"),
                plural(late.len(), "update below", "updates below"),
                if late.len() == 1 { "its rating" } else { "their ratings" },
            ),
            action: &path::publish_addendum(round.id, &reading.slug),
            button: TITLE,
            cancel: Link::new(&back, "No, don’t publish it yet"),
        },
        html! {
            p {
                "The texts are published as they were written. Mark first what is not for publication: after that it can’t be changed \
                 any more. What comes later has to be published again."
            }
            @for (action, update) in late {
                (hidden(SHOWN, &update.id.to_string()))
                h2 { (action.label) " " (action.title()) }
                @if let Some(paragraph) = update.exempt { p { strong { (exempt::tag(paragraph)) } } }
                (in_short(record, update))
                p {
                    a href=(path::update_exemption(update.id)) {
                        "Mark as not for publication" span class="visually-hidden" { ": update on " (action.label) }
                    }
                }
            }
        },
    ))
}
