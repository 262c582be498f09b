//! Sessions in the database: a hash of a token, whose it is, and until when it holds.

use std::net::IpAddr;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{holding, person, role_grant, session};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter,
};

use super::{Source, StoreError, Tx, person::grants};
use crate::domain::{
    access::Actor,
    account::Way,
    id::{PersonId, PostId},
};

/// A session that holds, with the actor that it signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The row.
    pub session: i64,
    /// When it was last seen.
    pub last_seen_at: DateTime<Utc>,
    /// Who is signed in.
    pub actor: Actor,
}

/// Which sessions are still within their limits.
#[derive(Clone, Copy, Debug)]
pub struct Since {
    /// Those begun after this.
    pub begun: DateTime<Utc>,
    /// Those last seen after this.
    pub seen: DateTime<Utc>,
}

/// A session to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession<'a> {
    /// Whose.
    pub person: PersonId,
    /// SHA-256 of its token, in hexadecimal.
    pub token_hash: &'a str,
    /// How they came in.
    pub way: Way,
    /// Whether the second factor is still to come.
    pub awaits_second_factor: bool,
    /// When it ends whatever happens.
    pub expires_at: DateTime<Utc>,
    /// What the browser calls itself.
    pub user_agent: Option<&'a str>,
    /// Where it comes from.
    pub address: Option<IpAddr>,
}

/// Records a session.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn insert(tx: &Tx, new: &NewSession<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    session::ActiveModel {
        id: NotSet,
        token_hash: Set(new.token_hash.to_owned()),
        way: Set(new.way.code().to_owned()),
        awaits_second_factor: Set(new.awaits_second_factor),
        created_at: Set(now),
        confirmed_at: Set(now),
        last_seen_at: Set(now),
        expires_at: Set(new.expires_at),
        user_agent: Set(new.user_agent.map(|a| a.chars().take(200).collect())),
        address: Set(new.address.map(|a| a.to_string())),
        person_id: Set(new.person.0),
    }
    .insert(tx.on())
    .await?;
    Ok(())
}

/// A session beside its person, and one of their roles and holdings, if they have any.
type Row = (session::Model, Option<person::Model>, Option<role_grant::Model>, Option<holding::Model>);

/// Who is signed in with a token, with roles and the posts held today, in one statement; none: nobody.
/// A session holds until it expires, and while it is within its limits.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn signed_in(
    from: &impl Source,
    token_hash: &str,
    now: DateTime<Utc>,
    since: Since,
    today: NaiveDate,
) -> Result<Option<Signed>, StoreError> {
    let rows: Vec<Row> = session::Entity::find()
        .filter(session::Column::TokenHash.eq(token_hash))
        .filter(session::Column::ExpiresAt.gt(now))
        .filter(session::Column::CreatedAt.gt(since.begun))
        .filter(session::Column::LastSeenAt.gt(since.seen))
        .filter(person::Column::Active.eq(true))
        .find_also_related(person::Entity)
        .find_also(person::Entity, role_grant::Entity)
        .find_also(person::Entity, holding::Entity)
        .all(from.on())
        .await?;
    let Some((session, Some(person), _, _)) = rows.first() else {
        return Ok(None);
    };
    let held_today = |h: &&holding::Model| h.from_day <= today && h.to_day.is_none_or(|to| today <= to);
    let mut posts: Vec<PostId> = rows
        .iter()
        .filter_map(|(_, _, _, h)| h.as_ref())
        .filter(held_today)
        .map(|h| PostId(h.post_id))
        .collect();
    posts.sort_unstable();
    posts.dedup();
    Ok(Some(Signed {
        session: session.id,
        last_seen_at: session.last_seen_at,
        actor: Actor {
            person: Some(PersonId(person.id)),
            name: person.name.clone(),
            grants: grants(rows.iter().filter_map(|(_, _, grant, _)| grant.as_ref())),
            posts,
        },
    }))
}

/// Notes that a session was seen.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn touch(tx: &Tx, session: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
    session::Entity::update_many()
        .set(session::ActiveModel { last_seen_at: Set(now), ..Default::default() })
        .filter(session::Column::Id.eq(session))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Ends one session.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn end(tx: &Tx, token_hash: &str) -> Result<(), StoreError> {
    session::Entity::delete_many().filter(session::Column::TokenHash.eq(token_hash)).exec(tx.on()).await?;
    Ok(())
}

/// Ends every session of a person.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn end_all(tx: &Tx, person: PersonId) -> Result<(), StoreError> {
    session::Entity::delete_many().filter(session::Column::PersonId.eq(person.0)).exec(tx.on()).await?;
    Ok(())
}

/// Removes sessions that have expired.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn sweep(tx: &Tx, now: DateTime<Utc>) -> Result<(), StoreError> {
    session::Entity::delete_many().filter(session::Column::ExpiresAt.lte(now)).exec(tx.on()).await?;
    Ok(())
}
