//! Calendar feeds: a hash of the token in an address, whose it is, and what it is about. Never the token itself.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    feed::{ActiveModel, Column, Entity, Model},
    plan,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, Condition, EntityTrait,
    QueryFilter, QueryOrder,
};

use super::{Source, StoreError, Tx};
use crate::domain::id::{PersonId, PlanId};

/// A feed as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// The row.
    pub id: i64,
    /// Whose rights it has.
    pub person: PersonId,
    /// The one plan that it is about; none: their own actions.
    pub plan: Option<PlanId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When a program last asked for it.
    pub last_fetched_at: Option<DateTime<Utc>>,
}

fn feed(row: Model) -> Feed {
    Feed {
        id: row.id,
        person: PersonId(row.person_id),
        plan: row.plan_id.map(PlanId),
        created_at: row.created_at,
        last_fetched_at: row.last_fetched_at,
    }
}

/// Records a feed, in place of the one that the person had of the same.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn replace(
    tx: &Tx,
    person: PersonId,
    plan: Option<PlanId>,
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let same = match plan {
        Some(plan) => Column::PlanId.eq(plan.0),
        None => Column::PlanId.is_null(),
    };
    Entity::delete_many().filter(Column::PersonId.eq(person.0)).filter(same).exec(tx.on()).await?;
    ActiveModel {
        id: NotSet,
        token_hash: Set(token_hash.to_owned()),
        person_id: Set(person.0),
        plan_id: Set(plan.map(|p| p.0)),
        created_at: Set(now),
        last_fetched_at: Set(None),
    }
    .insert(tx.on())
    .await?;
    Ok(())
}

/// Somebody's feeds, the oldest first, each with the title of its plan.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn of_person(
    from: &impl Source,
    person: PersonId,
) -> Result<Vec<(Feed, Option<String>)>, StoreError> {
    let rows =
        Entity::find().filter(Column::PersonId.eq(person.0)).order_by_asc(Column::Id).all(from.on()).await?;
    let plans: Vec<i64> = rows.iter().filter_map(|row| row.plan_id).collect();
    let titles: HashMap<i64, String> = match plans.is_empty() {
        true => HashMap::new(),
        false => {
            let found = plan::Entity::find().filter(plan::Column::Id.is_in(plans)).all(from.on()).await?;
            found.into_iter().map(|p| (p.id, p.title)).collect()
        }
    };
    Ok(rows
        .into_iter()
        .map(|row| {
            let title = row.plan_id.and_then(|id| titles.get(&id).cloned());
            (feed(row), title)
        })
        .collect())
}

/// The feed of a token, by its hash.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn by_hash(from: &impl Source, token_hash: &str) -> Result<Option<Feed>, StoreError> {
    Ok(Entity::find().filter(Column::TokenHash.eq(token_hash)).one(from.on()).await?.map(feed))
}

/// Notes that a program asked for a feed.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn fetched(tx: &Tx, id: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
    Entity::update_many()
        .set(ActiveModel { last_fetched_at: Set(Some(now)), ..Default::default() })
        .filter(Column::Id.eq(id))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Removes one of somebody's feeds. False: they have none of that number.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn remove(tx: &Tx, person: PersonId, id: i64) -> Result<bool, StoreError> {
    let theirs = Entity::delete_many().filter(Column::Id.eq(id)).filter(Column::PersonId.eq(person.0));
    Ok(theirs.exec(tx.on()).await?.rows_affected > 0)
}

/// Removes all of somebody's feeds, and says how many there were.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn remove_all(tx: &Tx, person: PersonId) -> Result<u64, StoreError> {
    let theirs = Entity::delete_many().filter(Column::PersonId.eq(person.0));
    Ok(theirs.exec(tx.on()).await?.rows_affected)
}

/// Removes feeds for which no program has asked since before a time.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn sweep(tx: &Tx, before: DateTime<Utc>) -> Result<u64, StoreError> {
    let never = Condition::all().add(Column::LastFetchedAt.is_null()).add(Column::CreatedAt.lt(before));
    let idle = Condition::any().add(never).add(Column::LastFetchedAt.lt(before));
    Ok(Entity::delete_many().filter(idle).exec(tx.on()).await?.rows_affected)
}
