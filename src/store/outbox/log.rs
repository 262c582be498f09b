//! Searching the mail log, and what was sent again from it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::outbox::{Column, Entity};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use super::{Message, Readable, digest, message_of, messages};
use crate::{
    domain::{id::PersonId, message::MessageState},
    store::{Source, StoreError, Tx, search::holds},
};

/// Which messages are wanted: all where nothing is set. Words are found in capitals or not, and mean themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// This person's, by whatever name or address they had then.
    pub person: Option<PersonId>,
    /// Words in the name or the address of the person.
    pub who: Option<String>,
    /// Words in the subject.
    pub subject: Option<String>,
    /// Where it stands.
    pub state: Option<MessageState>,
    /// For this day or a later one.
    pub from: Option<NaiveDate>,
    /// For this day or an earlier one.
    pub to: Option<NaiveDate>,
}

impl Wanted {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option(self.person.map(|person| Column::PersonId.eq(person.0)))
            .add_option(self.who.as_ref().map(|who| holds([Column::ToName, Column::ToAddress], who)))
            .add_option(self.subject.as_ref().map(|words| holds([Column::Subject], words)))
            .add_option(self.state.map(|state| Column::State.eq(state.code())))
            .add_option(self.from.map(|day| Column::OfficeDay.gte(day)))
            .add_option(self.to.map(|day| Column::OfficeDay.lte(day)))
    }
}

/// A page of what is wanted of the log, newest first.
///
/// # Errors
/// [`StoreError`] if the database does not answer or a row is not understood.
pub async fn find(
    from: &impl Source,
    which: &Readable,
    wanted: &Wanted,
    offset: u64,
    limit: u64,
) -> Result<Vec<Message>, StoreError> {
    let rows = messages()
        .filter(which.condition())
        .filter(wanted.condition())
        .order_by_desc(Column::Id)
        .offset(offset)
        .limit(limit)
        .all(from.on())
        .await?;
    rows.into_iter().map(message_of).collect()
}

/// How many messages of the log are wanted.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn count(from: &impl Source, which: &Readable, wanted: &Wanted) -> Result<u64, StoreError> {
    Ok(Entity::find().filter(which.condition()).filter(wanted.condition()).count(from.on()).await?)
}

/// One message, if it is one of those.
///
/// # Errors
/// [`StoreError`] if the database does not answer or the row is not understood.
pub async fn one(from: &impl Source, which: &Readable, id: i64) -> Result<Option<Message>, StoreError> {
    let row = messages().filter(Column::Id.eq(id)).filter(which.condition()).one(from.on()).await?;
    row.map(message_of).transpose()
}

/// The key under which a message goes again: the first time, the second, and so on.
pub fn again_key(id: i64, time: u64) -> String {
    format!("again {id} {time}")
}

/// Notes of a message that it is another one again: whoever may read of the one may read of the other.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn note_again(tx: &Tx, message: i64, of: i64) -> Result<(), StoreError> {
    // One that goes again again is still the first.
    let row = Entity::find_by_id(of).one(tx.on()).await?;
    let first = row.and_then(|row| row.again_of).unwrap_or(of);
    Entity::update_many()
        .col_expr(Column::AgainOf, Expr::value(first))
        .filter(Column::Id.eq(message))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// How often a message was sent again.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn times_again(from: &impl Source, id: i64) -> Result<u64, StoreError> {
    Ok(Entity::find().filter(Column::UniqueKey.starts_with(format!("again {id} "))).count(from.on()).await?)
}

/// Those of some messages that were sent again.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn sent_again(from: &impl Source, ids: &[i64]) -> Result<BTreeSet<i64>, StoreError> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let of: Vec<Option<i64>> = Entity::find()
        .select_only()
        .column(Column::AgainOf)
        .filter(Column::AgainOf.is_in(ids.iter().copied()))
        .into_tuple()
        .all(from.on())
        .await?;
    Ok(of.into_iter().flatten().collect())
}

/// Adds a sentence to what became of a message.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn add_to_note(tx: &Tx, message: &Message, words: &str) -> Result<(), StoreError> {
    let note = match message.note.as_deref().map(|note| note.trim_end_matches('.')) {
        Some(note) if !note.is_empty() => format!("{note}. {words}"),
        _ => words.to_owned(),
    };
    Entity::update_many()
        .col_expr(Column::Note, Expr::value(note))
        .filter(Column::Id.eq(message.id))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Whether somebody had a digest for this day or a later one, or is to have it, besides one message.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn has_digest_since(
    from: &impl Source,
    person: PersonId,
    day: NaiveDate,
    besides: i64,
) -> Result<bool, StoreError> {
    let others = Entity::find()
        .filter(Column::PersonId.eq(person.0))
        .filter(digest())
        .filter(Column::State.ne(MessageState::NotSent.code()))
        .filter(Column::OfficeDay.gte(day))
        .filter(Column::Id.ne(besides));
    Ok(others.count(from.on()).await? > 0)
}
