//! A form that outlives its session keeps what was typed, until the same person has signed in again in the same browser.
//!
//! Owns who may have something kept, how much, for how long, and who sees it again. Never keeps a password or a code (the
//! caller leaves them out), and never acts on what it keeps: that needs another press of the form's own button.
//!
//! # Why here and not in the page
//!
//! Hidden fields in the sign-in page would be lost at the first other way in: a link by mail that opens in another tab, the
//! page for the second factor, the council's directory. So it is kept in the database, found by a token in a cookie of this
//! browser, and shown only to the person whose session it was.
//!
//! Nobody can fill the database with it: only a token that was once somebody's session has anything kept, so a stranger has
//! nothing to show; and of each person only the newest [`MOST`] forms of [`LARGEST`] bytes are kept, for a day.

use chrono::TimeDelta;

use super::{CommandError, Cx};
use crate::{
    domain::id::PersonId,
    secret,
    store::{self, kept_form::KeptForm},
};

/// How long a form is kept.
const FOR: TimeDelta = TimeDelta::days(1);
/// How many are kept of one person.
pub const MOST: u64 = 10;
/// How large one may be: several fields full of text.
pub const LARGEST: usize = 512 * 1024;

/// What was typed: names and values, in the order sent.
pub type Typed = Vec<(String, String)>;

/// Keeps a form that was sent with the token of a session that has ended by itself, and gives the token by which it is found
/// again: the browser's own, if it has one. None: it is not known whose session that was, or it is too large.
///
/// # Errors
/// [`CommandError::Store`] if the database refuses.
pub async fn keep(
    cx: &Cx,
    session: &str,
    before: Option<&str>,
    path: &str,
    fields: Typed,
) -> Result<Option<String>, CommandError> {
    let now = cx.now();
    let size: usize = fields.iter().map(|(name, value)| name.len() + value.len()).sum();
    if size + path.len() > LARGEST {
        return Ok(None);
    }
    let Some(begun) = store::session::begun(&cx.store, &secret::fingerprint(session)).await? else {
        return Ok(None);
    };
    let token = match before {
        // Our tokens are this long; a shorter one could be guessed by whoever set it.
        Some(before) if before.len() == 64 => before.to_owned(),
        _ => secret::token().map_err(super::session::broken)?,
    };
    let form = KeptForm {
        token_hash: secret::fingerprint(&token),
        person: begun.person,
        path: path.to_owned(),
        fields,
        expires_at: now.at + FOR,
    };
    let tx = cx.store.begin().await?;
    store::kept_form::sweep(&tx, now.at).await?;
    store::kept_form::insert(&tx, &form, MOST).await?;
    tx.commit().await?;
    Ok(Some(token))
}

/// What a person typed at a path in the browser with this token.
///
/// # Errors
/// [`CommandError::Store`] if the database does not answer.
pub async fn at(cx: &Cx, token: &str, person: PersonId, path: &str) -> Result<Option<Typed>, CommandError> {
    let hash = secret::fingerprint(token);
    let found = store::kept_form::newest(&cx.store, &hash, person, Some(path), cx.now().at).await?;
    Ok(found.map(|(_, form)| form.fields))
}

/// Where the newest form waits that a person typed in the browser with this token.
///
/// # Errors
/// [`CommandError::Store`] if the database does not answer.
pub async fn waits(cx: &Cx, token: &str, person: PersonId) -> Result<Option<String>, CommandError> {
    let hash = secret::fingerprint(token);
    let found = store::kept_form::newest(&cx.store, &hash, person, None, cx.now().at).await?;
    Ok(found.map(|(_, form)| form.path))
}

/// Lets go of what a person typed at a path: it has been saved, or thrown away. Says whether anything still waits in this
/// browser, for them or for anybody else.
///
/// # Errors
/// [`CommandError::Store`] if the database refuses.
pub async fn let_go(cx: &Cx, token: &str, person: PersonId, path: &str) -> Result<bool, CommandError> {
    let (hash, now) = (secret::fingerprint(token), cx.now());
    if let Some((id, _)) = store::kept_form::newest(&cx.store, &hash, person, Some(path), now.at).await? {
        let tx = cx.store.begin().await?;
        store::kept_form::delete(&tx, id).await?;
        tx.commit().await?;
    }
    Ok(store::kept_form::waits(&cx.store, &hash, now.at).await?)
}
