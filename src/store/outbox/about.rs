//! What a message is about that is written when it is queued, so that it can be asked before it goes out whether that still
//! waits, and who may read of it.

use entity::{
    action,
    outbox_about::{ActiveModel, Column, Entity},
    outbox_cause, outbox_response_cause,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait,
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

/// Keeps with which plans a message has to do whose causes are about to be taken back: who may read of it is known by that.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn keep_plans(tx: &Tx, message: i64) -> Result<(), StoreError> {
    let of_actions: Vec<i64> = outbox_cause::Entity::find()
        .select_only()
        .column(action::Column::PlanId)
        .join(JoinType::InnerJoin, outbox_cause::Relation::Action.def())
        .filter(outbox_cause::Column::OutboxId.eq(message))
        .into_tuple()
        .all(tx.on())
        .await?;
    let of_responses: Vec<i64> = outbox_response_cause::Entity::find()
        .select_only()
        .column(outbox_response_cause::Column::PlanId)
        .filter(outbox_response_cause::Column::OutboxId.eq(message))
        .into_tuple()
        .all(tx.on())
        .await?;
    let noted = Entity::find().filter(Column::OutboxId.eq(message)).all(tx.on()).await?;
    let mut plans: Vec<i64> = of_actions.into_iter().chain(of_responses).collect();
    plans.retain(|plan| noted.iter().all(|row| row.plan_id != *plan));
    plans.sort_unstable();
    plans.dedup();
    if plans.is_empty() {
        return Ok(());
    }
    let row = |plan| ActiveModel {
        id: NotSet,
        outbox_id: Set(message),
        plan_id: Set(plan),
        update_id: Set(None),
        question_id: Set(None),
        resolution_id: Set(None),
    };
    Entity::insert_many(plans.into_iter().map(row)).exec_without_returning(tx.on()).await?;
    Ok(())
}
