//! The causes of what the digests say of rounds: kept and read like all others.

use chrono::NaiveDate;
use entity::{
    outbox, outbox_round,
    outbox_round_cause::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder,
    sea_query::ExprTrait,
};

use super::super::{Source, StoreError, Tx, code};
use crate::domain::{
    id::{PersonId, RoundId},
    message::MessageState,
    reminder::{
        Ledger,
        round::{Cause, Rule},
    },
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
        round_id: Set(cause.round.0),
        rule: Set(cause.rule.code().to_owned()),
        occurrence: Set(cause.occurrence),
        office_day: Set(office_day),
    });
    Entity::insert_many(rows).exec_without_returning(tx.on()).await?;
    Ok(())
}

/// Adds to a ledger what was sent or is queued about some rounds: by digests, and because somebody pressed it.
pub(super) async fn fill(
    from: &impl Source,
    ledger: &mut Ledger,
    rounds: &[RoundId],
) -> Result<(), StoreError> {
    if rounds.is_empty() {
        return Ok(());
    }
    let ids = || rounds.iter().map(|round| round.0);
    for row in Entity::find().filter(Column::RoundId.is_in(ids())).all(from.on()).await? {
        let day = row.office_day;
        ledger.record_round(&cause_of(row)?, day);
    }
    let asked = outbox_round::Entity::find()
        .filter(outbox_round::Column::RoundId.is_in(ids()))
        .find_also_related(outbox::Entity)
        .filter(may_have_arrived())
        .all(from.on())
        .await?;
    for (row, message) in asked {
        if let Some((person, day)) = message.and_then(|m| Some((m.person_id?, m.office_day))) {
            ledger.record_asked(PersonId(person), RoundId(row.round_id), day);
        }
    }
    Ok(())
}

/// That a message asks, or will: one that reached nobody does not.
fn may_have_arrived() -> Condition {
    let reached_nobody = [MessageState::NotSent, MessageState::Failed].map(MessageState::code);
    Condition::any()
        .add(outbox::Column::State.is_not_in(reached_nobody))
        .add(outbox::Column::State.eq(MessageState::Failed.code()).and(outbox::Column::Uncertain.eq(true)))
}

fn cause_of(row: Model) -> Result<Cause, StoreError> {
    Ok(Cause {
        person: PersonId(row.person_id),
        round: RoundId(row.round_id),
        rule: code(Rule::from_code(&row.rule), "outbox_round_cause", row.id, &row.rule)?,
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
