//! Who was asked for their updates by phone.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{asked_by_phone, person};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
};

use super::{Source, StoreError, Tx};
use crate::domain::id::{PersonId, PlanId, RoundId};

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The plan about whose actions they were asked.
    pub plan: PlanId,
    /// The post or person, in words.
    pub whom: String,
    /// The day.
    pub on: NaiveDate,
    /// What was said, in short.
    pub note: Option<String>,
    /// Who noted it, by name.
    pub by: Option<String>,
}

/// Notes a call.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn insert(
    tx: &Tx,
    round: RoundId,
    call: &Call,
    by: Option<PersonId>,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    asked_by_phone::ActiveModel {
        id: NotSet,
        round_id: Set(round.0),
        plan_id: Set(call.plan.0),
        whom: Set(call.whom.clone()),
        asked_on: Set(call.on),
        note: Set(call.note.clone()),
        by_id: Set(by.map(|p| p.0)),
        recorded_at: Set(at),
    }
    .insert(tx.on())
    .await?;
    Ok(())
}

/// The calls of a round, by day: one statement.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn list(from: &impl Source, round: RoundId) -> Result<Vec<Call>, StoreError> {
    let rows = asked_by_phone::Entity::find()
        .filter(asked_by_phone::Column::RoundId.eq(round.0))
        .find_also_related(person::Entity)
        .order_by_asc(asked_by_phone::Column::AskedOn)
        .order_by_asc(asked_by_phone::Column::Id)
        .all(from.on())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(row, by)| Call {
            plan: PlanId(row.plan_id),
            whom: row.whom,
            on: row.asked_on,
            note: row.note,
            by: by.map(|p: person::Model| p.name),
        })
        .collect())
}
