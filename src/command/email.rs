//! Changing one's own address: asked for by somebody signed in, and done when both the old and the new address have said yes.
//!
//! Whether an address is somebody else's already is told to nobody but its owner: the page answers the same, and the change
//! just never gets its second yes.

use super::{
    CommandError, Cx, Event,
    account::Confirmed,
    changes,
    letter::{self, Only, To},
    link::{self, event, holder, themselves, use_up},
    session::Client,
    throttle,
};
use crate::{
    domain::{access::Actor, account::Purpose},
    link::path,
    mail::account::About,
    store::{self, link::Link, round_link::Which},
};

/// Both halves of a change.
const BOTH: [Purpose; 2] = [Purpose::OldEmail, Purpose::NewEmail];

/// Which of the two addresses speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The one that is left.
    Old,
    /// The one that is taken.
    New,
}

impl End {
    /// What its link is for.
    pub const fn purpose(self) -> Purpose {
        match self {
            Self::Old => Purpose::OldEmail,
            Self::New => Purpose::NewEmail,
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::Old => Self::New,
            Self::New => Self::Old,
        }
    }
}

/// Asks for another address: both ends are mailed. A change asked for before is void.
///
/// # Errors
/// [`CommandError::Refused`] on `email` where it is their address already, or where they keep asking: the mails go to
/// addresses of strangers.
pub async fn ask(
    cx: &Cx,
    actor: &Actor,
    _confirmed: Confirmed,
    new: &str,
    client: &Client,
) -> Result<(), CommandError> {
    let now = cx.now();
    let me = actor.person.ok_or(CommandError::NotFound)?;
    let new = new.trim().to_lowercase();
    let account = store::person::by_id(&cx.store, me).await?.ok_or(CommandError::NotFound)?;
    let (name, old) = (account.person.name.as_str(), account.person.email.as_str());
    if new == old {
        return Err(CommandError::refused("email", "This is your address already"));
    }
    if !throttle::mail(cx, old, Some(me), Purpose::NewEmail, client).await? {
        let words = "You have asked for several changes just now: wait five minutes, and ask again";
        return Err(CommandError::refused("email", words));
    }
    let tx = cx.store.begin().await?;
    store::link::revoke(&tx, me, &BOTH, now.at).await?;
    let (id, token) = link::make(&tx, me, Purpose::OldEmail, Some(&new), now).await?;
    let holds_for = Purpose::OldEmail.holds_for_words();
    let about = About::LeaveAddress { link: &cx.links.full(&path::old_email(&token)), holds_for, new: &new };
    letter::queue(cx, &tx, To { person: me, name, address: old }, about, Only::With(id), now).await?;
    match store::person::by_email(&tx, &new).await? {
        None => {
            let (id, token) = link::make(&tx, me, Purpose::NewEmail, Some(&new), now).await?;
            let about = About::TakeAddress { link: &cx.links.full(&path::new_email(&token)), holds_for };
            // Whoever reads mail there may be a stranger: they need not learn a name from a slip of the pen.
            let to = To { person: me, name: "", address: &new };
            letter::queue(cx, &tx, to, about, Only::With(id), now).await?;
        }
        Some(owner) if owner.person.active => {
            tracing::warn!(
                person = me.0,
                owner = owner.person.id.0,
                "an address was asked for that is taken"
            );
            let key = format!("account wanted person {} {}", owner.person.id, now.at.date_naive());
            let to = To { person: owner.person.id, name: &owner.person.name, address: &owner.person.email };
            letter::queue(cx, &tx, to, About::AddressWanted, Only::Once(&key), now).await?;
        }
        Some(_) => {}
    }
    event(&tx, now, actor, me, "person.address-asked", format!("{name} asked for another email address"))
        .await?;
    tx.commit().await?;
    cx.bell.ring();
    Ok(())
}

/// A change of address as the page of one end shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Whose.
    pub name: String,
    /// The address now.
    pub old: String,
    /// The address asked for.
    pub new: String,
}

/// The change that a link is about; none: the link does not hold.
///
/// # Errors
/// [`CommandError::Store`] if the database does not answer.
pub async fn change(cx: &Cx, token: &str, end: End) -> Result<Option<Change>, CommandError> {
    match holder(&cx.store, token, end.purpose(), cx.now()).await {
        Ok((link, account)) => Ok(Some(Change {
            name: account.person.name,
            old: account.person.email,
            new: link.email.unwrap_or_default(),
        })),
        Err(CommandError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What became of a yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Yes {
    /// The other address has still to say so.
    Half,
    /// The address is changed.
    Whole,
}

/// One end says yes. When both have, the address changes, and links that went to the old one are void.
///
/// # Errors
/// [`CommandError::NotFound`] where the link does not hold, or the address has become somebody else's meanwhile.
pub async fn confirm(cx: &Cx, token: &str, end: End) -> Result<Yes, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let (link, account) = holder(&tx, token, end.purpose(), now).await?;
    use_up(&tx, &link, now).await?;
    let other = store::link::counterpart(&tx, &link, end.other().purpose()).await?;
    let has_said_yes = |link: &Link| link.used_at.is_some() && link.revoked_at.is_none();
    if !other.as_ref().is_some_and(has_said_yes) {
        tx.commit().await?;
        return Ok(Yes::Half);
    }
    let (me, old) = (account.person.id, account.person.email.as_str());
    let new = link.email.as_deref().unwrap_or_default();
    match store::person::set_email(&tx, me, new).await {
        Err(error) if error.is_duplicate() => return Err(CommandError::NotFound),
        result => result?,
    }
    // What was sent to the old address must not open the account any more.
    store::link::revoke(&tx, me, &[Purpose::SignIn, Purpose::Password, Purpose::Invitation], now.at).await?;
    store::round_link::revoke(&tx, Which::Of(me), now.at).await?;
    let to = To { person: me, name: &account.person.name, address: old };
    letter::queue(cx, &tx, to, About::AddressChanged { new, by: None }, Only::Always, now).await?;
    let actor = themselves(&account);
    let summary = format!("{} changed their email address", actor.name);
    let mut detail = changes([("Email address", old.to_owned(), new.to_owned())]);
    detail["person"] = me.0.into();
    let event = Event { plan: None, action: None, kind: "person.address-changed", summary, detail };
    super::record(&tx, now, &actor, event).await?;
    tx.commit().await?;
    cx.bell.ring();
    Ok(Yes::Whole)
}

/// The old end says no: nothing changes, and neither link holds any more.
///
/// # Errors
/// [`CommandError::NotFound`] where the link does not hold.
pub async fn stop(cx: &Cx, token: &str) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let (_, account) = holder(&tx, token, Purpose::OldEmail, now).await?;
    let me = account.person.id;
    store::link::revoke(&tx, me, &BOTH, now.at).await?;
    let actor = themselves(&account);
    let summary = format!("The old email address of {} said no to a change", actor.name);
    event(&tx, now, &actor, me, "person.address-kept", summary).await?;
    tx.commit().await?;
    Ok(())
}
