//! Saves what became of an update that a manager looks at first, whether it is for publication, and when it was published late.

use chrono::NaiveDate;
use entity::action_update;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter};

use crate::{
    domain::{
        id::{ActionId, PersonId, UpdateId},
        update::ReviewState,
    },
    store::{Source as _, StoreError, Tx, action::Saved},
};

/// What was said about an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed<'a> {
    /// Accepted or returned.
    pub state: ReviewState,
    /// Why it was returned.
    pub comment: Option<&'a str>,
    /// On what day.
    pub on: NaiveDate,
    /// By whom.
    pub by: Option<PersonId>,
}

/// Saves what was said about an update that waits, or that came by a round's link and was not looked at. Stale: it was, meanwhile.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn save(tx: &Tx, id: UpdateId, reviewed: &Reviewed<'_>) -> Result<Saved, StoreError> {
    let done = action_update::Entity::update_many()
        .set(action_update::ActiveModel {
            review: Set(Some(reviewed.state.code().to_owned())),
            review_comment: Set(reviewed.comment.map(str::to_owned)),
            reviewed_on: Set(Some(reviewed.on)),
            reviewed_by_id: Set(reviewed.by.map(|p| p.0)),
            ..Default::default()
        })
        .filter(action_update::Column::Id.eq(id.0))
        .filter(
            Condition::any().add(action_update::Column::Review.eq(ReviewState::Submitted.code())).add(
                Condition::all()
                    .add(action_update::Column::Review.is_null())
                    .add(action_update::Column::ByEmailLink.eq(true)),
            ),
        )
        .exec(tx.on())
        .await?;
    Ok(Saved::from_rows(done.rows_affected))
}

/// Makes an update an action's latest, or none: the one before it does not count any more.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn make_latest(tx: &Tx, action: ActionId, latest: Option<UpdateId>) -> Result<(), StoreError> {
    let mark = |is_latest| action_update::ActiveModel { is_latest: Set(is_latest), ..Default::default() };
    action_update::Entity::update_many()
        .set(mark(false))
        .filter(action_update::Column::ActionId.eq(action.0))
        .filter(action_update::Column::IsLatest.eq(true))
        .exec(tx.on())
        .await?;
    if let Some(latest) = latest {
        action_update::Entity::update_many()
            .set(mark(true))
            .filter(action_update::Column::Id.eq(latest.0))
            .exec(tx.on())
            .await?;
    }
    Ok(())
}

/// Marks updates as not for publication under a paragraph of Schedule 12A, or lifts their mark.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn mark_exempt(tx: &Tx, ids: &[UpdateId], paragraph: Option<i32>) -> Result<(), StoreError> {
    let row = action_update::ActiveModel { exempt_paragraph: Set(paragraph), ..Default::default() };
    set(tx, ids, row).await
}

/// Notes that updates stand in an addendum that is published on a day.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn release(tx: &Tx, ids: &[UpdateId], on: NaiveDate) -> Result<(), StoreError> {
    let row = action_update::ActiveModel { released_on: Set(Some(on)), ..Default::default() };
    set(tx, ids, row).await
}

async fn set(tx: &Tx, ids: &[UpdateId], row: action_update::ActiveModel) -> Result<(), StoreError> {
    action_update::Entity::update_many()
        .set(row)
        .filter(action_update::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .exec(tx.on())
        .await?;
    Ok(())
}
