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
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select,
};
use serde_json::{Value, json};

use super::{Source, StoreError, Tx, search};
use crate::{
    domain::id::{ActionId, PersonId, PlanId},
    secret,
};

mod adopt;
pub mod chain;
mod verify;

pub(super) use adopt::adopt;
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

/// One change, as it is recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its number in the whole history, from 1.
    pub number: i64,
    /// The instant.
    pub at: DateTime<Utc>,
    /// The office day.
    pub office_day: NaiveDate,
    /// Who, if a person.
    pub actor: Option<PersonId>,
    /// Their name then; none: it was erased.
    pub actor_name: Option<String>,
    /// Whom it is about, if a person.
    pub person: Option<PersonId>,
    /// The plan it touches.
    pub plan: Option<PlanId>,
    /// The action it touches.
    pub action: Option<ActionId>,
    /// What kind of change: "update.added".
    pub kind: String,
    /// What happened.
    pub content: Content,
    /// The chain's link; empty: this event was not written by the program.
    pub link: String,
}

/// What an event says.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// It is there.
    Kept {
        /// What happened, in plain words.
        summary: String,
        /// What changed: see [`NewEvent::detail`].
        detail: Value,
    },
    /// It was erased, then.
    Erased(DateTime<Utc>),
}

impl Event {
    /// Who did it, for pages.
    pub fn who(&self) -> &str {
        self.actor_name.as_deref().unwrap_or("Somebody who has left")
    }

    /// What happened, in plain words; none: it was erased.
    pub fn summary(&self) -> Option<&str> {
        match &self.content {
            Content::Kept { summary, .. } => Some(summary),
            Content::Erased(_) => None,
        }
    }

    /// What changed; null where it was erased.
    pub fn detail(&self) -> &Value {
        match &self.content {
            Content::Kept { detail, .. } => detail,
            Content::Erased(_) => &Value::Null,
        }
    }
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
        None => {
            let what = "the head of the history is missing; `audit verify` says more: it".to_owned();
            return Err(StoreError::Row { table: "audit_head", id: HEAD, what });
        }
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
    let contents = audit_event::Entity::update_many()
        .set(audit_event::ActiveModel {
            summary: Set(String::new()),
            detail: Set(json!({})),
            content_salt: Set(None),
            content_erased_at: Set(Some(at)),
            ..Default::default()
        })
        .filter(audit_event::Column::PersonId.eq(person.0))
        .filter(audit_event::Column::ContentErasedAt.is_null())
        .exec(tx.on())
        .await?;
    Ok(Erased { names: names.rows_affected, contents: contents.rows_affected })
}

/// Whose history is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The whole installation.
    All,
    /// One plan.
    Plan(PlanId),
    /// One action.
    Action(ActionId),
    /// What one person did, and what was done about them.
    Person(PersonId),
}

/// A page of the history, newest first: up to `limit` events after skipping `offset`.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn list(from: &impl Source, of: Of, offset: u64, limit: u64) -> Result<Vec<Event>, StoreError> {
    let rows =
        of_whom(of).order_by_desc(audit_event::Column::Id).offset(offset).limit(limit).all(from.on()).await?;
    Ok(rows.into_iter().map(event).collect())
}

/// What a reader may see of the history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The plans of which events are shown.
    pub plans: Vec<PlanId>,
    /// Those of them of which events about updates are shown: they tell that there is one before it is published.
    pub updates_of: Vec<PlanId>,
    /// Events about posts.
    pub posts: bool,
    /// Events about people, and everything else that belongs to no plan.
    pub people: bool,
}

/// What a reader wants to see of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The first office day.
    pub from: Option<NaiveDate>,
    /// The last office day.
    pub to: Option<NaiveDate>,
    /// Words in the name of who did it.
    pub who: Option<String>,
}

/// A page of what a reader may and wants to see of the history, newest first, and how many events there are in all.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn shown(
    from: &impl Source,
    of: Of,
    shown: &Shown,
    wanted: &Wanted,
    offset: u64,
    limit: u64,
) -> Result<(Vec<Event>, u64), StoreError> {
    use audit_event::Column;
    let within = |plans: &[PlanId]| Column::PlanId.is_in(plans.iter().map(|p| p.0));
    let mut may_see = Condition::any()
        .add(Condition::all().add(within(&shown.plans)).add(Column::Kind.not_like("update.%")))
        .add(within(&shown.updates_of));
    let unplanned = || Condition::all().add(Column::PlanId.is_null());
    if shown.posts {
        may_see = may_see.add(unplanned().add(Column::Kind.like("post.%")));
    }
    if shown.people {
        may_see = may_see.add(unplanned().add(Column::Kind.not_like("post.%")));
    }
    let mut select = of_whom(of).filter(may_see);
    if let Some(day) = wanted.from {
        select = select.filter(Column::OfficeDay.gte(day));
    }
    if let Some(day) = wanted.to {
        select = select.filter(Column::OfficeDay.lte(day));
    }
    if let Some(who) = &wanted.who {
        select = select.filter(search::holds([Column::ActorName], who));
    }
    let count = select.clone().count(from.on()).await?;
    let rows = select.order_by_desc(Column::Id).offset(offset).limit(limit).all(from.on()).await?;
    Ok((rows.into_iter().map(event).collect(), count))
}

/// The first events after one, oldest first: how the whole history is read piece by piece.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn after(from: &impl Source, number: i64, limit: u64) -> Result<Vec<Event>, StoreError> {
    let rows = audit_event::Entity::find()
        .filter(audit_event::Column::Id.gt(number))
        .order_by_asc(audit_event::Column::Id)
        .limit(limit)
        .all(from.on())
        .await?;
    Ok(rows.into_iter().map(event).collect())
}

fn of_whom(of: Of) -> Select<audit_event::Entity> {
    let select = audit_event::Entity::find();
    match of {
        Of::All => select,
        Of::Plan(id) => select.filter(audit_event::Column::PlanId.eq(id.0)),
        Of::Action(id) => select.filter(audit_event::Column::ActionId.eq(id.0)),
        Of::Person(id) => select.filter(
            Condition::any()
                .add(audit_event::Column::ActorId.eq(id.0))
                .add(audit_event::Column::PersonId.eq(id.0)),
        ),
    }
}

fn event(row: audit_event::Model) -> Event {
    Event {
        number: row.id,
        at: row.at,
        office_day: row.office_day,
        actor: row.actor_id.map(PersonId),
        actor_name: Some(row.actor_name).filter(|_| row.name_erased_at.is_none()),
        person: row.person_id.map(PersonId),
        plan: row.plan_id.map(PlanId),
        action: row.action_id.map(ActionId),
        kind: row.kind,
        content: match row.content_erased_at {
            Some(at) => Content::Erased(at),
            None => Content::Kept { summary: row.summary, detail: row.detail },
        },
        link: row.link.unwrap_or_default(),
    }
}
