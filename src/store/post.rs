//! Saves posts, and who holds them from when to when. Posts are read with their holders by [`super::record::posts`].

use chrono::NaiveDate;
use entity::{action, assignment, holding, plan, post};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, EntityTrait, JoinType, QueryFilter,
    QuerySelect, RelationTrait,
};

use super::{Source, StoreError, Tx, action::Saved};
use crate::domain::id::{HoldingId, PersonId, PlanId, PostId};

/// Adds a post.
///
/// # Errors
/// [`StoreError`] if the database refuses; [`StoreError::is_duplicate`] where the name is taken.
pub async fn insert(tx: &Tx, name: &str, body: Option<&str>) -> Result<PostId, StoreError> {
    let row = post::ActiveModel {
        id: NotSet,
        name: Set(name.to_owned()),
        body: Set(body.map(str::to_owned)),
        version: Set(1),
    }
    .insert(tx.on())
    .await?;
    Ok(PostId(row.id))
}

/// Changes a post's name and body, if its version is still the one that the editor saw.
///
/// # Errors
/// As [`insert`].
pub async fn save(
    tx: &Tx,
    id: PostId,
    version: i32,
    name: &str,
    body: Option<&str>,
) -> Result<Saved, StoreError> {
    let done = post::Entity::update_many()
        .set(post::ActiveModel {
            name: Set(name.to_owned()),
            body: Set(body.map(str::to_owned)),
            version: Set(version + 1),
            ..Default::default()
        })
        .filter(post::Column::Id.eq(id.0))
        .filter(post::Column::Version.eq(version))
        .exec(tx.on())
        .await?;
    Ok(Saved::from_rows(done.rows_affected))
}

/// The plans that a post manages, or in which it leads an action, whatever its state.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn answers_in(from: &impl Source, id: PostId) -> Result<Vec<PlanId>, StoreError> {
    let managed = plan::Entity::find().filter(plan::Column::ManagerPostId.eq(id.0)).all(from.on()).await?;
    let led: Vec<i64> = action::Entity::find()
        .select_only()
        .column(action::Column::PlanId)
        .distinct()
        .join(JoinType::InnerJoin, assignment::Relation::Action.def().rev())
        .filter(assignment::Column::PostId.eq(id.0))
        .into_tuple()
        .all(from.on())
        .await?;
    Ok(managed.into_iter().map(|plan| plan.id).chain(led).map(PlanId).collect())
}

/// The number of a post's saved state; none: there is no such post.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn version(from: &impl Source, id: PostId) -> Result<Option<i32>, StoreError> {
    Ok(post::Entity::find_by_id(id.0).one(from.on()).await?.map(|p| p.version))
}

/// Puts a person into a post for some days; without a last one, from the first day on.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn hold(
    tx: &Tx,
    post: PostId,
    person: PersonId,
    from_day: NaiveDate,
    to_day: Option<NaiveDate>,
    acting: bool,
) -> Result<(), StoreError> {
    holding::ActiveModel {
        id: NotSet,
        post_id: Set(post.0),
        person_id: Set(person.0),
        from_day: Set(from_day),
        to_day: Set(to_day),
        acting: Set(acting),
    }
    .insert(tx.on())
    .await?;
    Ok(())
}

/// Sets the days of one holding.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn set_days(
    tx: &Tx,
    id: HoldingId,
    from_day: NaiveDate,
    to_day: Option<NaiveDate>,
) -> Result<(), StoreError> {
    holding::Entity::update_many()
        .set(holding::ActiveModel { from_day: Set(from_day), to_day: Set(to_day), ..Default::default() })
        .filter(holding::Column::Id.eq(id.0))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Takes out a holding that has not begun.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn remove(tx: &Tx, id: HoldingId) -> Result<(), StoreError> {
    holding::Entity::delete_by_id(id.0).exec(tx.on()).await?;
    Ok(())
}
