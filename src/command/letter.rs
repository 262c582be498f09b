//! Puts an account mail into the outbox, written out, in the transaction of its cause.
//!
//! Whoever queues one rings the bell once the transaction holds; what it says is [`crate::mail::account`]'s.

use super::{CommandError, Cx, Now, outbox::bytes, reminder::message_id};
use crate::{
    domain::{id::PersonId, message::MessageKind},
    mail::{
        account::{self, About, Letter},
        message::{Mailbox, Outgoing},
    },
    store::{self, Tx, outbox::NewMessage},
};

/// To whom an account mail goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct To<'a> {
    pub(super) person: PersonId,
    pub(super) name: &'a str,
    /// Theirs, or the one that they are about to leave or take.
    pub(super) address: &'a str,
}

/// What holds a mail back.
#[derive(Clone, Copy, Debug)]
pub(super) enum Only<'a> {
    /// It carries this link, by its row: without the link it is not sent.
    With(i64),
    /// At most one under this key.
    Once(&'a str),
    /// Nothing.
    Always,
}

/// Queues an account mail. False: there was one under its key, and nothing was queued.
///
/// # Errors
/// [`CommandError::Refused`] on the field `email` where the address is none that mail can be sent to.
pub(super) async fn queue(
    cx: &Cx,
    tx: &Tx,
    to: To<'_>,
    about: About<'_>,
    only: Only<'_>,
    now: Now,
) -> Result<bool, CommandError> {
    let installation = cx.installation();
    let panels = installation.words.say("{panels}");
    let letter =
        Letter { council: &installation.council, panels: &panels, name: to.name, address: to.address, about };
    let message_id = message_id(cx)?;
    let outgoing = Outgoing {
        from: cx.sender.clone(),
        to: Mailbox { name: to.name.to_owned(), address: to.address.to_owned() },
        reply_to: Vec::new(),
        subject: account::subject(&letter),
        plain: account::plain(&letter),
        html: account::html(&letter),
        message_id: format!("<{message_id}>"),
        date: cx.clock.date_of_mail(),
        references: Vec::new(),
        list: None,
        unsubscribe: None,
        copied: Vec::new(),
    };
    let mime = bytes(&outgoing).map_err(|why| {
        tracing::warn!(person = to.person.0, "an account mail can’t be made: {why}");
        CommandError::refused("email", "Mail can’t be sent to this address: check it")
    })?;
    let (link, key) = match only {
        Only::With(link) => (Some(link), format!("account {message_id}")),
        Only::Once(key) => (None, key.to_owned()),
        Only::Always => (None, format!("account {message_id}")),
    };
    let new = NewMessage {
        unique_key: &key,
        kind: MessageKind::Account,
        office_day: now.today,
        person: Some(to.person),
        link,
        to_name: to.name,
        to_address: to.address,
        message_id: &message_id,
        rendered: Some((&outgoing.subject, &mime)),
    };
    Ok(store::outbox::queue(tx, &new, &[], now.at).await?.is_some())
}

/// Queues word of what has happened to somebody's account. That no mail can go to their address stands in nobody's way: it
/// may be why it was changed.
pub(super) async fn tell(
    cx: &Cx,
    tx: &Tx,
    to: To<'_>,
    about: About<'_>,
    now: Now,
) -> Result<(), CommandError> {
    match queue(cx, tx, to, about, Only::Always, now).await {
        Ok(_) | Err(CommandError::Refused { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}
