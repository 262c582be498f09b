//! Keeps the papers of a round for a plan as they were when the round closed: as text, which is somebody else's to understand.

use chrono::{DateTime, NaiveDate, Utc};
use entity::pack;
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter,
};

use super::{Source, StoreError, Tx};
use crate::domain::id::{PlanId, RoundId};

/// A pack as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// What it says, in its stored form.
    pub body: String,
    /// The record check of the history, which covers the body: "3f9a 12c4".
    pub record_check: String,
    /// The office day on which the round was closed.
    pub frozen_on: NaiveDate,
}

/// Keeps the pack of a round for a plan.
///
/// # Errors
/// [`StoreError`] if the database refuses: there is one already, for instance.
pub async fn insert(
    tx: &Tx,
    round: RoundId,
    plan: PlanId,
    frozen: &Frozen,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    pack::ActiveModel {
        id: NotSet,
        round_id: Set(round.0),
        plan_id: Set(plan.0),
        body: Set(frozen.body.clone()),
        record_check: Set(frozen.record_check.clone()),
        frozen_on: Set(frozen.frozen_on),
        recorded_at: Set(at),
    }
    .insert(tx.on())
    .await?;
    Ok(())
}

/// Keeps another body in the place of the one before, as long as nobody was shown it.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn replace(tx: &Tx, round: RoundId, plan: PlanId, frozen: &Frozen) -> Result<(), StoreError> {
    pack::Entity::update_many()
        .set(pack::ActiveModel {
            body: Set(frozen.body.clone()),
            record_check: Set(frozen.record_check.clone()),
            ..Default::default()
        })
        .filter(pack::Column::RoundId.eq(round.0))
        .filter(pack::Column::PlanId.eq(plan.0))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// The pack of a round for a plan; none: the round is not closed, or was before packs were kept.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn of(from: &impl Source, round: RoundId, plan: PlanId) -> Result<Option<Frozen>, StoreError> {
    let row = pack::Entity::find()
        .filter(pack::Column::RoundId.eq(round.0))
        .filter(pack::Column::PlanId.eq(plan.0))
        .one(from.on())
        .await?;
    Ok(row.map(|row| Frozen { body: row.body, record_check: row.record_check, frozen_on: row.frozen_on }))
}
