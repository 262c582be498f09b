//! Saves what was typed into forms that had outlived their session.

use chrono::{DateTime, Utc};
use entity::kept_form;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use super::{Source, StoreError, Tx};
use crate::domain::id::PersonId;

/// A form that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptForm {
    /// SHA-256 of the browser's token, in hexadecimal.
    pub token_hash: String,
    /// Who typed it.
    pub person: PersonId,
    /// Where it was sent.
    pub path: String,
    /// The fields in the order sent.
    pub fields: Vec<(String, String)>,
    /// Until when it is kept.
    pub expires_at: DateTime<Utc>,
}

/// Keeps a form, once: pressing the button twice does not make two of it. Of one person's the newest `most` stay.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn insert(tx: &Tx, form: &KeptForm, most: u64) -> Result<(), StoreError> {
    let fields = serde_json::to_string(&form.fields).map_err(|e| StoreError::File(e.into()))?;
    kept_form::Entity::delete_many()
        .filter(kept_form::Column::PersonId.eq(form.person.0))
        .filter(kept_form::Column::TokenHash.eq(&form.token_hash))
        .filter(kept_form::Column::Path.eq(&form.path))
        .filter(kept_form::Column::Fields.eq(&fields))
        .exec(tx.on())
        .await?;
    kept_form::ActiveModel {
        id: NotSet,
        token_hash: Set(form.token_hash.clone()),
        path: Set(form.path.clone()),
        fields: Set(fields),
        expires_at: Set(form.expires_at),
        person_id: Set(form.person.0),
    }
    .insert(tx.on())
    .await?;
    let too_old: Option<i64> = kept_form::Entity::find()
        .select_only()
        .column(kept_form::Column::Id)
        .filter(kept_form::Column::PersonId.eq(form.person.0))
        .order_by_desc(kept_form::Column::Id)
        .offset(most)
        .limit(1)
        .into_tuple()
        .one(tx.on())
        .await?;
    if let Some(id) = too_old {
        kept_form::Entity::delete_many()
            .filter(kept_form::Column::PersonId.eq(form.person.0))
            .filter(kept_form::Column::Id.lte(id))
            .exec(tx.on())
            .await?;
    }
    Ok(())
}

/// The newest form that a person typed in the browser with this token: of one path, or of any.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn newest(
    from: &impl Source,
    token_hash: &str,
    person: PersonId,
    path: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Option<(i64, KeptForm)>, StoreError> {
    let row = kept_form::Entity::find()
        .filter(kept_form::Column::TokenHash.eq(token_hash))
        .filter(kept_form::Column::PersonId.eq(person.0))
        .filter(kept_form::Column::ExpiresAt.gt(now))
        .apply_if(path, |rows, path| rows.filter(kept_form::Column::Path.eq(path)))
        .order_by_desc(kept_form::Column::Id)
        .one(from.on())
        .await?;
    row.map(|row| {
        let fields = serde_json::from_str(&row.fields).map_err(|_| StoreError::Row {
            table: "kept_form",
            id: row.id,
            what: "fields".to_owned(),
        })?;
        let form = KeptForm {
            token_hash: row.token_hash,
            person: PersonId(row.person_id),
            path: row.path,
            fields,
            expires_at: row.expires_at,
        };
        Ok((row.id, form))
    })
    .transpose()
}

/// Whether anything waits in the browser with this token, for whomever: several people can share a browser.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn waits(from: &impl Source, token_hash: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let found = kept_form::Entity::find()
        .filter(kept_form::Column::TokenHash.eq(token_hash))
        .filter(kept_form::Column::ExpiresAt.gt(now))
        .count(from.on())
        .await?;
    Ok(found > 0)
}

/// Removes one.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn delete(tx: &Tx, id: i64) -> Result<(), StoreError> {
    kept_form::Entity::delete_by_id(id).exec(tx.on()).await?;
    Ok(())
}

/// Removes what has been kept long enough.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn sweep(tx: &Tx, now: DateTime<Utc>) -> Result<(), StoreError> {
    kept_form::Entity::delete_many().filter(kept_form::Column::ExpiresAt.lte(now)).exec(tx.on()).await?;
    Ok(())
}
