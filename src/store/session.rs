//! Sessions in the database: a hash of a token, whose it is, and until when it holds.

use std::net::IpAddr;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{holding, person, role_grant, session};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait,
    QueryFilter, QueryOrder, sea_query::Expr,
};

use super::{Source, StoreError, Tx, code, person::grants};
use crate::domain::{
    access::Actor,
    account::Way,
    id::{PersonId, PostId},
};

/// A session that holds, as far as a request needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The row.
    pub id: i64,
    /// How they came in.
    pub way: Way,
    /// When it was last seen.
    pub last_seen_at: DateTime<Utc>,
    /// When the person last showed that it is they.
    pub confirmed_at: DateTime<Utc>,
    /// Whether the second factor is still to come: then nobody is signed in yet.
    pub awaits_second_factor: bool,
    /// Whether its person has a second factor.
    pub has_second_factor: bool,
}

/// A session that holds, with the actor that it signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The session.
    pub session: Session,
    /// Who is signed in, or will be with their second factor.
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

/// A session in the list of a person's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The row.
    pub id: i64,
    /// How they came in.
    pub way: Way,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it was last seen, to a few minutes.
    pub last_seen_at: DateTime<Utc>,
    /// What the browser calls itself.
    pub user_agent: Option<String>,
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
        attempts: Set(0),
        second_factor_secret: Set(None),
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
        session: Session {
            id: session.id,
            way: way(session)?,
            last_seen_at: session.last_seen_at,
            confirmed_at: session.confirmed_at,
            awaits_second_factor: session.awaits_second_factor,
            has_second_factor: person.second_factor_since.is_some(),
        },
        actor: Actor {
            person: Some(PersonId(person.id)),
            name: person.name.clone(),
            grants: grants(rows.iter().filter_map(|(_, _, grant, _)| grant.as_ref())),
            posts,
        },
    }))
}

fn way(row: &session::Model) -> Result<Way, StoreError> {
    code(Way::from_code(&row.way), "session", row.id, &row.way)
}

/// The sessions of a person that hold and in which they are signed in, the last seen first.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn of_person(
    from: &impl Source,
    person: PersonId,
    now: DateTime<Utc>,
    since: Since,
) -> Result<Vec<Listed>, StoreError> {
    let rows = session::Entity::find()
        .filter(session::Column::PersonId.eq(person.0))
        .filter(session::Column::AwaitsSecondFactor.eq(false))
        .filter(session::Column::ExpiresAt.gt(now))
        .filter(session::Column::CreatedAt.gt(since.begun))
        .filter(session::Column::LastSeenAt.gt(since.seen))
        .order_by_desc(session::Column::LastSeenAt)
        .order_by_desc(session::Column::Id)
        .all(from.on())
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Listed {
                id: row.id,
                way: way(&row)?,
                created_at: row.created_at,
                last_seen_at: row.last_seen_at,
                user_agent: row.user_agent,
            })
        })
        .collect()
}

/// Counts a try at a code or a password in a session, before it is looked at, so that tries sent at once are all counted.
/// Gives how many there have been with this one; none: it has ended, or it has had its `most`.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn try_once(tx: &Tx, session: i64, most: i32) -> Result<Option<i32>, StoreError> {
    let done = session::Entity::update_many()
        .col_expr(session::Column::Attempts, Expr::col(session::Column::Attempts).add(1))
        .filter(session::Column::Id.eq(session))
        .filter(session::Column::Attempts.lt(most))
        .exec(tx.on())
        .await?;
    if done.rows_affected == 0 {
        return Ok(None);
    }
    let row = session::Entity::find_by_id(session).one(tx.on()).await?;
    Ok(row.map(|r| r.attempts))
}

/// Notes that the person has shown that it is they, and gives the session another token. False: it has ended.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn confirm(
    tx: &Tx,
    session: i64,
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let done = session::Entity::update_many()
        .set(session::ActiveModel {
            token_hash: Set(token_hash.to_owned()),
            confirmed_at: Set(now),
            attempts: Set(0),
            ..Default::default()
        })
        .filter(session::Column::Id.eq(session))
        .exec(tx.on())
        .await?;
    Ok(done.rows_affected == 1)
}

/// The authenticator's secret that is being set up in a session.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn secret_in_setup(from: &impl Source, session: i64) -> Result<Option<String>, StoreError> {
    let row = session::Entity::find_by_id(session).one(from.on()).await?;
    Ok(row.and_then(|r| r.second_factor_secret))
}

/// Keeps a secret in a session while it is being set up; none: it is done with.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn keep_secret(tx: &Tx, session: i64, secret: Option<&str>) -> Result<(), StoreError> {
    session::Entity::update_many()
        .set(session::ActiveModel {
            second_factor_secret: Set(secret.map(str::to_owned)),
            ..Default::default()
        })
        .filter(session::Column::Id.eq(session))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// How a session was begun, whether it still holds or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun {
    /// By whom.
    pub person: PersonId,
    /// How they came in.
    pub way: Way,
    /// Whether the second factor is still to come.
    pub awaits_second_factor: bool,
}

/// How the session of a token was begun, also if it has ended by itself not long ago; none: it is unknown, was signed out,
/// or its person is deactivated. It signs nobody in: see [`signed_in`].
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn begun(from: &impl Source, token_hash: &str) -> Result<Option<Begun>, StoreError> {
    let row = session::Entity::find()
        .filter(session::Column::TokenHash.eq(token_hash))
        .filter(person::Column::Active.eq(true))
        .inner_join(person::Entity)
        .one(from.on())
        .await?;
    row.map(|row| {
        Ok(Begun {
            person: PersonId(row.person_id),
            way: code(Way::from_code(&row.way), "session", row.id, &row.way)?,
            awaits_second_factor: row.awaits_second_factor,
        })
    })
    .transpose()
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

/// Ends one session by its row.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn end_by_id(tx: &Tx, session: i64) -> Result<bool, StoreError> {
    let done = session::Entity::delete_by_id(session).exec(tx.on()).await?;
    Ok(done.rows_affected == 1)
}

/// Ends one session of a person. False: there is no such session of theirs.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn end_one(tx: &Tx, person: PersonId, session: i64) -> Result<bool, StoreError> {
    let done = session::Entity::delete_many()
        .filter(session::Column::PersonId.eq(person.0))
        .filter(session::Column::Id.eq(session))
        .exec(tx.on())
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends every session of a person but one, and says how many.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn end_others(tx: &Tx, person: PersonId, keep: i64) -> Result<u64, StoreError> {
    let done = session::Entity::delete_many()
        .filter(session::Column::PersonId.eq(person.0))
        .filter(session::Column::Id.ne(keep))
        .exec(tx.on())
        .await?;
    Ok(done.rows_affected)
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
