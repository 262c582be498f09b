//! One's own account: showing that it is oneself, changing the password, ending sessions.
//!
//! What can lock somebody out, or let somebody in, asks for a [`Confirmed`]: only this file makes one, so no command can
//! forget to ask. Owns nothing of other people's accounts.

use chrono::TimeDelta;

use super::{
    CommandError, Cx, Event,
    link::password_changed,
    session::{Client, broken, is_password_of},
    throttle,
};
use crate::{
    domain::{
        access::Actor,
        account::{CONFIRMED_FOR, MOST_ATTEMPTS, Purpose},
        id::PersonId,
    },
    secret::{self, second_factor},
    store::{self, session::Session},
};

/// Somebody who has shown within the last minutes that it is they, in this session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirmed {
    session: i64,
}

impl Confirmed {
    /// The session.
    pub fn session(self) -> i64 {
        self.session
    }
}

/// What somebody can show that it is they with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Their password.
    Password,
    /// A code of their second factor, where they have no password.
    Code,
    /// Neither: they sign in again, in the way they came.
    SignInAgain,
}

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Right: the session goes on under this new token.
    Right(String),
    /// Wrong, and how often it can still be tried.
    Wrong(i32),
    /// Wrong too often, or too late: the session has ended.
    Ended,
}

/// Whether it holds that somebody has shown that it is they.
pub fn confirmed(cx: &Cx, session: &Session) -> Option<Confirmed> {
    let holds = cx.now().at - session.confirmed_at < TimeDelta::minutes(CONFIRMED_FOR);
    (holds && !session.awaits_second_factor).then_some(Confirmed { session: session.id })
}

/// What somebody can show that it is they with.
///
/// # Errors
/// [`CommandError::Store`] if the database does not answer.
pub async fn proof(cx: &Cx, actor: &Actor) -> Result<Proof, CommandError> {
    let account = store::person::by_id(&cx.store, me(actor)?).await?.ok_or(CommandError::NotFound)?;
    Ok(match (account.has_password, account.second_factor_since) {
        (true, _) => Proof::Password,
        (false, Some(_)) => Proof::Code,
        (false, None) => Proof::SignInAgain,
    })
}

/// Looks at a password, or a code where there is no password. The session gets a new token, so that one that was seen
/// before is worth nothing afterwards.
///
/// # Errors
/// [`CommandError::Wait`] where too much was tried, here or at signing in.
pub async fn confirm(
    cx: &Cx,
    actor: &Actor,
    session: &Session,
    typed: &str,
    client: &Client,
) -> Result<Answer, CommandError> {
    let person = me(actor)?;
    // The throttle counts before it lets look; what it holds back is no try of this session.
    let right = match proof(cx, actor).await? {
        Proof::Password => is_password_of(cx, person, typed, client).await?,
        Proof::Code => takes_code(cx, person, typed, client).await?,
        Proof::SignInAgain => false,
    };
    if !right {
        tracing::warn!(person = person.0, session = session.id, "somebody could not show that it is they");
        return match try_once(cx, session.id).await? {
            Some(tries_left) if tries_left > 0 => Ok(Answer::Wrong(tries_left)),
            _ => end_after_tries(cx, session).await,
        };
    }
    let token = secret::token().map_err(broken)?;
    let now = cx.now();
    let tx = cx.store.begin().await?;
    if !store::session::confirm(&tx, session.id, &secret::fingerprint(&token), now.at).await? {
        return Ok(Answer::Ended);
    }
    tx.commit().await?;
    Ok(Answer::Right(token))
}

async fn takes_code(cx: &Cx, person: PersonId, typed: &str, client: &Client) -> Result<bool, CommandError> {
    let Some(factor) = store::second_factor::of(&cx.store, person).await? else { return Ok(false) };
    let attempt = throttle::code(cx, person, client).await?;
    let at = cx.now().at;
    let step = second_factor::matching_step(&factor.secret, typed, at, factor.step).map_err(broken)?;
    let Some(step) = step else {
        attempt.was_wrong(Some(person));
        return Ok(false);
    };
    attempt.was_right(cx).await?;
    let tx = cx.store.begin().await?;
    let taken = store::second_factor::take_step(&tx, person, &factor.secret, step).await?;
    tx.commit().await?;
    Ok(taken)
}

