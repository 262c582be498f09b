//! Saves second factors: the authenticator's secret, the last step whose code was taken, and recovery codes.
//!
//! Never sees a recovery code, only its hash; and never decides whether a code is right.

use chrono::{DateTime, Utc};
use entity::{person, recovery_code};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, Condition, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder,
};

use super::{Source, StoreError, Tx};
use crate::domain::id::PersonId;

/// A second factor that holds.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// The secret that the person's app shares, in Base32.
    pub secret: String,
    /// The time step of the last code that was taken.
    pub step: Option<i64>,
}

impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecondFactor")
    }
}

/// A person's second factor; none: they have none.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn of(from: &impl Source, person: PersonId) -> Result<Option<SecondFactor>, StoreError> {
    let row = person::Entity::find_by_id(person.0).one(from.on()).await?;
    Ok(row
        .filter(|r| r.second_factor_since.is_some())
        .and_then(|r| Some(SecondFactor { secret: r.second_factor_secret?, step: r.second_factor_step })))
}

/// Gives a person a second factor, or another in place of the one before. `step` is that of the code that showed it works.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn set(
    tx: &Tx,
    person: PersonId,
    secret: &str,
    step: i64,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    write(tx, person, Some((secret, step, now))).await
}

/// Takes a person's second factor away, with its recovery codes.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn clear(tx: &Tx, person: PersonId) -> Result<(), StoreError> {
    replace_codes(tx, person, &[]).await?;
    write(tx, person, None).await
}

async fn write(
    tx: &Tx,
    person: PersonId,
    factor: Option<(&str, i64, DateTime<Utc>)>,
) -> Result<(), StoreError> {
    person::Entity::update_many()
        .set(person::ActiveModel {
            second_factor_secret: Set(factor.map(|(secret, ..)| secret.to_owned())),
            second_factor_step: Set(factor.map(|(_, step, _)| step)),
            second_factor_since: Set(factor.map(|(.., since)| since)),
            ..Default::default()
        })
        .filter(person::Column::Id.eq(person.0))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Takes the code of a step: no code of it or of an earlier one is taken again. False: it was taken already, or the secret
/// is another by now.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn take_step(tx: &Tx, person: PersonId, secret: &str, step: i64) -> Result<bool, StoreError> {
    let earlier = Condition::any()
        .add(person::Column::SecondFactorStep.is_null())
        .add(person::Column::SecondFactorStep.lt(step));
    let done = person::Entity::update_many()
        .set(person::ActiveModel { second_factor_step: Set(Some(step)), ..Default::default() })
        .filter(person::Column::Id.eq(person.0))
        .filter(person::Column::SecondFactorSecret.eq(secret))
        .filter(earlier)
        .exec(tx.on())
        .await?;
    Ok(done.rows_affected == 1)
}

/// Gives a person these recovery codes, by their hashes, in place of all that they had.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn replace_codes(tx: &Tx, person: PersonId, hashes: &[String]) -> Result<(), StoreError> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::PersonId.eq(person.0))
        .exec(tx.on())
        .await?;
    for hash in hashes {
        recovery_code::ActiveModel {
            id: NotSet,
            code_hash: Set(hash.clone()),
            used_at: Set(None),
            person_id: Set(person.0),
        }
        .insert(tx.on())
        .await?;
    }
    Ok(())
}

/// How many of a person's recovery codes have not been used.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn codes_left(from: &impl Source, person: PersonId) -> Result<u64, StoreError> {
    Ok(unused(person).count(from.on()).await?)
}

/// A person's recovery codes that have not been used: their rows and hashes.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn codes(from: &impl Source, person: PersonId) -> Result<Vec<(i64, String)>, StoreError> {
    let rows = unused(person).order_by_asc(recovery_code::Column::Id).all(from.on()).await?;
    Ok(rows.into_iter().map(|r| (r.id, r.code_hash)).collect())
}

fn unused(person: PersonId) -> sea_orm::Select<recovery_code::Entity> {
    recovery_code::Entity::find()
        .filter(recovery_code::Column::PersonId.eq(person.0))
        .filter(recovery_code::Column::UsedAt.is_null())
}

/// Marks a recovery code as used. False: somebody was first.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn use_code(tx: &Tx, code: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let done = recovery_code::Entity::update_many()
        .set(recovery_code::ActiveModel { used_at: Set(Some(now)), ..Default::default() })
        .filter(recovery_code::Column::Id.eq(code))
        .filter(recovery_code::Column::UsedAt.is_null())
        .exec(tx.on())
        .await?;
    Ok(done.rows_affected == 1)
}
