//! Links by mail: a hash of a token, whose it is, what for, and until when it holds. Never the token itself.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::one_time_link::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, Select,
};

use super::{Source, StoreError, Tx, action::Saved, code};
use crate::domain::{account::Purpose, id::PersonId};

/// A link as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The row.
    pub id: i64,
    /// What it is for.
    pub purpose: Purpose,
    /// Whose.
    pub person: PersonId,
    /// The address that it confirms, where it does.
    pub email: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it stops holding.
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
    /// When it was made void.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A link to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLink<'a> {
    /// What it is for; says how long it holds.
    pub purpose: Purpose,
    /// Whose.
    pub person: PersonId,
    /// SHA-256 of its token, in hexadecimal.
    pub token_hash: &'a str,
    /// The address that it confirms, where it does.
    pub email: Option<&'a str>,
}

/// Records a link and gives its row.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn insert(tx: &Tx, new: &NewLink<'_>, now: DateTime<Utc>) -> Result<i64, StoreError> {
    let row = ActiveModel {
        id: NotSet,
        token_hash: Set(new.token_hash.to_owned()),
        purpose: Set(new.purpose.code().to_owned()),
        email: Set(new.email.map(str::to_owned)),
        created_at: Set(now),
        expires_at: Set(now + new.purpose.holds_for()),
        used_at: Set(None),
        revoked_at: Set(None),
        person_id: Set(new.person.0),
    };
    Ok(row.insert(tx.on()).await?.id)
}

/// Those that are neither used nor void nor too old.
fn live(now: DateTime<Utc>) -> Select<Entity> {
    Entity::find()
        .filter(Column::UsedAt.is_null())
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
}

/// The link of a token, if it is for this purpose and still holds.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn by_token(
    from: &impl Source,
    token_hash: &str,
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<Option<Link>, StoreError> {
    let found = live(now).filter(Column::TokenHash.eq(token_hash)).filter(Column::Purpose.eq(purpose.code()));
    found.one(from.on()).await?.map(link_of).transpose()
}

/// How many links of a person for a purpose hold.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn count_live(
    from: &impl Source,
    person: PersonId,
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let theirs = live(now).filter(Column::PersonId.eq(person.0)).filter(Column::Purpose.eq(purpose.code()));
    Ok(theirs.count(from.on()).await?)
}

/// Whether a link, by its row, still holds.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn is_live(from: &impl Source, id: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(live(now).filter(Column::Id.eq(id)).count(from.on()).await? > 0)
}

/// The newest invitation of each person who ever had one.
///
/// # Errors
/// [`StoreError`] if the database does not answer or a row is not understood.
pub async fn invitations(from: &impl Source) -> Result<BTreeMap<PersonId, Link>, StoreError> {
    let oldest_first = invitations_of(Entity::find()).order_by_asc(Column::Id).all(from.on()).await?;
    oldest_first.into_iter().map(|row| Ok((PersonId(row.person_id), link_of(row)?))).collect()
}

/// The newest invitation of one person.
///
/// # Errors
/// As [`invitations`].
pub async fn invitation(from: &impl Source, person: PersonId) -> Result<Option<Link>, StoreError> {
    let theirs = invitations_of(Entity::find()).filter(Column::PersonId.eq(person.0));
    theirs.order_by_desc(Column::Id).one(from.on()).await?.map(link_of).transpose()
}

fn invitations_of(which: Select<Entity>) -> Select<Entity> {
    which.filter(Column::Purpose.eq(Purpose::Invitation.code()))
}

/// The other half of a change of address: the newest link of a person for a purpose that confirms this address and was made
/// at the same moment.
///
/// # Errors
/// [`StoreError`] if the database does not answer or a row is not understood.
pub async fn counterpart(
    from: &impl Source,
    of: &Link,
    purpose: Purpose,
) -> Result<Option<Link>, StoreError> {
    let found = Entity::find()
        .filter(Column::PersonId.eq(of.person.0))
        .filter(Column::Purpose.eq(purpose.code()))
        .filter(Column::Email.eq(of.email.clone()))
        .filter(Column::CreatedAt.eq(of.created_at))
        .order_by_desc(Column::Id)
        .one(from.on())
        .await?;
    found.map(link_of).transpose()
}

/// Marks a link as used; stale: somebody was first, or it is void.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn use_up(tx: &Tx, id: i64, now: DateTime<Utc>) -> Result<Saved, StoreError> {
    let done = Entity::update_many()
        .set(ActiveModel { used_at: Set(Some(now)), ..Default::default() })
        .filter(Column::Id.eq(id))
        .filter(Column::UsedAt.is_null())
        .filter(Column::RevokedAt.is_null())
        .exec(tx.on())
        .await?;
    Ok(Saved::from_rows(done.rows_affected))
}

/// Makes a person's unused links for some purposes void, and says how many there were.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn revoke(
    tx: &Tx,
    person: PersonId,
    purposes: &[Purpose],
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let done = Entity::update_many()
        .set(ActiveModel { revoked_at: Set(Some(now)), ..Default::default() })
        .filter(Column::PersonId.eq(person.0))
        .filter(Column::Purpose.is_in(purposes.iter().map(|p| p.code())))
        .filter(Column::UsedAt.is_null())
        .filter(Column::RevokedAt.is_null())
        .exec(tx.on())
        .await?;
    Ok(done.rows_affected)
}

fn link_of(row: Model) -> Result<Link, StoreError> {
    let id = row.id;
    Ok(Link {
        id,
        purpose: code(Purpose::from_code(&row.purpose), "one_time_link", id, &row.purpose)?,
        person: PersonId(row.person_id),
        email: row.email,
        created_at: row.created_at,
        expires_at: row.expires_at,
        used_at: row.used_at,
        revoked_at: row.revoked_at,
    })
}
