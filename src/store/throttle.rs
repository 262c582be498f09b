//! Saves what has been tried under which key. Whose key it is stands nowhere: a key is a kind and a hash.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::throttle;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use super::{Source, StoreError, Tx};
use crate::domain::throttle::Tally;

/// The tallies of some keys; what has none was never tried, or is forgotten.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn tallies(from: &impl Source, keys: &[&str]) -> Result<HashMap<String, Tally>, StoreError> {
    let rows =
        throttle::Entity::find().filter(throttle::Column::Key.is_in(keys.to_vec())).all(from.on()).await?;
    Ok(rows
        .into_iter()
        .map(|r| (r.key, Tally { failures: r.failures, last_at: r.last_at, wait_until: r.wait_until }))
        .collect())
}

/// Sets the tally of a key.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn put(tx: &Tx, key: &str, tally: Tally) -> Result<(), StoreError> {
    use throttle::Column::{Failures, Key, LastAt, WaitUntil};
    throttle::Entity::insert(throttle::ActiveModel {
        key: Set(key.to_owned()),
        failures: Set(tally.failures),
        last_at: Set(tally.last_at),
        wait_until: Set(tally.wait_until),
    })
    .on_conflict(OnConflict::column(Key).update_columns([Failures, LastAt, WaitUntil]).to_owned())
    .exec_without_returning(tx.on())
    .await?;
    Ok(())
}

/// Forgets what was tried under a key.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn clear(tx: &Tx, key: &str) -> Result<(), StoreError> {
    throttle::Entity::delete_by_id(key.to_owned()).exec(tx.on()).await?;
    Ok(())
}

/// Gives one try back, and ends the wait that it began; the wait of another try stays.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn give_back(tx: &Tx, key: &str, of: Tally, now: DateTime<Utc>) -> Result<(), StoreError> {
    use throttle::Column::{Failures, Key, WaitUntil};
    throttle::Entity::update_many()
        .col_expr(Failures, Expr::col(Failures).sub(1))
        .filter(Key.eq(key))
        .filter(Failures.gt(0))
        .exec(tx.on())
        .await?;
    throttle::Entity::update_many()
        .col_expr(WaitUntil, Expr::value(now))
        .filter(Key.eq(key))
        .filter(WaitUntil.eq(of.wait_until))
        .exec(tx.on())
        .await?;
    Ok(())
}
