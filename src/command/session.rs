//! Signing in and out: sessions, and what a password has to be. Links by mail are [`super::link`]'s.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};

use super::{CommandError, Cx, Now, throttle};
use crate::{
    domain::{
        account::{CODE_WITHIN, Way},
        id::PersonId,
        installation::Installation,
    },
    secret::{self, SecretError, Weakness},
    store::{
        self, StoreError, Tx,
        session::{NewSession, Signed, Since},
    },
};

/// Whose session it was is remembered this long after it has ended by itself, for a form that outlives it.
pub(super) const REMEMBERED: TimeDelta = TimeDelta::days(7);
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
/// [`CommandError::Wait`] where too much was tried; nothing is checked then. [`CommandError::Busy`] where too many sign in at
/// once.
pub async fn sign_in(
    cx: &Cx,
    email: &str,
    password: &str,
    client: &Client,
) -> Result<Option<String>, CommandError> {
    let account = store::person::password_hash(&cx.store, email).await?;
    let Some((person, hash)) = checked(cx, email, account, password, client).await? else { return Ok(None) };
    let now = cx.now();
    let tx = cx.store.begin().await?;
    // Checking takes its time. A password that was changed meanwhile lets nobody in.
    if store::person::password_hash_of(&tx, person).await? != Some(hash) {
        tracing::warn!(person = person.0, reason = "password changed meanwhile", "not let in");
        return Ok(None);
    }
    let token = begin(&tx, now, person, Way::Password, client).await?;
    tx.commit().await?;
    Ok(Some(token))
}

/// Whether a password is a person's own: how somebody who is signed in shows that it is still they. Counted as a try to sign
/// in is, so that an unattended screen is no place to guess at.
///
/// # Errors
/// As [`sign_in`].
pub async fn is_password_of(
    cx: &Cx,
    person: PersonId,
    password: &str,
    client: &Client,
) -> Result<bool, CommandError> {
    let account = store::person::by_id(&cx.store, person).await?.ok_or(CommandError::NotFound)?;
    let email = account.person.email;
    let account = store::person::password_hash(&cx.store, &email).await?;
    Ok(checked(cx, &email, account, password, client).await?.is_some())
}

/// Whose the address is, if the password fits, with the hash that is kept of it now. The same is done in the same order
/// whether there is an account or not.
async fn checked(
    cx: &Cx,
    email: &str,
    account: Option<(PersonId, String)>,
    password: &str,
    client: &Client,
) -> Result<Option<(PersonId, String)>, CommandError> {
    let (person, hash) = account.unzip();
    let attempt = throttle::password(cx, email, person, client).await?;
    let fits = match secret::verify_password(password.to_owned(), hash.clone()).await {
        Ok(fits) => fits,
        Err(error) => {
            attempt.was_not_made(cx).await?;
            return Err(broken(error));
        }
    };
    let (true, Some(person), Some(hash)) = (fits, person, hash) else {
        attempt.was_wrong(person);
        return Ok(None);
    };
    attempt.was_right(cx).await?;
    if !secret::is_outdated(&hash) {
        return Ok(Some((person, hash)));
    }
    let new = secret::hash_password(password.to_owned()).await.map_err(broken)?;
    let tx = cx.store.begin().await?;
    store::person::renew_hash(&tx, person, &hash, &new).await?;
    tx.commit().await?;
    Ok(Some((person, new)))
}

/// Starts a session for a person and gives its token, which is kept nowhere but in the browser. Where the person has a second
/// factor and the way asks for one, the session awaits it: see [`super::second_factor::sign_in`].
///
/// # Errors
/// [`CommandError::NotFound`] where the account is not active.
pub async fn start(cx: &Cx, person: PersonId, way: Way, client: &Client) -> Result<String, CommandError> {
    let tx = cx.store.begin().await?;
    let token = begin(&tx, cx.now(), person, way, client).await?;
    tx.commit().await?;
    Ok(token)
}

/// The same in the transaction of what lets them in, so that nothing comes between.
pub(super) async fn begin(
    tx: &Tx,
    now: Now,
    person: PersonId,
    way: Way,
    client: &Client,
) -> Result<String, CommandError> {
    let account = store::person::by_id(tx, person).await?.filter(|account| account.person.active);
    let account = account.ok_or(CommandError::NotFound)?;
    let awaits = way.asks_second_factor() && account.second_factor_since.is_some();
    start_within(tx, now, person, way, client, awaits).await
}

