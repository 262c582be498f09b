//! Writing an update on an action, and correcting one.
//!
//! One form for both, in `update/form.rs`; what it asks depends on what it is about (`asking`), and what was typed becomes a
//! draft in `update/parse.rs`. A form carries a random token, so that a double click or the back button makes one update.
//! It can be saved for later (`later`), be one of several (`series`), and begin with a text written before (`reuse`). What
//! becomes of an update afterwards: `review`, `exemption`. Without signing in, by a round's link: `by_link`.

use axum::{
    extract::{RawQuery, State},
    response::Response,
};

use super::action::{either, form_sheet, record_for, refused};
use crate::{
    command::{
        self, CommandError,
        update::{Added, AskedDate},
    },
    domain::{
        access::{Actor, Permission},
        action::Action,
        id::{ActionId, UpdateId},
        plan::Record,
        update::{Update, UpdateDraft},
    },
    link::path,
    secret,
    store::{self, StoreError, record::Depth},
    web::{
        App,
        address::Path,
        error::WebError,
        form::Fields,
        guard::Me,
        sheet::{Redirect, Sheet},
        view::form::FieldError,
    },
};

mod asking;
pub(in crate::web) mod by_link;
pub(in crate::web) mod entered;
pub(in crate::web) mod exemption;
mod form;
pub(in crate::web) mod later;
mod parse;
pub(in crate::web) mod readers;
mod reuse;
pub(in crate::web) mod review;
pub(in crate::web) mod series;

use asking::Asking;
pub(in crate::web) use parse::{NO_OUTCOME, NOT_PUT_RIGHT};
use series::Series;

/// The form for a new update, with what the reader has of it already: what they saved for later, or what was returned to them.
/// `?rating=complete` has that rating chosen; `?series=` is one of several.
pub(in crate::web) async fn new(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    let id = ActionId(id);
    let record = record_for(&app, &actor, id, Permission::WriteUpdate, Depth::Current).await?;
    let mut asking = Asking::of(&app, &actor, &record, id, None)?;
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    asking.series = Series::read(query.raw("series"), id);
    asking.offers = reuse::offers(&app, &actor, &asking).await?;
    let mut fields = Fields::of([("reported", query.raw("rating"))]);
    if let Some(begun) = later::begun(&app, &actor, id).await? {
        asking.saved = Some((begun.id, app.cx.clock.in_office_time(begun.saved_at)));
        fields = later::put_in(begun);
    } else if let Some(returned) = asking.returned {
        fields = written_again(&app, returned).await?;
    }
    shown(&asking, &fields, &[], &token()?, None)
}

/// The fields of an update that was returned, for sending it again.
async fn written_again(app: &App, returned: &Update) -> Result<Fields, WebError> {
    let mut evidence = store::update::evidence(&app.cx.store, returned.action).await?;
    Ok(parse::fields_of(returned, &evidence.remove(&Some(returned.id)).unwrap_or_default()))
}

/// Adds an update, saves it for later, or puts a text into it that was written for another body.
pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let id = ActionId(id);
    let record = record_for(&app, &actor, id, Permission::WriteUpdate, Depth::Current).await?;
    let mut asking = Asking::of(&app, &actor, &record, id, None)?;
    asking.series = Series::read(fields.raw("series"), id);
    if fields.ticked(later::BUTTON) {
        return later::save(&app, &actor, &asking, &fields).await;
    }
    let wanted = fields.raw(reuse::BUTTON);
    if !wanted.is_empty() {
        asking.offers = reuse::offers(&app, &actor, &asking).await?;
        let offer =
            asking.offers.iter().find(|o| o.update.to_string() == wanted).ok_or(WebError::NotFound)?;
        let fields = reuse::put_in(offer, &fields);
        let token = fields.raw("form_token").to_owned();
        return Ok(either(shown(&asking, &fields, &[], &token, None)?));
    }
    save(&app, &actor, &mut asking, &fields).await
}

/// The form that corrects an update, filled with what that one says, or with the correction that was returned.
pub(in crate::web) async fn new_correction(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let update = UpdateId(id);
    let (record, action) =
        of_update(&app, &actor, update, Permission::WriteUpdate, Depth::Everything).await?;
    let asking = Asking::of(&app, &actor, &record, action, Some(update))?;
    if asking.is_outdated() {
        let there = Redirect::to(path::action(action));
        return Ok(either(there.saying("That update has been corrected already: correct the newer one")));
    }
    let fields = match asking.returned.or(asking.corrects) {
        Some(update) => written_again(&app, update).await?,
        None => Fields::default(),
    };
    Ok(either(shown(&asking, &fields, &[], &token()?, None)?))
}

/// Adds the correction.
pub(in crate::web) async fn correct(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let update = UpdateId(id);
    let (record, action) =
        of_update(&app, &actor, update, Permission::WriteUpdate, Depth::Everything).await?;
    let mut asking = Asking::of(&app, &actor, &record, action, Some(update))?;
    save(&app, &actor, &mut asking, &fields).await
}

/// The record and the action that an update belongs to, for somebody who may do something to it.
async fn of_update(
    app: &App,
    actor: &Actor,
    update: UpdateId,
    permission: Permission,
    depth: Depth,
) -> Result<(Record, ActionId), WebError> {
    let action = store::update::action_of(&app.cx.store, update).await?.ok_or(WebError::NotFound)?;
    Ok((record_for(app, actor, action, permission, depth).await?, action))
}

