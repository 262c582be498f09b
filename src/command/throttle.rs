//! Against guessing: every try at a password or a code, and every link asked for by mail, is counted before it is made.
//!
//! The numbers are [`crate::domain::throttle`]'s. Here stands what is counted under which key, and that nobody can lock
//! anybody else out:
//!
//! - A browser in which this person has signed in before has tallies of its own and asks no others. What strangers do to the
//!   account, or others in the same building to the network address, is nothing to it.
//! - Whoever has no such browser asks for a link by mail, which looks at none of the tallies of passwords. A link that has
//!   been sent goes on working whatever is asked for after it.
//! - Mails are counted too, or a stranger could fill somebody's mailbox. Once five went out, one goes out every five
//!   minutes, and what is asked for in between is answered as if one had: a link holds for ten minutes at least, so the
//!   newest one in the mailbox works whenever none is sent. The network address is not asked for a browser that is known;
//!   for the others, one link goes out every half a minute once fifty were asked for, whomever they are for. So somebody in
//!   the same building who asks for links without end can delay those whose browser is not known, and is seen in the log.
//! - Recovery codes, one-time links, links of rounds and directories are not guessed at and not counted.
//!
//! Keys hold a hash of the address as it was typed, so an account that does not exist waits like one that does.
//!
//! A try is written down by a transaction of its own before the slow check begins. Where the answer is right it is given
//! back; where the browser hangs up meanwhile it stays counted.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};

use super::{CommandError, Cx, session::Client};
use crate::{
    domain::{
        account::{Purpose, Way},
        id::PersonId,
        throttle::{Counted, Tally},
    },
    secret,
    store::{self, Tx},
};

/// Something counted, under its key.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    counted: Counted,
    /// The kind and a hash.
    text: String,
}

impl Key {
    fn new(counted: Counted, whose: &str) -> Self {
        let code = counted.code();
        let text = format!("{code} {}", secret::fingerprint(&format!("{code} {whose}")));
        Self { counted, text }
    }

    /// What the log has of it: enough to see that two lines mean the same.
    fn short(&self) -> &str {
        let hash = self.counted.code().len() + 1;
        self.text.get(..hash + 8).unwrap_or(&self.text)
    }
}

/// A try that was let through and is counted. Dropped, it stays counted as a failure.
#[derive(Debug)]
#[must_use = "a try that was right has to be said to have been"]
pub struct Try {
    keys: Vec<(Key, Tally)>,
}