/// A session that awaits the second factor is short: nobody is signed in with it yet.
pub(super) async fn start_within(
    tx: &Tx,
    now: Now,
    person: PersonId,
    way: Way,
    client: &Client,
    awaits_second_factor: bool,
) -> Result<String, CommandError> {
    let token = secret::token().map_err(broken)?;
    store::session::sweep(tx, now.at - REMEMBERED).await?;
    let holds =
        if awaits_second_factor { TimeDelta::minutes(CODE_WITHIN) } else { absolute(tx.installation()) };
    let new = NewSession {
        person,
        token_hash: &secret::fingerprint(&token),
        way,
        awaits_second_factor,
        expires_at: now.at + holds,
        user_agent: client.user_agent.as_deref(),
        address: client.address,
    };
    store::session::insert(tx, &new, now.at).await?;
    if !awaits_second_factor {
        store::person::came_in(tx, person, now.at).await?;
    }
    Ok(token)
}

/// Which sessions are within the limits that are set now: shorter ones hold for sessions that are there already.
pub(super) fn since(cx: &Cx, now: DateTime<Utc>) -> Since {
    let set = cx.installation();
    let idle = TimeDelta::minutes(set.sessions.idle_minutes.into());
    Since { begun: now - absolute(&set), seen: now - idle }
}

/// How long a session lasts at all.
fn absolute(set: &Installation) -> TimeDelta {
    TimeDelta::days(set.sessions.absolute_days.into())
}

/// The session of a token and whose it is; none: there is none, or it holds no more. Whoever asks has to look whether it
/// still awaits the second factor.
///
/// # Errors
/// [`CommandError::Store`] if the database does not answer.
pub async fn signed_in(cx: &Cx, token: &str) -> Result<Option<Signed>, CommandError> {
    let now = cx.now();
    let hash = secret::fingerprint(token);
    let signed = store::session::signed_in(&cx.store, &hash, now.at, since(cx, now.at), now.today).await?;
    if let Some(Signed { session, .. }) = &signed
        && now.at - session.last_seen_at > TOUCH_EVERY
    {
        let tx = cx.store.begin().await?;
        store::session::touch(&tx, session.id, now.at).await?;
        tx.commit().await?;
    }
    Ok(signed)
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

/// Whether a person may have a password: long enough, not too long, and not one that would be guessed soon. The one place
/// where this is asked, whoever sets it and how.
///
/// # Errors
/// [`CommandError::Refused`] at the field "password", with what to do.
pub async fn check_password(cx: &Cx, person: PersonId, password: &str) -> Result<(), CommandError> {
    let length = password.chars().count();
    if length < *PASSWORD_LENGTH.start() {
        let least = PASSWORD_LENGTH.start();
        return Err(CommandError::refused(
            "password",
            format!("Use at least {least} characters: three random words are easy to remember"),
        ));
    }
    if length > *PASSWORD_LENGTH.end() {
        let most = PASSWORD_LENGTH.end();
        return Err(CommandError::refused("password", format!("Use at most {most} characters")));
    }
    let account = store::person::by_id(&cx.store, person).await?.ok_or(CommandError::NotFound)?;
    let installation = cx.installation();
    let own = [installation.council.as_str(), &account.person.name, &account.person.email];
    let message = match secret::weakness(password, &own) {
        None => return Ok(()),
        Some(Weakness::Common) => {
            "This password is easy to guess: many people use it or one like it. Use three random words instead"
        }
        Some(Weakness::Own) => {
            "This password is easy to guess: it is made of your name, your address, the council’s name or this service’s words. \
             Use three random words instead"
        }
    };
    Err(CommandError::refused("password", message))
}

/// A failing random source or hash is the machine's fault, not the person's.
pub(super) fn broken(error: SecretError) -> CommandError {
    match error {
        SecretError::Busy => CommandError::Busy,
        error => CommandError::Store(StoreError::File(std::io::Error::other(error))),
    }
}
