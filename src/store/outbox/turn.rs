//! Whose turn it is: what is sent next, as it is read.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    outbox::{self, Column},
    outbox_text, person,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};

use super::{Message, message_with};
use crate::{
    domain::message::{MessageKind, MessageState},
    store::{Source, StoreError, person::Addressee},
};

/// A message whose turn it is, as it was read.
#[derive(Clone, Debug)]
pub struct Turn {
    /// The message.
    pub message: Message,
    /// To whom it is addressed, as they are now; none: nobody with an account.
    pub to: Option<Addressee>,
}

/// The next messages that are due, in the order in which they are sent: first those whose sender stopped in mid-send and whose
/// lease has run out, then what is not a reminder, for somebody waits for it. Without those that are in hand.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn next(
    from: &impl Source,
    kinds: &[MessageKind],
    most: usize,
    in_hand: &[i64],
    now: DateTime<Utc>,
) -> Result<Vec<Turn>, StoreError> {
    let most = most + in_hand.len();
    let all: Vec<_> = kinds.iter().collect();
    let (last, first): (Vec<_>, Vec<_>) = kinds.iter().partition(|kind| **kind == MessageKind::Reminder);
    let mut upcoming = Vec::new();
    for which in [left_behind(&all, now), waiting(&first, now), waiting(&last, now)] {
        let rows: Vec<i64> = outbox::Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(which)
            .order_by_asc(Column::NextAttemptAt)
            .order_by_asc(Column::Id)
            .limit(u64::try_from(most - upcoming.len()).unwrap_or(u64::MAX))
            .into_tuple()
            .all(from.on())
            .await?;
        upcoming.extend(rows);
    }
    upcoming.retain(|id| !in_hand.contains(id));
    read(from, &upcoming, kinds, now).await
}

/// Those of some messages whose turn it still is, in their order. Of one whose sender stopped in mid-send nobody knows whether
/// the server has it: it comes with [`Message::uncertain`] set.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn read(
    from: &impl Source,
    ids: &[i64],
    kinds: &[MessageKind],
    now: DateTime<Utc>,
) -> Result<Vec<Turn>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let kinds: Vec<_> = kinds.iter().collect();
    let rows = outbox::Entity::find()
        .left_join(outbox_text::Entity)
        .left_join(person::Entity)
        .column_as(outbox_text::Column::Mime, "mime")
        .column_as(person::Column::Name, "reader_name")
        .column_as(person::Column::Email, "reader_email")
        .column_as(person::Column::Active, "reader_active")
        .column_as(person::Column::AddressRefusedOn, "reader_refused_on")
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Condition::any().add(waiting(&kinds, now)).add(left_behind(&kinds, now)))
        .into_model::<Row>()
        .all(from.on())
        .await?;
    let mut turns = rows.into_iter().map(Row::turn).collect::<Result<Vec<Turn>, _>>()?;
    turns.sort_by_key(|turn| ids.iter().position(|id| *id == turn.message.id));
    Ok(turns)
}

/// A message with its bytes and its reader.
#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    message: outbox::Model,
    mime: Option<String>,
    reader_name: Option<String>,
    reader_email: Option<String>,
    reader_active: Option<bool>,
    reader_refused_on: Option<NaiveDate>,
}

impl Row {
    fn turn(self) -> Result<Turn, StoreError> {
        let mut message = message_with(self.message, self.mime)?;
        message.uncertain |= message.state == MessageState::Sending;
        let to = match (self.reader_name, self.reader_email, self.reader_active) {
            (Some(name), Some(email), Some(active)) => {
                Some(Addressee { name, email, active, refused: self.reader_refused_on.is_some() })
            }
            _ => None,
        };
        Ok(Turn { message, to })
    }
}

fn left_behind(kinds: &[&MessageKind], now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(Column::State.eq(MessageState::Sending.code()))
        .add(Column::Kind.is_in(kinds.iter().map(|kind| kind.code())))
        .add(Column::LeaseUntil.lte(now))
}

pub(super) fn waiting(kinds: &[&MessageKind], now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(Column::State.eq(MessageState::Queued.code()))
        .add(Column::Kind.is_in(kinds.iter().map(|kind| kind.code())))
        .add(Column::NextAttemptAt.lte(now))
}