impl Try {
    /// The answer was right: everything that was tried for this account or in this browser is forgotten, and the network
    /// address has this one try back. (All of it would let whoever has one account guess at the others for ever.)
    ///
    /// # Errors
    /// [`CommandError::Store`] if the database refuses.
    pub async fn was_right(self, cx: &Cx) -> Result<(), CommandError> {
        let now = cx.now();
        let tx = cx.store.begin().await?;
        for (key, tally) in &self.keys {
            if key.counted == Counted::Network {
                store::throttle::give_back(&tx, &key.text, *tally, now.at).await?;
            } else {
                store::throttle::clear(&tx, &key.text).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// Nothing was checked after all: the try is given back.
    ///
    /// # Errors
    /// [`CommandError::Store`] if the database refuses.
    pub async fn was_not_made(self, cx: &Cx) -> Result<(), CommandError> {
        let now = cx.now();
        let tx = cx.store.begin().await?;
        for (key, tally) in &self.keys {
            store::throttle::give_back(&tx, &key.text, *tally, now.at).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The answer was wrong: the try stays counted, and the log has it.
    pub fn was_wrong(self, person: Option<PersonId>) {
        let keys: Vec<&str> = self.keys.iter().map(|(key, _)| key.short()).collect();
        tracing::warn!(?keys, person = person.map(|p| p.0), reason = "wrong", "not let in");
    }
}

/// A try at a person's password: when signing in, and when somebody signed in shows that it is they. `person` is whose
/// address `email` is, if it is anybody's.
///
/// # Errors
/// [`CommandError::Wait`] where nothing may be checked yet.
pub async fn password(
    cx: &Cx,
    email: &str,
    person: Option<PersonId>,
    client: &Client,
) -> Result<Try, CommandError> {
    let keys = match known(cx, person, client).await? {
        Some(browser) => vec![Key::new(Counted::Browser, &browser)],
        None => {
            let mut keys = vec![Key::new(Counted::Account, &folded(email))];
            keys.extend(client.address.map(|a| Key::new(Counted::Network, &network(a))));
            keys
        }
    };
    take(cx, keys).await
}

/// A try at the code of a person's second factor. (Recovery codes are too long to be guessed: do not ask this for them, and
/// nobody who knows the password alone can keep the owner out.)
///
/// # Errors
/// [`CommandError::Wait`] where nothing may be checked yet.
pub async fn code(cx: &Cx, person: PersonId, client: &Client) -> Result<Try, CommandError> {
    let key = match known(cx, Some(person), client).await? {
        Some(browser) => Key::new(Counted::BrowserCode, &browser),
        None => Key::new(Counted::Code, &person.to_string()),
    };
    take(cx, vec![key]).await
}

/// Whether a link that somebody asks for is sent, if there is an account. False: one has been sent not long ago, and the
/// page says the same as if one were sent now. Ask it for every address, whether anybody has it or not.
///
/// # Errors
/// [`CommandError::Wait`] where too many were asked for from this network address.
pub async fn mail(
    cx: &Cx,
    email: &str,
    person: Option<PersonId>,
    purpose: Purpose,
    client: &Client,
) -> Result<bool, CommandError> {
    let browser = known(cx, person, client).await?;
    if let (None, Some(address)) = (&browser, client.address) {
        take(cx, vec![Key::new(Counted::NetworkMail, &network(address))]).await?.stays();
    }
    let whose = browser.clone().unwrap_or_else(|| folded(email));
    let counted = if browser.is_some() { Counted::BrowserMail } else { Counted::Mail };
    match take(cx, vec![Key::new(counted, &format!("{} {whose}", purpose.code()))]).await {
        Ok(sent) => {
            sent.stays();
            Ok(true)
        }
        Err(CommandError::Wait { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

impl Try {
    /// It counts, right or not.
    fn stays(self) {}
}

/// Notes that somebody has signed in in this browser, by the token of their session, and gives the token that the browser
/// keeps: the one it has, if that is one of ours, else a new one. None where nobody is signed in yet, because the second
/// factor is still to come, or where nothing was shown, as in the demonstration.
///
/// # Errors
/// [`CommandError::Store`] if the database refuses.
pub async fn remember(cx: &Cx, session: &str, known: Option<&str>) -> Result<Option<String>, CommandError> {
    let now = cx.now();
    let Some(begun) = store::session::begun(&cx.store, &secret::fingerprint(session)).await? else {
        return Ok(None);
    };
    if begun.awaits_second_factor || begun.way == Way::Demonstration {
        return Ok(None);
    }
    let tx = cx.store.begin().await?;
    // A token that we did not make could be one that somebody else knows.
    let token = match known {
        Some(token) if store::browser::is_ours(&tx, &secret::fingerprint(token)).await? => token.to_owned(),
        _ => secret::token().map_err(super::session::broken)?,
    };
    store::browser::remember(&tx, &secret::fingerprint(&token), begun.person, now.at).await?;
    tx.commit().await?;
    Ok(Some(token))
}

/// The browser and the person in one, where the person has signed in with it before.
async fn known(cx: &Cx, person: Option<PersonId>, client: &Client) -> Result<Option<String>, CommandError> {
    let Some(token) = &client.known else { return Ok(None) };
    let hash = secret::fingerprint(token);
    let holds = TimeDelta::days(cx.installation().retention.sign_in_days.into());
    let known = store::browser::is_known(&cx.store, &hash, person, cx.now().at - holds).await?;
    Ok(person.filter(|_| known).map(|person| format!("{hash} {person}")))
}

/// Counts a try under every key, or under none.
async fn take(cx: &Cx, keys: Vec<Key>) -> Result<Try, CommandError> {
    let now = cx.now();
    let texts: Vec<&str> = keys.iter().map(|k| k.text.as_str()).collect();
    // Who has to wait is told so without a transaction: a flood of tries must not keep others from writing.
    let before = store::throttle::tallies(&cx.store, &texts).await?;
    let waits =
        keys.iter().filter_map(|k| Some((k, before.get(&k.text)?))).find(|(_, t)| t.wait_until > now.at);
    if let Some((key, tally)) = waits {
        return Err(wait(key, tally.wait_until, now.at));
    }
    let tx = cx.store.begin().await?;
    let taken = take_within(&tx, keys, now.at).await?;
    tx.commit().await?;
    Ok(taken)
}

async fn take_within(tx: &Tx, keys: Vec<Key>, now: DateTime<Utc>) -> Result<Try, CommandError> {
    let texts: Vec<&str> = keys.iter().map(|k| k.text.as_str()).collect();
    let before = store::throttle::tallies(tx, &texts).await?;
    let mut counted = Vec::with_capacity(keys.len());
    for key in keys {
        let tally = Tally::with_try(key.counted, before.get(&key.text).copied(), now)
            .map_err(|until| wait(&key, until, now))?;
        store::throttle::put(tx, &key.text, tally).await?;
        counted.push((key, tally));
    }
    Ok(Try { keys: counted })
}

fn wait(key: &Key, until: DateTime<Utc>, now: DateTime<Utc>) -> CommandError {
    // Begun seconds count: who comes back then is let in.
    let seconds = u64::try_from((until - now).num_milliseconds()).unwrap_or_default().div_ceil(1000);
    tracing::warn!(key = key.short(), seconds, reason = "waiting", "not let in");
    CommandError::Wait { until, seconds }
}

/// An address as accounts keep theirs.
fn folded(email: &str) -> String {
    email.trim().to_lowercase()
}

/// A network address as it is counted. Of IPv6 a household or an office has a whole /64, so its last half says nothing.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_network_counts_as_one_and_a_mapped_address_as_its_own() {
        for (address, counted) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ] {
            assert_eq!(network(address.parse().unwrap()), counted);
        }
    }

    #[test]
    fn a_key_holds_no_address() {
        let key = Key::new(Counted::Account, &folded(" Somebody@Example.ORG "));
        assert_eq!(key, Key::new(Counted::Account, "somebody@example.org"));
        assert!(!key.text.contains("example"), "{}", key.text);
        assert_eq!(key.short().len(), "account ".len() + 8);
        assert_ne!(key.text[8..], Key::new(Counted::Browser, "somebody@example.org").text[8..]);
    }
}
