//! Who people are at the council's directory.

use chrono::{DateTime, Utc};
use entity::identity;
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter,
};

use super::{Source, StoreError, Tx};
use crate::domain::id::PersonId;

/// Whose account at a directory this is; none: it is linked to nobody.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn holder(from: &impl Source, issuer: &str, subject: &str) -> Result<Option<PersonId>, StoreError> {
    let row = identity::Entity::find()
        .filter(identity::Column::Issuer.eq(issuer))
        .filter(identity::Column::Subject.eq(subject))
        .one(from.on())
        .await?;
    Ok(row.map(|r| PersonId(r.person_id)))
}

/// Whether a person has an account at a directory.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn is_linked(from: &impl Source, person: PersonId, issuer: &str) -> Result<bool, StoreError> {
    let row = identity::Entity::find()
        .filter(identity::Column::PersonId.eq(person.0))
        .filter(identity::Column::Issuer.eq(issuer))
        .one(from.on())
        .await?;
    Ok(row.is_some())
}

/// Links a person to their account at a directory.
///
/// # Errors
/// [`StoreError`] if the database refuses; [`StoreError::is_duplicate`] where one of the two is linked already.
pub async fn link(
    tx: &Tx,
    person: PersonId,
    issuer: &str,
    subject: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    identity::ActiveModel {
        id: NotSet,
        issuer: Set(issuer.to_owned()),
        subject: Set(subject.to_owned()),
        linked_at: Set(now),
        person_id: Set(person.0),
    }
    .insert(tx.on())
    .await?;
    Ok(())
}

/// Takes a person's links to directories away: how many there were.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn unlink(tx: &Tx, person: PersonId) -> Result<u64, StoreError> {
    let done =
        identity::Entity::delete_many().filter(identity::Column::PersonId.eq(person.0)).exec(tx.on()).await?;
    Ok(done.rows_affected)
}
