//! Saves updates that somebody has begun and not sent. Each is one person's alone: nothing here is read for anybody else.

use chrono::{DateTime, Utc};
use entity::update_draft;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
};

use crate::{
    domain::id::{ActionId, DraftId, PersonId},
    store::{Source, StoreError, Tx},
};

/// An update as far as somebody has got with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its number. Saving it again gives it another: what somebody has not been shown is not deleted for them.
    pub id: DraftId,
    /// The fields of the form, in the order sent.
    pub fields: Vec<(String, String)>,
    /// When it was saved.
    pub saved_at: DateTime<Utc>,
}

/// What a person has begun on an action, if anything.
///
/// # Errors
/// [`StoreError`] if the database does not answer or the row is not understood.
pub async fn of(from: &impl Source, action: ActionId, person: PersonId) -> Result<Option<Draft>, StoreError> {
    let row = update_draft::Entity::find()
        .filter(update_draft::Column::ActionId.eq(action.0))
        .filter(update_draft::Column::PersonId.eq(person.0))
        .one(from.on())
        .await?;
    row.map(|row| {
        let fields = serde_json::from_str(&row.fields).map_err(|_| StoreError::Row {
            table: "update_draft",
            id: row.id,
            what: "fields".to_owned(),
        })?;
        Ok(Draft { id: DraftId(row.id), fields, saved_at: row.saved_at })
    })
    .transpose()
}

/// The actions on which a person has begun an update.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn begun(from: &impl Source, person: PersonId) -> Result<Vec<ActionId>, StoreError> {
    let ids: Vec<i64> = update_draft::Entity::find()
        .select_only()
        .column(update_draft::Column::ActionId)
        .filter(update_draft::Column::PersonId.eq(person.0))
        .into_tuple()
        .all(from.on())
        .await?;
    Ok(ids.into_iter().map(ActionId).collect())
}

/// Saves what a person has begun on an action, in place of what they had saved before.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn save(
    tx: &Tx,
    action: ActionId,
    person: PersonId,
    fields: &[(String, String)],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let fields = serde_json::to_string(fields).map_err(|e| StoreError::File(e.into()))?;
    update_draft::Entity::delete_many()
        .filter(update_draft::Column::ActionId.eq(action.0))
        .filter(update_draft::Column::PersonId.eq(person.0))
        .exec(tx.on())
        .await?;
    update_draft::ActiveModel {
        id: NotSet,
        action_id: Set(action.0),
        person_id: Set(person.0),
        fields: Set(fields),
        saved_at: Set(now),
    }
    .insert(tx.on())
    .await?;
    Ok(())
}

/// Removes what a person has begun on an action, as they were shown it. Says whether it was still there.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn delete(tx: &Tx, id: DraftId, action: ActionId, person: PersonId) -> Result<bool, StoreError> {
    let done = update_draft::Entity::delete_many()
        .filter(update_draft::Column::Id.eq(id.0))
        .filter(update_draft::Column::ActionId.eq(action.0))
        .filter(update_draft::Column::PersonId.eq(person.0))
        .exec(tx.on())
        .await?;
    Ok(done.rows_affected > 0)
}
