//! Adding and editing an action.
//!
//! `read` turns the form into a draft, `by_when` settles how a deadline is read, `view` is the form. Never changes a
//! deadline that has a date: that is asked for on a page of its own, so that the date first agreed is not lost.

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{action::record_for, both::both, plan};
use crate::{
    command::{self, CommandError},
    domain::{
        access::{Actor, Permission},
        action::{Action, Revision},
        id::ActionId,
        plan::Record,
        post::Lead,
    },
    link::path,
    store::{self, person::Account, record::Depth},
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

mod by_when;
mod read;
mod view;

use by_when::ByWhen;
use view::{Form, Subject};

/// How many posts the form has room for.
const POSTS: [&str; 3] = ["post_1", "post_2", "post_3"];

/// What the form offers: the plan with its posts, and the people.
struct Offer {
    record: Record,
    people: Vec<Account>,
}

pub(in crate::web) async fn new(
    State(app): State<App>,
    Me(actor): Me,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    let offer = of_slug(&app, &actor, &slug).await?;
    // A link can name the recommendation that the action answers.
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    let fields = Fields::of([("recommendation", query.raw("recommendation"))]);
    Ok(view::sheet(&offer, &Form { fields: &fields, errors: &[], by_when: None }, Subject::New))
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    Path(slug): Path<String>,
    fields: Fields,
) -> Result<Response, WebError> {
    let offer = of_slug(&app, &actor, &slug).await?;
    let by_when = ByWhen::read(&fields, &offer.record);
    let refused = |errors: &[FieldError]| {
        let form = Form { fields: &fields, errors, by_when: Some(&by_when) };
        view::sheet(&offer, &form, Subject::New).into_response()
    };
    let draft = match read::draft(&fields, &offer, by_when.error()) {
        Ok(draft) => draft,
        Err(errors) => return Ok(refused(&errors)),
    };
    match command::action::create(&app.cx, &actor, offer.record.plan.id, &draft, &by_when.wording()).await {
        Ok(id) => Ok(Redirect::to(path::action(id))
            .saying(format!("Action added. {}", by_when.said()))
            .into_response()),
        Err(CommandError::Refused { field, message }) => Ok(refused(&[FieldError::new(field, message)])),
        Err(error) => Err(error.into()),
    }
}

pub(in crate::web) async fn edit(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let offer = of_action(&app, &actor, ActionId(id)).await?;
    let now = offer.record.action(ActionId(id)).ok_or(WebError::NotFound)?;
    let form = Form { fields: &fields_of(now), errors: &[], by_when: None };
    Ok(view::sheet(&offer, &form, Subject::Edit { now, version: &now.version.to_string(), clash: None }))
}

pub(in crate::web) async fn update(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let offer = of_action(&app, &actor, ActionId(id)).await?;
    let now = offer.record.action(ActionId(id)).ok_or(WebError::NotFound)?;
    let seen = fields.raw("version");
    let by_when = match has_date(now) {
        true => ByWhen::kept(now.original()),
        false => ByWhen::read_unless_same(&fields, &offer.record, now.original()),
    };
    let refused = |errors: &[FieldError]| {
        let form = Form { fields: &fields, errors, by_when: Some(&by_when) };
        view::sheet(&offer, &form, Subject::Edit { now, version: seen, clash: None }).into_response()
    };
    let draft = match read::draft(&fields, &offer, by_when.error()) {
        Ok(draft) => draft,
        Err(errors) => return Ok(refused(&errors)),
    };
    let version = seen.parse().unwrap_or(0);
    match command::action::edit(&app.cx, &actor, now.id, version, &draft, &by_when.wording()).await {
        Ok(()) => {
            let said = if by_when.is_new() { format!(". {}", by_when.said()) } else { String::new() };
            Ok(Redirect::to(path::action(now.id))
                .saying(format!("{} saved{said}", now.label))
                .into_response())
        }
        Err(CommandError::Refused { field, message }) => Ok(refused(&[FieldError::new(field, message)])),
        Err(CommandError::Stale) => {
            let offer = of_action(&app, &actor, now.id).await?;
            let now = offer.record.action(now.id).ok_or(WebError::NotFound)?;
            let words = |name: &str, value: &str| view::said(&offer, name, value);
            let clash = both(&fields_of(now), &fields, &view::labels(now), words);
            let form = Form { fields: &fields, errors: &[], by_when: Some(&by_when) };
            let version = now.version.to_string();
            let subject = Subject::Edit { now, version: &version, clash: Some(clash) };
            Ok(view::sheet(&offer, &form, subject).status(StatusCode::CONFLICT).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether its deadline can only be changed by asking for another.
fn has_date(action: &Action) -> bool {
    action.revisions.len() > 1 || action.original().is_some_and(|o| o.span.is_some())
}

async fn of_slug(app: &App, actor: &Actor, slug: &str) -> Result<Offer, WebError> {
    let record = plan::record_for(app, actor, slug, Permission::EditPlans, Depth::Current).await?;
    Ok(Offer { record, people: store::person::all(&app.cx.store).await? })
}

async fn of_action(app: &App, actor: &Actor, id: ActionId) -> Result<Offer, WebError> {
    let record = record_for(app, actor, id, Permission::EditPlans, Depth::Current).await?;
    Ok(Offer { record, people: store::person::all(&app.cx.store).await? })
}

/// An action as the fields of the form.
fn fields_of(action: &Action) -> Fields {
    let mut fields = vec![
        ("recommendation", action.recommendation.map(|r| r.to_string()).unwrap_or_default()),
        ("short_title", action.short_title.clone().unwrap_or_default()),
        ("text", action.text.clone()),
        ("by_when", action.original().map_or("", |o: &Revision| &o.wording).to_owned()),
        ("lead_wording", action.lead_wording.clone()),
        ("resource", action.resource.clone()),
        ("resource_kind", action.resource_kind.map_or("", |k| k.code()).to_owned()),
        ("resource_amount", action.resource_pence.map(read::amount).unwrap_or_default()),
        ("themes", action.themes.join(", ")),
    ];
    let mut rooms = POSTS.iter();
    for lead in &action.leads {
        match lead {
            Lead::Post { post, named } => {
                fields.extend(rooms.next().map(|room| (*room, post.to_string())));
                fields.extend(named.clone().map(|named| ("named", named)));
            }
            Lead::Person(person) => fields.push(("person", person.id.to_string())),
            Lead::OutsideBody(body) => fields.push(("outside", body.clone())),
        }
    }
    fields.extend(action.contributors.iter().map(|id| ("contributor", id.to_string())));
    Fields::of(fields)
}
