//! Saves posts, and who holds them from when to when. Posts are read with their holders by [`super::record::posts`].

use chrono::NaiveDate;
use entity::{holding, post};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter,
};

use super::{Source, StoreError, Tx, action::Saved};
use crate::domain::id::{PersonId, PostId};

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

/// The number of a post's saved state; none: there is no such post.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn version(from: &impl Source, id: PostId) -> Result<Option<i32>, StoreError> {
    Ok(post::Entity::find_by_id(id.0).one(from.on()).await?.map(|p| p.version))
}

/// Puts a person into a post from a day on.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn hold(
    tx: &Tx,
    post: PostId,
    person: PersonId,
    from_day: NaiveDate,
    acting: bool,
) -> Result<(), StoreError> {
    holding::ActiveModel {
        id: NotSet,
        post_id: Set(post.0),
        person_id: Set(person.0),
        from_day: Set(from_day),
        to_day: Set(None),
        acting: Set(acting),
    }
    .insert(tx.on())
    .await?;
    Ok(())
}

/// Ends what a person holds, as if they had left the evening before a day: what began on that day ends with it, and what is
/// only planned goes. Gives the posts.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn leave(tx: &Tx, person: PersonId, day: NaiveDate) -> Result<Vec<PostId>, StoreError> {
    let theirs = || holding::Entity::find().filter(holding::Column::PersonId.eq(person.0));
    holding::Entity::delete_many()
        .filter(holding::Column::PersonId.eq(person.0))
        .filter(holding::Column::FromDay.gt(day))
        .exec(tx.on())
        .await?;
    let still = Condition::any().add(holding::Column::ToDay.is_null()).add(holding::Column::ToDay.gte(day));
    let mut left = Vec::new();
    for row in theirs().filter(still).all(tx.on()).await? {
        left.push(PostId(row.post_id));
        let last_day = day.pred_opt().unwrap_or(day).max(row.from_day);
        holding::Entity::update_many()
            .set(holding::ActiveModel { to_day: Set(Some(last_day)), ..Default::default() })
            .filter(holding::Column::Id.eq(row.id))
            .exec(tx.on())
            .await?;
    }
    Ok(left)
}

/// Ends every holding of a post that reaches beyond its last day, on that day; also one whose end is planned for later. One
/// that would begin only later goes.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn end_holdings(tx: &Tx, post: PostId, last_day: NaiveDate) -> Result<(), StoreError> {
    holding::Entity::delete_many()
        .filter(holding::Column::PostId.eq(post.0))
        .filter(holding::Column::FromDay.gt(last_day))
        .exec(tx.on())
        .await?;
    holding::Entity::update_many()
        .set(holding::ActiveModel { to_day: Set(Some(last_day)), ..Default::default() })
        .filter(holding::Column::PostId.eq(post.0))
        .filter(
            Condition::any().add(holding::Column::ToDay.is_null()).add(holding::Column::ToDay.gt(last_day)),
        )
        .exec(tx.on())
        .await?;
    Ok(())
}
