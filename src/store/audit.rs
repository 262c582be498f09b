//! The history: who changed what, and when. Rows are only ever added, and each is chained to the one before it.
//!
//! What the chain shows: an event that was changed, taken out, put in or moved by anything but this program breaks it, and
//! [`verify`] names the first place. What it can't show by itself: the whole history written anew, or cut off at the end
//! together with its head. So the head is printed by `check`, on the history pages and in the history's file, for people
//! to note down, and `audit verify --noted` looks for one that was.
//!
//! A person's name and what is said about them can be erased ([`erase_about`]); the chain still holds. See [`chain`] for
//! what is hashed.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{audit_event, audit_head};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QuerySelect, sea_query::IntoCondition,
};
use serde_json::{Value, json};

use super::{Source, StoreError, Tx};
use crate::{
    domain::{
        id::{ActionId, PersonId, PlanId},
        text::says_name,
    },
    secret,
};

mod adopt;
pub mod chain;
mod read;
mod verify;

pub(super) use adopt::adopt;
pub use read::{
    Content, Event, Of, Shown, Wanted, after, decided_after, last_about_round, list, recorded_at, shown,
};
pub use verify::{Broken, Verdict, Whole, verify};

/// One change, to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEvent {
    /// The instant.
    pub at: DateTime<Utc>,
    /// The office day.
    pub office_day: NaiveDate,
    /// Who, if a person.
    pub actor: Option<PersonId>,
    /// Their name.
    pub actor_name: String,
    /// The plan it touches.
    pub plan: Option<PlanId>,
    /// The action it touches.
    pub action: Option<ActionId>,
    /// What kind of change: "update.added".
    pub kind: String,
    /// What happened, in plain words.
    pub summary: String,
    /// What changed: an object of field → `{"from", "to"}`, and other facts; `person` is the number of the person whom it is
    /// about.
    pub detail: Value,
}

/// Adds an event to the end of the chain.
///
/// # Errors
/// [`StoreError`] if the database refuses, or the head of a history that is there is missing.
pub async fn insert(tx: &Tx, event: &NewEvent) -> Result<(), StoreError> {
    // The lock makes two writers take turns even where nothing else does: two events must not follow the same one.
    let head = audit_head::Entity::find_by_id(HEAD).lock_exclusive().one(tx.on()).await?;
    let (events, previous) = match &head {
        Some(head) => (head.events, head.link.as_str()),
        None if audit_event::Entity::find().count(tx.on()).await? == 0 => (0, chain::BEFORE_THE_FIRST),
        None => return Err(StoreError::NoHead),
    };
    let row = audit_event::Model {
        id: events + 1,
        at: event.at,
        office_day: event.office_day,
        actor_id: event.actor.map(|p| p.0),
        actor_name: event.actor_name.clone(),
        plan_id: event.plan.map(|p| p.0),
        action_id: event.action.map(|a| a.0),
        kind: event.kind.clone(),
        summary: event.summary.clone(),
        detail: event.detail.clone(),
        person_id: None,
        name_salt: None,
        name_digest: None,
        name_erased_at: None,
        content_salt: None,
        content_digest: None,
        content_erased_at: None,
        link: None,
    };
    let row = chained(row, events + 1, previous)?;
    let new_head = audit_head::ActiveModel {
        id: Set(HEAD),
        events: Set(row.id),
        link: Set(row.link.clone().unwrap_or_default()),
    };
    audit_event::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(tx.on()).await?;
    if head.is_some() {
        new_head.update(tx.on()).await?;
    } else {
        audit_head::Entity::insert(new_head).exec_without_returning(tx.on()).await?;
    }
    Ok(())
}

/// The one row of heads.
const HEAD: i64 = 1;

/// Where the chain ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// How many events there are.
    pub events: i64,
    /// The link of the last one.
    pub link: String,
}

impl Head {
    /// The link's beginning, for people: "3f9a 12c4".
    pub fn short(&self) -> String {
        chain::short(&self.link)
    }
}

