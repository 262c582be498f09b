//! Links with which people write their updates for a round without signing in: a hash of each token, whose it is, and for which
//! round. Never the token itself.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::{
    round,
    round_link::{ActiveModel, Column, Entity},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, Condition, EntityTrait,
    QueryFilter, QuerySelect, QueryTrait,
};

use super::{Source, StoreError, Tx};
use crate::domain::{
    id::{PersonId, RoundId},
    round::RoundState,
};

/// Whose a link is, and for which round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoundLink {
    /// The person.
    pub person: PersonId,
    /// The round.
    pub round: RoundId,
}

/// Records a link.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn insert(
    tx: &Tx,
    link: RoundLink,
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    ActiveModel {
        id: NotSet,
        token_hash: Set(token_hash.to_owned()),
        created_at: Set(now),
        revoked_at: Set(None),
        round_id: Set(link.round.0),
        person_id: Set(link.person.0),
    }
    .insert(tx.on())
    .await?;
    Ok(())
}

/// The link of a token, by its hash; none: there is none, or it was taken back.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn by_hash(from: &impl Source, token_hash: &str) -> Result<Option<RoundLink>, StoreError> {
    let found = Entity::find().filter(Column::TokenHash.eq(token_hash)).filter(Column::RevokedAt.is_null());
    let row = found.one(from.on()).await?;
    Ok(row.map(|row| RoundLink { person: PersonId(row.person_id), round: RoundId(row.round_id) }))
}

/// Who has a link for a round that was not taken back.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn holders(from: &impl Source, round: RoundId) -> Result<BTreeSet<PersonId>, StoreError> {
    let ids: Vec<i64> = Entity::find()
        .select_only()
        .column(Column::PersonId)
        .filter(Column::RoundId.eq(round.0))
        .filter(Column::RevokedAt.is_null())
        .distinct()
        .into_tuple()
        .all(from.on())
        .await?;
    Ok(ids.into_iter().map(PersonId).collect())
}

/// Which links are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    All,
    /// Those of a person.
    Of(PersonId),
    /// Those of a person for a round.
    One(RoundLink),
}

impl From<Which> for Condition {
    fn from(which: Which) -> Self {
        let all = Self::all();
        match which {
            Which::All => all,
            Which::Of(person) => all.add(Column::PersonId.eq(person.0)),
            Which::One(link) => {
                all.add(Column::PersonId.eq(link.person.0)).add(Column::RoundId.eq(link.round.0))
            }
        }
    }
}

/// Takes links back, for good, and says how many there were.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn revoke(tx: &Tx, which: Which, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let done = Entity::update_many()
        .set(ActiveModel { revoked_at: Set(Some(now)), ..Default::default() })
        .filter(Condition::from(which))
        .filter(Column::RevokedAt.is_null())
        .exec(tx.on())
        .await?;
    Ok(done.rows_affected)
}

/// Removes all that is kept of a person's links.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn remove_all(tx: &Tx, person: PersonId) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::PersonId.eq(person.0)).exec(tx.on()).await?;
    Ok(())
}

/// Removes links that were made before a time and can't work any more: taken back, or of a round that is not open.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn sweep(tx: &Tx, before: DateTime<Utc>) -> Result<u64, StoreError> {
    let not_open = round::Entity::find()
        .select_only()
        .column(round::Column::Id)
        .filter(round::Column::State.ne(RoundState::Open.code()))
        .into_query();
    let dead =
        Condition::any().add(Column::RevokedAt.is_not_null()).add(Column::RoundId.in_subquery(not_open));
    let old = Entity::delete_many().filter(Column::CreatedAt.lt(before)).filter(dead);
    Ok(old.exec(tx.on()).await?.rows_affected)
}
