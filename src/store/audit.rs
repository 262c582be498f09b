//! The history: who changed what, and when. Rows are only ever added.

use chrono::{DateTime, NaiveDate, Utc};
use entity::audit_event;
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
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
    let mut select = audit_event::Entity::find();
    select = match of {
        Of::All => select,
        Of::Plan(id) => select.filter(audit_event::Column::PlanId.eq(id.0)),
        Of::Action(id) => select.filter(audit_event::Column::ActionId.eq(id.0)),
    };
    let rows =
        select.order_by_desc(audit_event::Column::Id).offset(offset).limit(limit).all(from.on()).await?;
    Ok(rows
        .into_iter()
        .map(|r| Event {
            at: r.at,
            office_day: r.office_day,
            actor: r.actor_id.map(PersonId),
            actor_name: r.actor_name,
            plan: r.plan_id.map(PlanId),
            action: r.action_id.map(ActionId),
            kind: r.kind,
            summary: r.summary,
            detail: r.detail,
        })
        .collect())
}
