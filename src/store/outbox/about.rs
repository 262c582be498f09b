//! With which plans a message has to do whose causes say so no more: who may read of it is known by that.

use entity::{
    action, notice,
    outbox_about::{ActiveModel, Column, Entity},
    outbox_cause, outbox_response_cause, outbox_round_cause, round_plan,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, QueryTrait, RelationTrait,
};

use super::super::{Source as _, StoreError, Tx};

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
    let of_notices: Vec<i64> = notice::Entity::find()
        .select_only()
        .column(notice::Column::PlanId)
        .filter(notice::Column::OutboxId.eq(message))
        .into_tuple()
        .all(tx.on())
        .await?;
    let of_rounds: Vec<i64> = round_plan::Entity::find()
        .select_only()
        .column(round_plan::Column::PlanId)
        .filter(
            round_plan::Column::RoundId.in_subquery(
                outbox_round_cause::Entity::find()
                    .select_only()
                    .column(outbox_round_cause::Column::RoundId)
                    .filter(outbox_round_cause::Column::OutboxId.eq(message))
                    .into_query(),
            ),
        )
        .into_tuple()
        .all(tx.on())
        .await?;
    let noted = Entity::find().filter(Column::OutboxId.eq(message)).all(tx.on()).await?;
    let mut plans = [of_actions, of_responses, of_notices, of_rounds].concat();
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
