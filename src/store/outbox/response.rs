//! The causes of mail about executive responses: kept and read like all others.

use chrono::NaiveDate;
use entity::outbox_response_cause::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
};

use super::super::{Source, StoreError, Tx, code};
use crate::domain::{
    id::{PersonId, PlanId},
    reminder::{Ledger, Rule, response::Cause},
};

/// Adds causes to a message that was queued for an office day.
///
/// # Errors
/// [`StoreError`] if the database refuses; [`StoreError::is_duplicate`] where a cause was queued before.
pub async fn add(tx: &Tx, message: i64, causes: &[Cause], office_day: NaiveDate) -> Result<(), StoreError> {
    if causes.is_empty() {
        return Ok(());
    }
    let rows = causes.iter().map(|cause| ActiveModel {
        id: NotSet,
        outbox_id: Set(message),
        unique_key: Set(cause.key()),
        person_id: Set(cause.person.0),
        plan_id: Set(cause.plan.0),
        rule: Set(cause.rule.code().to_owned()),
        sent_on: Set(cause.sent_on),
        occurrence: Set(cause.occurrence),
        office_day: Set(office_day),
    });
    Entity::insert_many(rows).exec_without_returning(tx.on()).await?;
    Ok(())
}

/// Adds to a ledger what was sent or is queued about the responses to some plans.
pub(super) async fn fill(
    from: &impl Source,
    ledger: &mut Ledger,
    plans: &[PlanId],
) -> Result<(), StoreError> {
    let of = Column::PlanId.is_in(plans.iter().map(|plan| plan.0));
    for row in Entity::find().filter(of).all(from.on()).await? {
        let day = row.office_day;
        ledger.record_response(&cause_of(row)?, day);
    }
    Ok(())
}

fn cause_of(row: Model) -> Result<Cause, StoreError> {
    Ok(Cause {
        person: PersonId(row.person_id),
        plan: PlanId(row.plan_id),
        rule: code(Rule::from_code(&row.rule), "outbox_response_cause", row.id, &row.rule)?,
        sent_on: row.sent_on,
        occurrence: row.occurrence,
    })
}

/// The causes of some messages, each with its message.
///
/// # Errors
/// [`StoreError`] if the database does not answer or a row is not understood.
pub async fn causes(from: &impl Source, messages: &[i64]) -> Result<Vec<(i64, Cause)>, StoreError> {
    let of = Column::OutboxId.is_in(messages.iter().copied());
    let rows = Entity::find().filter(of).order_by_asc(Column::Id).all(from.on()).await?;
    rows.into_iter().map(|row| Ok((row.outbox_id, cause_of(row)?))).collect()
}

/// Takes a cause back that no longer holds before it was ever sent.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn withdraw(tx: &Tx, cause: &Cause) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::UniqueKey.eq(cause.key())).exec(tx.on()).await?;
    Ok(())
}

/// Takes back all causes of some messages.
pub(super) async fn take_back(tx: &Tx, messages: &[i64]) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::OutboxId.is_in(messages.iter().copied())).exec(tx.on()).await?;
    Ok(())
}
