//! Which messages of the outbox ask for a round: opened, and each reminder; and whom anything has asked for it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::{outbox, outbox_round, outbox_round_cause};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, Condition, EntityTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use super::{Source, StoreError, Tx, code};
use crate::domain::{
    id::{PersonId, RoundId},
    message::MessageState,
    reminder::round::Rule,
};

/// For which round a message asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct For {
    /// The round.
    pub round: RoundId,
    /// A reminder; else it asks for the first time.
    pub again: bool,
}

/// One message of a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// To whom.
    pub person: Option<PersonId>,
    /// Their name then.
    pub name: String,
    /// The office day on which it goes out: that of the press, or the next working day after the office has closed.
    pub on: NaiveDate,
    /// A reminder; else it asks for the first time.
    pub again: bool,
    /// What became of it.
    pub state: MessageState,
}

/// Notes for which round a message asks.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn note(tx: &Tx, message: i64, what: For) -> Result<(), StoreError> {
    outbox_round::ActiveModel {
        id: NotSet,
        outbox_id: Set(message),
        round_id: Set(what.round.0),
        again: Set(what.again),
    }
    .insert(tx.on())
    .await?;
    Ok(())
}

/// For which round a message asks; none: for none.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn of_message(from: &impl Source, message: i64) -> Result<Option<For>, StoreError> {
    let row = outbox_round::Entity::find()
        .filter(outbox_round::Column::OutboxId.eq(message))
        .one(from.on())
        .await?;
    Ok(row.map(|row| For { round: RoundId(row.round_id), again: row.again }))
}

/// Who was asked for a round's updates on an office day or later, or is to be: by a message of the round, or in a digest.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn asked_since(
    from: &impl Source,
    round: RoundId,
    day: NaiveDate,
) -> Result<BTreeSet<PersonId>, StoreError> {
    let own = outbox_round::Entity::find()
        .select_only()
        .column(outbox_round::Column::OutboxId)
        .filter(outbox_round::Column::RoundId.eq(round.0));
    let digests = outbox_round_cause::Entity::find()
        .select_only()
        .column(outbox_round_cause::Column::OutboxId)
        .filter(outbox_round_cause::Column::RoundId.eq(round.0))
        .filter(outbox_round_cause::Column::Rule.is_in([Rule::First, Rule::Second].map(Rule::code)));
    let either = Condition::any()
        .add(outbox::Column::Id.in_subquery(own.into_query()))
        .add(outbox::Column::Id.in_subquery(digests.into_query()));
    let people: Vec<Option<i64>> = outbox::Entity::find()
        .select_only()
        .column(outbox::Column::PersonId)
        .filter(outbox::Column::OfficeDay.gte(day))
        .filter(either)
        .into_tuple()
        .all(from.on())
        .await?;
    Ok(people.into_iter().flatten().map(PersonId).collect())
}

/// The messages of a round, oldest first.
///
/// # Errors
/// [`StoreError`] if the database does not answer or a row is not understood.
pub async fn list(from: &impl Source, round: RoundId) -> Result<Vec<Sent>, StoreError> {
    let rows = outbox_round::Entity::find()
        .filter(outbox_round::Column::RoundId.eq(round.0))
        .find_also_related(outbox::Entity)
        .order_by_asc(outbox_round::Column::Id)
        .all(from.on())
        .await?;
    rows.into_iter()
        .filter_map(|(row, message)| Some((row, message?)))
        .map(|(row, message)| {
            Ok(Sent {
                person: message.person_id.map(PersonId),
                name: message.to_name,
                on: message.office_day,
                again: row.again,
                state: code(MessageState::from_code(&message.state), "outbox", message.id, &message.state)?,
            })
        })
        .collect()
}
