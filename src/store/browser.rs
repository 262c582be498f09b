//! Browsers in which somebody has signed in before: a hash of the browser's token beside the person.
//!
//! Several people can share one browser, so a token stands there once for each of them. It signs nobody in.

use chrono::{DateTime, Utc};
use entity::known_browser;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter,
    sea_query::OnConflict,
};

use super::{Source, StoreError, Tx};
use crate::domain::id::PersonId;

/// Whether a person has signed in before in the browser with this token. Without a person the same is asked and the answer
/// is no: nobody shall see from the number of statements who has an account.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn is_known(
    from: &impl Source,
    token_hash: &str,
    person: Option<PersonId>,
    since: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let found = known_browser::Entity::find()
        .filter(known_browser::Column::TokenHash.eq(token_hash))
        .filter(known_browser::Column::PersonId.eq(person.map_or(0, |p| p.0)))
        .filter(known_browser::Column::LastUsedAt.gt(since))
        .count(from.on())
        .await?;
    Ok(found > 0)
}

/// Whether anybody has ever signed in in the browser with this token: only such a token is one of ours.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn is_ours(from: &impl Source, token_hash: &str) -> Result<bool, StoreError> {
    let found = known_browser::Entity::find()
        .filter(known_browser::Column::TokenHash.eq(token_hash))
        .count(from.on())
        .await?;
    Ok(found > 0)
}

/// Notes that a person has signed in in the browser with this token.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn remember(
    tx: &Tx,
    token_hash: &str,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    use known_browser::Column::{LastUsedAt, PersonId, TokenHash};
    known_browser::Entity::insert(known_browser::ActiveModel {
        id: NotSet,
        token_hash: Set(token_hash.to_owned()),
        created_at: Set(now),
        last_used_at: Set(now),
        person_id: Set(person.0),
    })
    .on_conflict(OnConflict::columns([TokenHash, PersonId]).update_column(LastUsedAt).to_owned())
    .exec_without_returning(tx.on())
    .await?;
    Ok(())
}
