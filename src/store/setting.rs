//! The installation's own settings, by name: whether it is a demonstration, where its clock stands, when reminders last ran.

use std::collections::HashMap;

use entity::setting;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::OnConflict};

use super::{Source, StoreError, Tx};

/// A setting's value.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn get(from: &impl Source, name: &str) -> Result<Option<String>, StoreError> {
    Ok(setting::Entity::find_by_id(name.to_owned()).one(from.on()).await?.map(|s| s.value))
}

/// Those of some values that are set, by name.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn several(from: &impl Source, names: &[&str]) -> Result<HashMap<String, String>, StoreError> {
    let rows = setting::Entity::find()
        .filter(setting::Column::Name.is_in(names.iter().copied()))
        .all(from.on())
        .await?;
    Ok(rows.into_iter().map(|row| (row.name, row.value)).collect())
}

/// Sets a value.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn set(tx: &Tx, name: &str, value: &str) -> Result<(), StoreError> {
    setting::Entity::insert(setting::ActiveModel {
        name: Set(name.to_owned()),
        value: Set(value.to_owned()),
    })
    .on_conflict(OnConflict::column(setting::Column::Name).update_column(setting::Column::Value).to_owned())
    .exec_without_returning(tx.on())
    .await?;
    Ok(())
}

/// Raises a value that is compared as text (such as an ISO day), if it is lower or not there. Of two processes that try
/// the same, one is told yes.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn raise(tx: &Tx, name: &str, value: &str) -> Result<bool, StoreError> {
    let row = setting::ActiveModel { name: Set(name.to_owned()), value: Set(String::new()) };
    setting::Entity::insert(row)
        .on_conflict(OnConflict::column(setting::Column::Name).do_nothing().to_owned())
        .exec_without_returning(tx.on())
        .await?;
    let done = setting::Entity::update_many()
        .set(setting::ActiveModel { value: Set(value.to_owned()), ..Default::default() })
        .filter(setting::Column::Name.eq(name))
        .filter(setting::Column::Value.lt(value))
        .exec(tx.on())
        .await?;
    Ok(done.rows_affected == 1)
}
