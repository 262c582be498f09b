//! Saving an update for later, bringing it back into the form, and throwing it away. It is its writer's alone.

use axum::{extract::State, response::Response};
use maud::{Markup, html};

use super::{Asking, shown, token};
use crate::{
    command::{self, CommandError},
    domain::{access::Actor, id::ActionId, text},
    link::path,
    store::{self, update::draft::Draft},
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, Reader},
        guard::Me,
        page::action::{either, refused},
        sheet::Redirect,
        view::{
            button::{Kind, post_button},
            form::FieldError,
            kit::inset,
        },
    },
};

/// The name of the button.
pub(super) const BUTTON: &str = "for_later";

/// What belongs to one sending of the form and not to what was written.
const NOT_KEPT: [&str; 3] = ["form_token", "series", BUTTON];

/// What the reader had begun on an action.
pub(super) async fn begun(app: &App, actor: &Actor, action: ActionId) -> Result<Option<Draft>, WebError> {
    match actor.person {
        Some(person) => Ok(store::update::draft::of(&app.cx.store, action, person).await?),
        None => Ok(None),
    }
}

/// Says that what stands in the form was saved for later, and lets it be thrown away.
pub(super) fn notice(asking: &Asking<'_>) -> Markup {
    let Some(at) = asking.saved_at else { return Markup::default() };
    let series = asking.series.as_ref().map_or(String::new(), |s| s.text());
    inset(html! {
        p { "You saved this on " (text::moment(at)) " and have not sent it. Nobody else can read it." }
        (post_button(&path::update_draft(asking.action.id), "Throw it away", Kind::Secondary, &[("series", &series)]))
    })
}

/// Saves what stands in the form, and goes on.
pub(super) async fn save(
    app: &App,
    actor: &Actor,
    asking: &Asking<'_>,
    fields: &Fields,
) -> Result<Response, WebError> {
    let written: Vec<(String, String)> = fields
        .clone()
        .without_secrets()
        .into_iter()
        .filter(|(name, value)| !NOT_KEPT.contains(&name.as_str()) && !value.trim().is_empty())
        .map(|(name, value)| (name, value.replace('\0', "")))
        .collect();
    let mut reader = Reader::new(fields);
    if written.is_empty() {
        reader.wrong("narrative", "Nothing is written yet, so there is nothing to save for later");
    }
    let errors: Vec<FieldError> = match reader.finish(()) {
        Err(errors) => errors,
        Ok(()) => match command::update::draft::save(&app.cx, actor, asking.action.id, written).await {
            Ok(()) => {
                let there = match &asking.series {
                    Some(series) => series.onward(),
                    None if actor.answers_for(asking.action) => path::MY_ACTIONS.to_owned(),
                    None => path::action(asking.action.id),
                };
                let done = format!(
                    "Saved for later: {}. It is not sent, and only you can read it",
                    asking.action.label
                );
                return Ok(either(Redirect::to(there).saying(done)));
            }
            Err(error @ CommandError::Refused { .. }) => vec![refused(error)?],
            Err(error) => return Err(error.into()),
        },
    };
    let sent = Some(fields.raw("form_token")).filter(|t| !t.is_empty());
    let token = sent.map_or_else(token, |t| Ok(t.to_owned()))?;
    Ok(either(shown(asking, fields, &errors, &token, None)?))
}

/// Throws away what was saved for later, and shows the form without it.
pub(in crate::web) async fn discard(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let id = ActionId(id);
    let there_was = command::update::draft::discard(&app.cx, &actor, id).await?;
    let there = match fields.raw("series") {
        "" => path::new_update(id),
        series => {
            let series: String = form_urlencoded::byte_serialize(series.as_bytes()).collect();
            format!("{}?series={series}", path::new_update(id))
        }
    };
    let words = if there_was { "What you had saved is thrown away" } else { "There was nothing saved" };
    Ok(either(Redirect::to(there).saying(words)))
}