/// Where the chain ends; none: nothing has happened yet.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn head(from: &impl Source) -> Result<Option<Head>, StoreError> {
    let head = audit_head::Entity::find_by_id(HEAD).one(from.on()).await?;
    Ok(head.map(|head| Head { events: head.events, link: head.link }))
}

/// An event with its number, salts, digests and link.
fn chained(
    mut row: audit_event::Model,
    number: i64,
    previous: &str,
) -> Result<audit_event::Model, StoreError> {
    let salt = || secret::token().map_err(|e| StoreError::File(std::io::Error::other(e)));
    let (name_salt, content_salt) = (salt()?, salt()?);
    row.id = number;
    row.at = chain::kept(row.at);
    row.person_id = row.detail.get("person").and_then(Value::as_i64);
    row.name_digest = Some(chain::name_digest(&name_salt, &row.actor_name));
    row.content_digest = Some(chain::content_digest(&content_salt, &row.summary, &row.detail));
    row.name_salt = Some(name_salt);
    row.content_salt = Some(content_salt);
    row.link = Some(chain::link(previous, number, &row));
    Ok(row)
}

/// How much was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Events that no longer name who did them.
    pub names: u64,
    /// Events that no longer say what was done.
    pub contents: u64,
}

/// Erases a person from the history: their name from everything that they did (what was done stays), and what is said in
/// events about them. The chain still holds, and these events show as erased. Doing it again erases what came since.
///
/// It can't be undone, and does not record itself: the command that calls it records why.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn erase_about(tx: &Tx, person: PersonId, at: DateTime<Utc>) -> Result<Erased, StoreError> {
    let at = chain::kept(at);
    let names = audit_event::Entity::update_many()
        .set(audit_event::ActiveModel {
            actor_name: Set(String::new()),
            name_salt: Set(None),
            name_erased_at: Set(Some(at)),
            ..Default::default()
        })
        .filter(audit_event::Column::ActorId.eq(person.0))
        .filter(audit_event::Column::NameErasedAt.is_null())
        .exec(tx.on())
        .await?;
    let contents = erase_contents(tx, audit_event::Column::PersonId.eq(person.0), at).await?;
    Ok(Erased { names: names.rows_affected, contents })
}

/// The names that a person had before, as far as the history says so.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn names_before(from: &impl Source, person: PersonId) -> Result<Vec<String>, StoreError> {
    let edits = audit_event::Entity::find()
        .filter(audit_event::Column::PersonId.eq(person.0))
        .filter(audit_event::Column::Kind.eq("person.edited"))
        .all(from.on())
        .await?;
    let mut names: Vec<String> = edits
        .iter()
        .filter_map(|edit| edit.detail.get("Name")?.get("from")?.as_str().map(str::to_owned))
        .collect();
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// Erases what is said in events that name somebody, in their words or in what changed, and says how many that were: an
/// event about an action can name the person for whom something was entered.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn erase_saying(tx: &Tx, name: &str, at: DateTime<Utc>) -> Result<u64, StoreError> {
    let written = Value::from(name).to_string();
    let written = written.trim_matches('"');
    let naming: Vec<i64> = audit_event::Entity::find()
        .filter(audit_event::Column::ContentErasedAt.is_null())
        .all(tx.on())
        .await?
        .into_iter()
        .filter(|row| says_name(&row.summary, name) || says_name(&row.detail.to_string(), written))
        .map(|row| row.id)
        .collect();
    if naming.is_empty() {
        return Ok(0);
    }
    erase_contents(tx, audit_event::Column::Id.is_in(naming), at).await
}

/// Erases what some events say, where that was not done already.
async fn erase_contents(tx: &Tx, which: impl IntoCondition, at: DateTime<Utc>) -> Result<u64, StoreError> {
    let done = audit_event::Entity::update_many()
        .set(audit_event::ActiveModel {
            summary: Set(String::new()),
            detail: Set(json!({})),
            content_salt: Set(None),
            content_erased_at: Set(Some(chain::kept(at))),
            ..Default::default()
        })
        .filter(which)
        .filter(audit_event::Column::ContentErasedAt.is_null())
        .exec(tx.on())
        .await?;
    Ok(done.rows_affected)
}