/// The update, with its action.
fn found(record: &Record, action: ActionId, id: UpdateId) -> Result<(&Action, &Update), WebError> {
    let action = record.action(action).ok_or(WebError::NotFound)?;
    Ok((action, action.updates.iter().find(|u| u.id == id).ok_or(WebError::NotFound)?))
}

/// Another text that stands beside what was typed.
struct Other {
    title: String,
    text: String,
}

async fn save(
    app: &App,
    actor: &Actor,
    asking: &mut Asking<'_>,
    fields: &Fields,
) -> Result<Response, WebError> {
    let sent = Some(fields.raw("form_token")).filter(|t| !t.is_empty());
    let (mut draft, asked) = match parse::draft(fields, asking) {
        Ok(parsed) => parsed,
        Err(errors) => {
            asking.offers = reuse::offers(app, actor, asking).await?;
            let token = sent.map_or_else(token, |t| Ok(t.to_owned()))?;
            return Ok(either(shown(asking, fields, &errors, &token, None)?));
        }
    };
    draft.form_token = sent.map(str::to_owned);
    draft.supersedes = asking.corrects.map(|u| u.id);
    if asking.corrects.is_some() && fields.raw("deadline_right") == "no" {
        let words = "A correction can’t ask for another date. Save it, then ask for the date on the action’s page: what you typed for it stands below";
        let typed = ["wording", "reason"].map(|name| fields.raw(name)).join("\n\n");
        let other = Other { title: "The date that you asked for".to_owned(), text: typed };
        let token = sent.map_or_else(token, |t| Ok(t.to_owned()))?;
        let error = FieldError::new("narrative", words);
        return Ok(either(shown(asking, fields, &[error], &token, Some(&other))?));
    }
    draft.finishes = later::seen(fields);
    let before = match sent {
        Some(token) => store::update::by_form_token(&app.cx.store, token, &draft).await?,
        None => None,
    };
    asking.already = asking.sent_today(actor).filter(|sent| !sent.says_all_of(&draft));
    if let Some(already) =
        asking.already.filter(|u| before.is_none() && fields.raw("also") != u.id.to_string())
    {
        asking.offers = reuse::offers(app, actor, asking).await?;
        let other =
            Other { title: "The update that you have sent".to_owned(), text: already.narrative.clone() };
        let token = sent.map_or_else(token, |t| Ok(t.to_owned()))?;
        let words = "You have already sent an update on this action today. Correct that one with what you typed, or save again to add this one too";
        let error = FieldError::new("narrative", words);
        return Ok(either(shown(asking, fields, &[error], &token, Some(&other))?));
    }
    let there = match &asking.series {
        Some(series) => Redirect::to(series.onward()),
        None => Redirect::to(path::action(asking.action.id)),
    };
    match command::update::add(&app.cx, actor, asking.action.id, &draft, asked.as_ref()).await {
        Ok(Added::New(_)) => {
            let mut done = done(asking, asked.as_ref());
            if later::begun(app, actor, asking.action.id).await?.is_some() {
                done.push_str(". You also have a text saved for later on it, which is not sent");
            }
            Ok(either(there.saying(done)))
        }
        Ok(Added::Before(_)) => Ok(either(there.saying("This update was saved already"))),
        Err(error) => {
            asking.offers = reuse::offers(app, actor, asking).await?;
            refuse(app, asking, fields, &draft, error).await
        }
    }
}

fn done(asking: &Asking<'_>, asked: Option<&AskedDate>) -> String {
    let label = &asking.action.label;
    match (asking.corrects, asked) {
        (Some(_), _) => format!("Update on {label} corrected"),
        (None, Some(asked)) => format!("Update added to {label}, and {} asked for", asked.wording),
        (None, None) if asking.looked_at => {
            format!("Update added to {label}. The plan’s manager looks at it before it is accepted")
        }
        (None, None) => format!("Update added to {label}"),
    }
}

/// The form again, with what speaks against it. Where the same form was saved before with another text, that text stands
/// beside it, and the form gets a new token: saving again then adds this one too.
async fn refuse(
    app: &App,
    asking: &Asking<'_>,
    fields: &Fields,
    draft: &UpdateDraft,
    error: CommandError,
) -> Result<Response, WebError> {
    let error = refused(error)?;
    let before = match &draft.form_token {
        Some(token) => store::update::by_form_token(&app.cx.store, token, draft).await?,
        None => None,
    };
    let next = match (&before, &draft.form_token) {
        (None, Some(unused)) => unused.clone(),
        _ => token()?,
    };
    let before = before.map(|b| Other { title: "Saved before".to_owned(), text: b.narrative });
    Ok(either(shown(asking, fields, &[error], &next, before.as_ref())?))
}

fn shown(
    asking: &Asking<'_>,
    fields: &Fields,
    errors: &[FieldError],
    token: &str,
    other: Option<&Other>,
) -> Result<Sheet, WebError> {
    let content = form::render(asking, fields, errors, token, other);
    let title = form::title(asking);
    Ok(form_sheet(asking.record, asking.action, title, content).rejected(!errors.is_empty()))
}

fn token() -> Result<String, WebError> {
    secret::token().map_err(|e| WebError::Broken(StoreError::File(std::io::Error::other(e))))
}
