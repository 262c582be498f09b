//! The bytes of messages, in a table of their own: what is noted of a message while it is sent does not write them again.

use entity::outbox_text::{ActiveModel, Column, Entity};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::SelectStatement,
};

use crate::store::{Source as _, StoreError, Tx};

/// Keeps a message's bytes instead of those that it had.
pub(super) async fn keep(tx: &Tx, message: i64, mime: &str) -> Result<(), StoreError> {
    take_out(tx, message).await?;
    let row = ActiveModel { id: NotSet, outbox_id: Set(message), mime: Set(mime.to_owned()) };
    Entity::insert(row).exec_without_returning(tx.on()).await?;
    Ok(())
}

/// Takes a message's bytes out.
pub(super) async fn take_out(tx: &Tx, message: i64) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::OutboxId.eq(message)).exec(tx.on()).await?;
    Ok(())
}

/// Takes the bytes of all messages out whose identifiers a statement selects.
pub(in crate::store) async fn take_out_of(tx: &Tx, messages: SelectStatement) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::OutboxId.in_subquery(messages)).exec(tx.on()).await?;
    Ok(())
}
