//! Signing in and out: sessions, and what a password has to be. Links by mail are [`super::link`]'s.

use std::net::IpAddr;

use chrono::TimeDelta;

use super::{CommandError, Cx};
use crate::{
    domain::{access::Actor, account::Way, id::PersonId},
    secret::{self, SecretError},
    store::{
        self, StoreError,
        session::{NewSession, Signed},
    },
};

/// A session ends this long after signing in.
const ABSOLUTE: TimeDelta = TimeDelta::days(30);
/// A session ends this long after it was last used.
const IDLE: TimeDelta = TimeDelta::hours(12);
/// Sessions note when they were seen at most this often: a page should not have to write.
const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(5);
/// What a password may be, in characters.
pub const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 8..=128;

/// The browser that asks, as far as it matters for signing in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// Where it comes from: the person's own network address, not a proxy's.
    pub address: Option<IpAddr>,
    /// What it calls itself.
    pub user_agent: Option<String>,
    /// The token of a browser in which somebody has signed in before.
    pub known: Option<String>,
}

/// Signs a person in by address and password. None: one of the two is wrong, and it is not said which.
///
/// # Errors
/// [`CommandError::Store`] if the database does not answer.
pub async fn sign_in(
    cx: &Cx,
    email: &str,
    password: &str,
    client: &Client,
) -> Result<Option<String>, CommandError> {
    let known = store::person::password_hash(&cx.store, email).await?;
    let hash = known.as_ref().map(|(_, hash)| hash.clone());
    if !secret::verify_password(password.to_owned(), hash).await.map_err(broken)? {
        return Ok(None);
    }
    match known {
        Some((person, _)) => Ok(Some(start(cx, person, Way::Password, client).await?)),
        None => Ok(None),
    }
}

/// Starts a session for a person and gives its token, which is kept nowhere but in the browser.
///
/// # Errors
/// [`CommandError::Store`] if the database refuses.
pub async fn start(cx: &Cx, person: PersonId, way: Way, client: &Client) -> Result<String, CommandError> {
    let now = cx.now();
    let token = secret::token().map_err(broken)?;
    let tx = cx.store.begin().await?;
    store::session::sweep(&tx, now.at).await?;
    let expires = now.at + ABSOLUTE;
    let new = NewSession {
        person,
        token_hash: &secret::fingerprint(&token),
        way,
        awaits_second_factor: false,
        expires_at: expires,
        user_agent: client.user_agent.as_deref(),
        address: client.address,
    };
    store::session::insert(&tx, &new, now.at).await?;
    store::person::came_in(&tx, person, now.at).await?;
    tx.commit().await?;
    Ok(token)
}

/// Who is signed in with a token; none: nobody.
///
/// # Errors
/// [`CommandError::Store`] if the database does not answer.
pub async fn signed_in(cx: &Cx, token: &str) -> Result<Option<Actor>, CommandError> {
    let now = cx.now();
    let hash = secret::fingerprint(token);
    let signed = store::session::signed_in(&cx.store, &hash, now.at, now.at - IDLE, now.today).await?;
    let Some(Signed { session, last_seen_at, actor }) = signed else {
        return Ok(None);
    };
    if now.at - last_seen_at > TOUCH_EVERY {
        let tx = cx.store.begin().await?;
        store::session::touch(&tx, session, now.at).await?;
        tx.commit().await?;
    }
    Ok(Some(actor))
}

/// Ends a session.
///
/// # Errors
/// [`CommandError::Store`] if the database refuses.
pub async fn sign_out(cx: &Cx, token: &str) -> Result<(), CommandError> {
    let tx = cx.store.begin().await?;
    store::session::end(&tx, &secret::fingerprint(token)).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether a password may be one.
pub(super) fn check_password(password: &str) -> Result<(), CommandError> {
    let length = password.chars().count();
    if PASSWORD_LENGTH.contains(&length) {
        return Ok(());
    }
    let message = if length < *PASSWORD_LENGTH.start() {
        format!(
            "Use at least {} characters: three random words are easy to remember",
            PASSWORD_LENGTH.start()
        )
    } else {
        format!("Use at most {} characters", PASSWORD_LENGTH.end())
    };
    Err(CommandError::refused("password", message))
}

/// A failing random source or hash is the machine's fault, not the person's.
pub(super) fn broken(error: SecretError) -> CommandError {
    CommandError::Store(StoreError::File(std::io::Error::other(error)))
}
