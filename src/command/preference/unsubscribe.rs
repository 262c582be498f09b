//! The link in every reminder that asks for one email a week, and what mail programs do with it (RFC 8058).
//!
//! # Why the token is signed
//! Every mail to a person needs the same address in full, for as long as their account lives: old mails must go on working, so
//! nothing can be made anew for each. A random token would have to be kept in clear, one for each person. So the token is the
//! person's number with a signature under one secret of the installation's, which is made at the first mail and kept with its
//! settings (and so in its backups: links in mails that went out before a restore work after it). Whoever learns the secret
//! can bring people down to one email a week and nothing else.
//!
//! # Why it can be pressed from anywhere
//! Mail providers press it for their customers, without a browser, a session or an `Origin`. What authorises it stands in the
//! address. It is not counted against guessing, like all links of ours: 256 bits are not guessed.

use super::{Actor, CommandError, Cx, Frequency, PersonId, Preference, of, save};
use crate::{
    link::path,
    secret,
    store::{self, Source, StoreError, Tx, person::Account},
};

/// Under which name the secret is kept.
const SECRET: &str = "unsubscribe secret";

/// The address, in full, under which a person asks for one email a week.
///
/// # Errors
/// [`CommandError::Store`] if the database refuses.
pub async fn unsubscribe_url(cx: &Cx, tx: &Tx, person: PersonId) -> Result<String, CommandError> {
    let key = match store::setting::get(tx, SECRET).await? {
        Some(key) => key,
        None => {
            let key = secret::token().map_err(other)?;
            store::setting::set(tx, SECRET, &key).await?;
            key
        }
    };
    Ok(cx.links.full(&path::unsubscribe(&token(&key, person)?)))
}

/// How often the person of a token is mailed now. Changes nothing.
///
/// # Errors
/// [`CommandError::NotFound`] where the token is nobody's whose account is in use. Which, nobody is told.
pub async fn look_up(cx: &Cx, token: &str) -> Result<Frequency, CommandError> {
    let account = account(&cx.store, token).await?;
    Ok(store::preference::all(&cx.store).await?.frequency(account.person.id))
}

/// Sees to it that the person of a token gets one email a week at most, and says how often they are mailed now: whoever gets
/// none goes on getting none.
///
/// # Errors
/// As [`look_up`].
pub async fn unsubscribe(cx: &Cx, token: &str) -> Result<Frequency, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let person = account(&tx, token).await?.person.id;
    let before = of(&store::preference::all(&tx).await?, person);
    if before.frequency != Frequency::Normal {
        return Ok(before.frequency);
    }
    let after = Preference { frequency: Frequency::Weekly, ..before.clone() };
    let version = store::preference::version(&tx, person).await?;
    // Whoever has the mail can press it: the history does not say that it was they.
    let actor = Actor::program("Link in an email");
    save(&tx, now, &actor, person, version, (&before, &after), ", by the link in an email").await?;
    tx.commit().await?;
    Ok(after.frequency)
}

fn token(key: &str, person: PersonId) -> Result<String, CommandError> {
    Ok(format!("{person}-{}", secret::signature(key, &format!("unsubscribe {person}")).map_err(other)?))
}

async fn account(from: &impl Source, given: &str) -> Result<Account, CommandError> {
    let id = given.split_once('-').and_then(|(id, _)| id.parse().ok()).map(PersonId);
    let (Some(id), Some(key)) = (id, store::setting::get(from, SECRET).await?) else {
        return Err(CommandError::NotFound);
    };
    // Hashes are compared, so that the time that it takes tells nothing of the signature.
    if secret::fingerprint(given) != secret::fingerprint(&token(&key, id)?) {
        return Err(CommandError::NotFound);
    }
    let account = store::person::by_id(from, id).await?.filter(|account| account.person.active);
    account.ok_or(CommandError::NotFound)
}

fn other(error: secret::SecretError) -> StoreError {
    StoreError::File(std::io::Error::other(error))
}
