//! Writing an update on an action, and correcting one.
//!
//! One form for both, in `update/form.rs`; what was typed becomes a draft in `update/parse.rs`. A form carries a random
//! token, so that a double click or the back button makes one update.

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
        access::{Actor, Permission, may_on},
        action::{Action, State as ActionState},
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

mod form;
mod parse;
mod readers;

/// What one form is about, and so what it asks.
struct Asking<'a> {
    record: &'a Record,
    action: &'a Action,
    today: chrono::NaiveDate,
    /// The update that this one corrects.
    corrects: Option<&'a Update>,
    /// The update before this one.
    last: Option<&'a Update>,
    /// Whether it can be entered for somebody else.
    for_others: bool,
}

impl<'a> Asking<'a> {
    fn of(
        app: &App,
        actor: &Actor,
        record: &'a Record,
        id: ActionId,
        corrects: Option<UpdateId>,
    ) -> Result<Self, WebError> {
        let action = record.action(id).ok_or(WebError::NotFound)?;
        let today = app.cx.clock.today();
        let corrects = match corrects {
            Some(id) => Some(action.updates.iter().find(|u| u.id == id).ok_or(WebError::NotFound)?),
            None => None,
        };
        let before = |u: &&Update| corrects.is_none_or(|c| action.place(u) < action.place(c));
        Ok(Self {
            record,
            action,
            today,
            corrects,
            last: action.updates_at(today).rfind(before),
            for_others: may_on(actor, Permission::EnterForOthers, &record.plan, action).is_ok(),
        })
    }

    /// What was promised last time, if anything was.
    fn promised(&self) -> Option<&'a str> {
        self.last?.next_steps.as_deref()
    }

    /// Whether to ask if the deadline is still right: only where another one could be asked for.
    fn asks_for_date(&self) -> bool {
        self.corrects.is_none()
            && self.action.state_at(self.today) == ActionState::Open
            && self.action.asked_at(self.today).is_none()
    }

    /// Whether the update has been corrected already, so that the newer one is the one to correct.
    fn is_outdated(&self) -> bool {
        self.corrects.is_some_and(|c| self.action.updates_at(self.today).all(|u| u.id != c.id))
    }
}

/// The form for a new update; `?rating=complete` has that rating chosen.
pub(in crate::web) async fn new(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    let id = ActionId(id);
    let record = record_for(&app, &actor, id, Permission::WriteUpdate, Depth::Current).await?;
    let asking = Asking::of(&app, &actor, &record, id, None)?;
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    let fields = Fields::of([("reported", query.raw("rating"))]);
    shown(&asking, &fields, &[], &token()?, None)
}

/// Adds an update.
pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let id = ActionId(id);
    let record = record_for(&app, &actor, id, Permission::WriteUpdate, Depth::Current).await?;
    let asking = Asking::of(&app, &actor, &record, id, None)?;
    save(&app, &actor, &asking, &fields).await
}

/// The form that corrects an update, filled with what that one says.
pub(in crate::web) async fn new_correction(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let (record, action, update) = corrected(&app, &actor, id).await?;
    let asking = Asking::of(&app, &actor, &record, action, Some(update))?;
    if asking.is_outdated() {
        let there = Redirect::to(path::action(action));
        return Ok(either(there.saying("That update has been corrected already: correct the newer one")));
    }
    let mut evidence = store::update::evidence(&app.cx.store, action).await?;
    let pieces = evidence.remove(&Some(update)).unwrap_or_default();
    let fields = match asking.corrects {
        Some(update) => parse::fields_of(update, &pieces),
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
    let (record, action, update) = corrected(&app, &actor, id).await?;
    let asking = Asking::of(&app, &actor, &record, action, Some(update))?;
    save(&app, &actor, &asking, &fields).await
}

async fn corrected(app: &App, actor: &Actor, id: i64) -> Result<(Record, ActionId, UpdateId), WebError> {
    let update = UpdateId(id);
    let action = store::update::action_of(&app.cx.store, update).await?.ok_or(WebError::NotFound)?;
    let record = record_for(app, actor, action, Permission::WriteUpdate, Depth::Everything).await?;
    Ok((record, action, update))
}

async fn save(app: &App, actor: &Actor, asking: &Asking<'_>, fields: &Fields) -> Result<Response, WebError> {
    let sent = Some(fields.raw("form_token")).filter(|t| !t.is_empty());
    let (mut draft, asked) = match parse::draft(fields, asking) {
        Ok(parsed) => parsed,
        Err(errors) => {
            let token = sent.map_or_else(token, |t| Ok(t.to_owned()))?;
            return Ok(either(shown(asking, fields, &errors, &token, None)?));
        }
    };
    draft.form_token = sent.map(str::to_owned);
    draft.supersedes = asking.corrects.map(|u| u.id);
    let there = Redirect::to(path::action(asking.action.id));
    match command::update::add(&app.cx, actor, asking.action.id, &draft, asked.as_ref()).await {
        Ok(Added::New(_)) => Ok(either(there.saying(done(asking, asked.as_ref())))),
        Ok(Added::Before(_)) => Ok(either(there.saying("This update was saved already"))),
        Err(error) => refuse(app, asking, fields, &draft, error).await,
    }
}

fn done(asking: &Asking<'_>, asked: Option<&AskedDate>) -> String {
    let label = &asking.action.label;
    match (asking.corrects, asked) {
        (Some(_), _) => format!("Update on {label} corrected"),
        (None, Some(asked)) => format!("Update added to {label}, and {} asked for", asked.wording),
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
    let before = before.map(|b| b.narrative);
    Ok(either(shown(asking, fields, &[error], &next, before.as_deref())?))
}

fn shown(
    asking: &Asking<'_>,
    fields: &Fields,
    errors: &[FieldError],
    token: &str,
    saved_before: Option<&str>,
) -> Result<Sheet, WebError> {
    let content = form::render(asking, fields, errors, token, saved_before);
    let title = form::title(asking);
    Ok(form_sheet(asking.record, asking.action, title, content).rejected(!errors.is_empty()))
}

fn token() -> Result<String, WebError> {
    secret::token().map_err(|e| WebError::Broken(StoreError::File(std::io::Error::other(e))))
}
