//! Which messages of the outbox ask for a round: opened, and each reminder.

use chrono::NaiveDate;
use entity::{outbox, outbox_round};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter,
    QueryOrder,
};

use super::{Source, StoreError, Tx, code};
use crate::domain::{
    id::{PersonId, RoundId},
    message::MessageState,
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
