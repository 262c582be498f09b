//! Saving an update for later, bringing it back into the form, and throwing it away. It is its writer's alone.

use axum::{extract::State, response::Response};
use maud::{Markup, html};

use super::{Asking, Other, shown, token};
use crate::{
    command::{self, CommandError},
    domain::{
        access::Actor,
        id::{ActionId, DraftId},
        text,
    },
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

/// The field with the number of what was saved for later and stands in the form.
pub(super) const SEEN: &str = "draft";

/// What belongs to one sending of the form and not to what was written.
const NOT_KEPT: [&str; 5] = ["form_token", "series", "also", SEEN, BUTTON];

/// What was saved for later and stands in the form; none: nothing was.
pub(super) fn seen(fields: &Fields) -> Option<DraftId> {
    fields.raw(SEEN).parse().ok().map(DraftId)
}

/// The form with what was saved for later in it.
pub(super) fn put_in(begun: Draft) -> Fields {
    let id = (SEEN.to_owned(), begun.id.to_string());
    Fields::of(begun.fields.into_iter().chain([id]))
}

/// What the reader had begun on an action.
pub(super) async fn begun(app: &App, actor: &Actor, action: ActionId) -> Result<Option<Draft>, WebError> {
    match actor.person {
        Some(person) => Ok(store::update::draft::of(&app.cx.store, action, person).await?),
        None => Ok(None),
    }
}

/// Says that what stands in the form was saved for later, and lets it be thrown away.
pub(super) fn notice(asking: &Asking<'_>) -> Markup {
    let Some((id, at)) = asking.saved else { return Markup::default() };
    let series = asking.series.as_ref().map_or(String::new(), |s| s.text());
    inset(html! {
        p { "You saved this on " (text::moment(at)) " and have not sent it. Nobody else can read it." }
        (post_button(&path::update_draft(asking.action.id), "Throw it away", Kind::Secondary, &[("series", &series), (SEEN, &id.to_string())]))
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
    let id = asking.action.id;
    let (mut fields, mut other) = (fields.clone(), None);
    let errors: Vec<FieldError> = match reader.finish(()) {
        Err(errors) => errors,
        Ok(()) => match command::update::draft::save(&app.cx, actor, id, seen(&fields), written).await {
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
            Err(CommandError::Stale) => {
                let begun = begun(app, actor, id).await?.ok_or(CommandError::Stale)?;
                let at = text::moment(app.cx.clock.in_office_time(begun.saved_at));
                other = Some(Other { title: format!("Saved for later on {at}"), text: all_of(&begun) });
                fields = fields.with(SEEN, &begun.id.to_string());
                let what = "You have saved another text of this action for later in the meantime: both stand here. Save for later again to keep what you typed now in its place";
                vec![FieldError::new("narrative", what)]
            }
            Err(error) => return Err(error.into()),
        },
    };
    let sent = Some(fields.raw("form_token")).filter(|t| !t.is_empty());
    let token = sent.map_or_else(token, |t| Ok(t.to_owned()))?;
    Ok(either(shown(asking, &fields, &errors, &token, other.as_ref())?))
}

/// Everything that somebody wrote in it: choices and ticks are one word.
fn all_of(begun: &Draft) -> String {
    let written = begun
        .fields
        .iter()
        .filter(|(name, value)| name == "narrative" || value.trim().contains(char::is_whitespace));
    written.map(|(_, value)| value.as_str()).collect::<Vec<_>>().join("\n\n")
}

/// Throws away what was saved for later, and shows the form without it.
pub(in crate::web) async fn discard(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let id = ActionId(id);
    let there_was = command::update::draft::discard(&app.cx, &actor, id, seen(&fields)).await?;
    let there = match fields.raw("series") {
        "" => path::new_update(id),
        series => {
            let series: String = form_urlencoded::byte_serialize(series.as_bytes()).collect();
            format!("{}?series={series}", path::new_update(id))
        }
    };
    let words = if there_was {
        "What you had saved is thrown away"
    } else if begun(&app, &actor, id).await?.is_some() {
        "Nothing is thrown away: you have saved something else since, and it stands here"
    } else {
        "There was nothing saved"
    };
    Ok(either(Redirect::to(there).saying(words)))
}