/// Counts a try before it is looked at, and says how many are left after it; none: there were too many.
pub(super) async fn try_once(cx: &Cx, session: i64) -> Result<Option<i32>, CommandError> {
    // This count holds for one session; over all of them it is the throttle's.
    let tx = cx.store.begin().await?;
    let tried = store::session::try_once(&tx, session, MOST_ATTEMPTS).await?;
    tx.commit().await?;
    Ok(tried.map(|tried| MOST_ATTEMPTS - tried))
}

async fn end_after_tries(cx: &Cx, session: &Session) -> Result<Answer, CommandError> {
    let tx = cx.store.begin().await?;
    store::session::end_by_id(&tx, session.id).await?;
    tx.commit().await?;
    Ok(Answer::Ended)
}

/// Sets another password, or a first one, and ends the person's other sessions.
///
/// # Errors
/// [`CommandError::Refused`] where the password is no good.
pub async fn change_password(
    cx: &Cx,
    actor: &Actor,
    confirmed: Confirmed,
    password: &str,
) -> Result<(), CommandError> {
    let person = me(actor)?;
    super::session::check_password(cx, person, password).await?;
    let hash = secret::hash_password(password.to_owned()).await.map_err(broken)?;
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let account = store::person::by_id(&tx, person).await?.ok_or(CommandError::NotFound)?;
    store::person::set_password(&tx, person, &hash).await?;
    store::session::end_others(&tx, person, confirmed.session).await?;
    // Somebody else may have asked for one, or for another address: that is why the password is changed.
    store::link::revoke(&tx, person, Purpose::ALL, now.at).await?;
    let event = Event {
        plan: None,
        action: None,
        kind: "person.password-set",
        summary: format!("{} set a password", actor.name),
        detail: serde_json::json!({ "person": person.0 }),
    };
    super::record(&tx, now, actor, event).await?;
    if account.has_password {
        password_changed(cx, &tx, &account, now).await?;
    }
    tx.commit().await?;
    cx.bell.ring();
    Ok(())
}

/// Ends one of one's own sessions. Nothing happens where there is no such session, or it is somebody else's.
///
/// # Errors
/// [`CommandError::Store`] if the database refuses.
pub async fn end_session(cx: &Cx, actor: &Actor, session: i64) -> Result<(), CommandError> {
    let tx = cx.store.begin().await?;
    store::session::end_one(&tx, me(actor)?, session).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends all of one's sessions but the one that asks, and says how many.
///
/// # Errors
/// [`CommandError::Store`] if the database refuses.
pub async fn sign_out_elsewhere(cx: &Cx, actor: &Actor, here: &Session) -> Result<u64, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let person = me(actor)?;
    let ended = store::session::end_others(&tx, person, here.id).await?;
    let event = Event {
        plan: None,
        action: None,
        kind: "person.signed-out-elsewhere",
        summary: format!("{} signed out everywhere else", actor.name),
        detail: serde_json::json!({ "person": person.0 }),
    };
    super::record(&tx, now, actor, event).await?;
    tx.commit().await?;
    Ok(ended)
}

/// The sessions in which the person is signed in, the last seen first.
///
/// # Errors
/// [`CommandError::Store`] if the database does not answer.
pub async fn sessions(cx: &Cx, actor: &Actor) -> Result<Vec<store::session::Listed>, CommandError> {
    let at = cx.now().at;
    Ok(store::session::of_person(&cx.store, me(actor)?, at, super::session::since(cx, at)).await?)
}

/// The person who asks; the program itself has no account.
pub(super) fn me(actor: &Actor) -> Result<PersonId, CommandError> {
    actor.person.ok_or(CommandError::NotFound)
}
