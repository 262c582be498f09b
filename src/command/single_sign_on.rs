//! Coming in through the council's directory: which of our people somebody is there.
//!
//! Never speaks to the directory ([`crate::single_sign_on`] does), and never makes a person: who may come in is said here,
//! not there.

use super::{
    CommandError, Cx, Event, link,
    session::{self, Client},
};
use crate::{
    domain::{
        access::{Actor, Permission, may},
        account::Way,
        id::PersonId,
    },
    secret,
    single_sign_on::Claims,
    store::{self, Tx},
};

/// Why somebody who has an account at the directory does not come in. Said in the log alone: the page tells all of them
/// the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    /// Not linked yet, and without an address that the directory has verified.
    NoVerifiedAddress,
    /// Nobody here has that address.
    Unknown,
    /// The person with that address is linked to another account at the directory: an address can be given to somebody new.
    LinkedToAnother(PersonId),
    /// Their account here is deactivated.
    Deactivated(PersonId),
}

/// Signs in whoever came back from the directory, and gives the session's token. None: this is nobody who may come in; why
/// is in the log.
///
/// A person is known by issuer and subject, which stay theirs. The first time they are known by an address that the
/// directory has verified; from then on they are linked, and nobody else comes in with that address.
///
/// # Errors
/// [`CommandError::Store`] if the database refuses.
pub async fn sign_in(cx: &Cx, claims: &Claims, client: &Client) -> Result<Option<String>, CommandError> {
    let tx = cx.store.begin().await?;
    match person(cx, &tx, claims).await? {
        Ok(person) => {
            let now = cx.now();
            link::come_in(&tx, person, now).await?;
            let token = session::begin(&tx, now, person, Way::SingleSignOn, client).await?;
            tx.commit().await?;
            Ok(Some(token))
        }
        Err(refusal) => {
            // So much of the fingerprint tells two accounts apart, and names nobody.
            let subject = secret::fingerprint(&claims.subject);
            tracing::warn!(?refusal, subject = &subject[..12], "single sign-on refused");
            Ok(None)
        }
    }
}

async fn person(cx: &Cx, tx: &Tx, claims: &Claims) -> Result<Result<PersonId, Refusal>, CommandError> {
    if let Some(known) = store::identity::holder(tx, &claims.issuer, &claims.subject).await? {
        let account = store::person::by_id(tx, known).await?;
        let is_active = account.is_some_and(|a| a.person.active);
        return Ok(if is_active { Ok(known) } else { Err(Refusal::Deactivated(known)) });
    }
    // Only ASCII: signs outside it can turn into a letter of somebody else's address in lower case.
    let Some(email) = claims.verified_email.as_deref().filter(|email| email.is_ascii()) else {
        return Ok(Err(Refusal::NoVerifiedAddress));
    };
    let Some(account) = store::person::by_email(tx, email).await? else {
        return Ok(Err(Refusal::Unknown));
    };
    let id = account.person.id;
    if !account.person.active {
        return Ok(Err(Refusal::Deactivated(id)));
    }
    if store::identity::is_linked(tx, id, &claims.issuer).await? {
        return Ok(Err(Refusal::LinkedToAnother(id)));
    }
    link_first(cx, tx, id, claims).await?;
    Ok(Ok(id))
}

async fn link_first(cx: &Cx, tx: &Tx, person: PersonId, claims: &Claims) -> Result<(), CommandError> {
    let now = cx.now();
    let actor = store::person::actor(tx, person, now.today).await?.ok_or(CommandError::NotFound)?;
    store::identity::link(tx, person, &claims.issuer, &claims.subject, now.at).await?;
    let event = Event {
        plan: None,
        action: None,
        kind: "person.linked",
        summary: format!("{} signed in with their council account for the first time", actor.name),
        detail: serde_json::json!({ "person": person.0, "directory": claims.issuer }),
    };
    super::record(tx, now, &actor, event).await?;
    Ok(())
}

/// Forgets a person's account at the directory and signs them out: at their next single sign-on they are known by their
/// address again. Says whether they had one.
///
/// # Errors
/// [`CommandError::NotFound`] where there is no such person.
pub async fn unlink(cx: &Cx, actor: &Actor, person: PersonId) -> Result<bool, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let account = store::person::by_id(&tx, person).await?.ok_or(CommandError::NotFound)?;
    may(actor, Permission::ManagePeople)?;
    if store::identity::unlink(&tx, person).await? == 0 {
        return Ok(false);
    }
    store::session::end_all(&tx, person).await?;
    let event = Event {
        plan: None,
        action: None,
        kind: "person.unlinked",
        summary: format!("{} unlinked from their council account", account.person.name),
        detail: serde_json::json!({ "person": person.0 }),
    };
    super::record(&tx, now, actor, event).await?;
    tx.commit().await?;
    Ok(true)
}
