//! The history: who changed what, and when. Rows are only ever added.

use chrono::{DateTime, NaiveDate, Utc};
use entity::audit_event;
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, Condition, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::{Source, StoreError, Tx};
use crate::domain::id::{ActionId, PersonId, PlanId};

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The instant.
    pub at: DateTime<Utc>,
    /// The office day.
    pub office_day: NaiveDate,
    /// Who, if a person.
    pub actor: Option<PersonId>,
    /// Their name then.
    pub actor_name: String,
    /// The plan it touches.
    pub plan: Option<PlanId>,
    /// The action it touches.
    pub action: Option<ActionId>,
    /// What kind of change: "update.added".
    pub kind: String,
    /// What happened, in plain words.
    pub summary: String,
    /// What changed: an object of field → `{"from", "to"}`, or empty.
    pub detail: serde_json::Value,
}

/// Adds an event.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn insert(tx: &Tx, event: &Event) -> Result<(), StoreError> {
    audit_event::ActiveModel {
        id: NotSet,
        at: Set(event.at),
        office_day: Set(event.office_day),
        actor_id: Set(event.actor.map(|p| p.0)),
        actor_name: Set(event.actor_name.clone()),
        plan_id: Set(event.plan.map(|p| p.0)),
        action_id: Set(event.action.map(|a| a.0)),
        kind: Set(event.kind.clone()),
        summary: Set(event.summary.clone()),
        detail: Set(event.detail.clone()),
    }
    .insert(tx.on())
    .await?;
    Ok(())
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Events of no plan: people and posts.
    pub unplanned: bool,
    /// The plans that they may know of.
    pub plans: Vec<PlanId>,
    /// The plans of which events about updates are shown: they tell that there is one before it is published.
    pub updates_of: Vec<PlanId>,
}

/// A page of what a reader may see of the history, newest first, and how many events there are in all.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn shown(
    from: &impl Source,
    of: Of,
    shown: &Shown,
    offset: u64,
    limit: u64,
) -> Result<(Vec<Event>, u64), StoreError> {
    let readable = shown.updates_of.iter().map(|p| p.0);
    let mut select = of_whom(of).filter(
        Condition::any()
            .add(audit_event::Column::Kind.not_like("update.%"))
            .add(audit_event::Column::PlanId.is_in(readable)),
    );
    let mut known = Condition::any().add(audit_event::Column::PlanId.is_in(shown.plans.iter().map(|p| p.0)));
    if shown.unplanned {
        known = known.add(audit_event::Column::PlanId.is_null());
    }
    select = select.filter(known);
    let count = select.clone().count(from.on()).await?;
    let rows =
        select.order_by_desc(audit_event::Column::Id).offset(offset).limit(limit).all(from.on()).await?;
    Ok((rows.into_iter().map(event).collect(), count))
}

fn of_whom(of: Of) -> Select<audit_event::Entity> {
    let select = audit_event::Entity::find();
    match of {
        Of::All => select,
        Of::Plan(id) => select.filter(audit_event::Column::PlanId.eq(id.0)),
        Of::Action(id) => select.filter(audit_event::Column::ActionId.eq(id.0)),
    }
}

fn event(row: audit_event::Model) -> Event {
    Event {
        at: row.at,
        office_day: row.office_day,
        actor: row.actor_id.map(PersonId),
        actor_name: row.actor_name,
        plan: row.plan_id.map(PlanId),
        action: row.action_id.map(ActionId),
        kind: row.kind,
        summary: row.summary,
        detail: row.detail,
    }
}
