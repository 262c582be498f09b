//! What a message is about that is written when it is queued, so that it can be asked before it goes out whether that still
//! waits, and who may read of it.

use entity::outbox_about::{ActiveModel, Column, Entity};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter,
};

use super::super::{Source, StoreError, Tx};
use crate::domain::id::{PlanId, QuestionId, ResolutionId, UpdateId};

/// What it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An update that was returned.
    Returned(UpdateId),
    /// A question that was passed on.
    Question(QuestionId),
    /// What a panel decided.
    Decisions(ResolutionId),
}

/// Notes what a message is about, and with which plans it has to do.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn note(tx: &Tx, message: i64, subject: Subject, plans: &[PlanId]) -> Result<(), StoreError> {
    let row = |plan: &PlanId| {
        let (update, question, resolution) = match subject {
            Subject::Returned(id) => (Some(id.0), None, None),
            Subject::Question(id) => (None, Some(id.0), None),
            Subject::Decisions(id) => (None, None, Some(id.0)),
        };
        ActiveModel {
            id: NotSet,
            outbox_id: Set(message),
            plan_id: Set(plan.0),
            update_id: Set(update),
            question_id: Set(question),
            resolution_id: Set(resolution),
        }
    };
    Entity::insert_many(plans.iter().map(row)).exec_without_returning(tx.on()).await?;
    Ok(())
}

/// Notes of a message that it repeats another: it is about the same, and has to do with those plans.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn copy(tx: &Tx, of: i64, message: i64, plans: &[PlanId]) -> Result<(), StoreError> {
    let known = Entity::find().filter(Column::OutboxId.eq(of)).one(tx.on()).await?;
    let rows: Vec<_> = plans
        .iter()
        .map(|plan| ActiveModel {
            id: NotSet,
            outbox_id: Set(message),
            plan_id: Set(plan.0),
            update_id: Set(known.as_ref().and_then(|row| row.update_id)),
            question_id: Set(known.as_ref().and_then(|row| row.question_id)),
            resolution_id: Set(known.as_ref().and_then(|row| row.resolution_id)),
        })
        .collect();
    if !rows.is_empty() {
        Entity::insert_many(rows).exec_without_returning(tx.on()).await?;
    }
    Ok(())
}

/// What a message is about; none: nothing was noted.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn of_message(from: &impl Source, message: i64) -> Result<Option<Subject>, StoreError> {
    let row = Entity::find().filter(Column::OutboxId.eq(message)).one(from.on()).await?;
    Ok(row.and_then(|row| {
        let returned = row.update_id.map(|id| Subject::Returned(UpdateId(id)));
        let question = || row.question_id.map(|id| Subject::Question(QuestionId(id)));
        let decisions = || row.resolution_id.map(|id| Subject::Decisions(ResolutionId(id)));
        returned.or_else(question).or_else(decisions)
    }))
}
