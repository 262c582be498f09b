//! The minute reference of a resolution, which may follow when the minutes are out.

use axum::{extract::State, http::StatusCode, response::Response};
use maud::{Markup, Render as _, html};

use super::{recorded::minute_words, sheet};
use crate::{
    command::{self, CommandError},
    domain::{access::Actor, id::ResolutionId},
    link::path,
    store::{
        self,
        decision::{Resolved, Sitting},
    },
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, LINE, Reader},
        guard::Me,
        page::{action::either, both::both},
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, hidden, submit},
            form::{FieldError, Inputs, Width, post},
            kit::{Link, inset, paragraphs},
        },
    },
};

async fn load(app: &App, actor: &Actor, id: i64) -> Result<(Sitting, Resolved), WebError> {
    let store = &app.cx.store;
    let resolution = store::decision::by_id(store, ResolutionId(id)).await?.ok_or(WebError::NotFound)?;
    command::decision::may_minute(actor, &store::decision::touched(store, resolution.id).await?)?;
    let sitting = store::decision::sitting(store, actor, resolution.meeting).await?;
    Ok((sitting.ok_or(WebError::NotFound)?, resolution))
}

pub(in crate::web) async fn new_minute(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let (sitting, resolution) = load(&app, &actor, id).await?;
    let fields = Fields::of([("minute", resolution.minute.as_deref().unwrap_or_default())]);
    Ok(form(&sitting, &resolution, &resolution.version.to_string(), &fields, &[], None))
}

pub(in crate::web) async fn save_minute(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let (sitting, resolution) = load(&app, &actor, id).await?;
    let seen = fields.raw("version");
    let mut reader = Reader::new(&fields);
    let minute = reader.optional("minute", LINE);
    let minute = match reader.finish(minute) {
        Ok(minute) => minute,
        Err(errors) => return Ok(either(form(&sitting, &resolution, seen, &fields, &errors, None))),
    };
    let version = seen.parse().unwrap_or(0);
    match command::decision::minute(&app.cx, &actor, resolution.id, version, minute.as_deref()).await {
        Ok(meeting) => {
            let done = format!("{} is shown wherever what was agreed is", minute_words(minute.as_deref()));
            Ok(either(Redirect::to(path::decisions(meeting)).saying(done)))
        }
        Err(CommandError::Stale) => {
            let (sitting, now) = load(&app, &actor, id).await?;
            let saved = Fields::of([("minute", now.minute.as_deref().unwrap_or_default())]);
            let both = both(&saved, &fields, &[("minute", "Minute reference")], |_, value| value.to_owned());
            let version = now.version.to_string();
            let sheet = form(&sitting, &now, &version, &fields, &[], Some(both));
            Ok(either(sheet.status(StatusCode::CONFLICT)))
        }
        Err(error) => Err(error.into()),
    }
}

fn form(
    sitting: &Sitting,
    resolution: &Resolved,
    version: &str,
    fields: &Fields,
    errors: &[FieldError],
    clash: Option<Markup>,
) -> Sheet {
    const TITLE: &str = "Minute reference";
    let f = Inputs::new(errors);
    let back = path::decisions(resolution.meeting);
    let content = html! {
        (f.summary())
        h1 {
            span class="caption" { (sitting.meeting.panel_name) ", " (crate::domain::text::day(resolution.decided_on)) " " }
            (TITLE)
        }
        @if let Some(both) = clash { (both) }
        (inset(paragraphs(&resolution.text)))
        (post(&path::minute(resolution.id), html! {
            (hidden("version", version))
            (f.text("minute", TITLE, fields.raw("minute"))
                .hint("Leave it empty while the minutes are awaited")
                .width(Width::W20)
                .optional())
            (button_group([submit("Save", Kind::Primary), Link::new(&back, "Cancel").render()]))
        }))
    };
    sheet(sitting, TITLE, content).rejected(!errors.is_empty())
}
