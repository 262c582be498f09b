//! What is asked of a message each time before it goes out: whether its reader still is here, and where they are reached.

use crate::{
    command::{CommandError, Now},
    domain::message::{MessageKind, MessageState, holds_round_link},
    mail::message::{Mailbox, readdressed, reserved_example_domain},
    store::{
        self, StoreError, Tx,
        outbox::{
            Message,
            sending::{self, has_to_be_written},
            turn::Turn,
        },
        person::Addressee,
    },
};

/// What becomes of a message whose turn it is.
pub(super) enum Checked {
    /// It goes out with these bytes.
    Send(String),
    /// It has to be written first.
    Write,
    /// It is not to be sent, and why.
    Not(String),
}

/// Whether a message can go out as it was read: it was written a moment ago and never tried, nothing has to be looked up or
/// forgotten for it, and its reader is reached where it goes. What of that can change is asked again by its claim.
pub(super) fn goes_as_it_is(turn: &Turn, stays_here: bool, now: Now) -> bool {
    let message = &turn.message;
    message.state == MessageState::Queued
        && message.link.is_none()
        && !message.kind.is_own()
        && message.prepared_at.is_some()
        && !has_to_be_written(message, now.at)
        && turn.to.as_ref().is_some_and(|to| to.active && !to.refused && to.email == message.to_address)
        && (stays_here || !has_token(message) && !reserved_example_domain(&message.to_address))
}

/// Whether a message's bytes must not stay once it is done with: they hold a token.
pub(super) fn has_token(message: &Message) -> bool {
    message.kind == MessageKind::Account || message.mime.as_deref().is_some_and(holds_round_link)
}

/// Asks everything of a message that is written.
pub(super) async fn check(
    tx: &Tx,
    message: &mut Message,
    to: Option<Addressee>,
    stays_here: bool,
    now: Now,
) -> Result<Checked, CommandError> {
    if let Some(why) = addressee(tx, message, to).await? {
        return Ok(Checked::Not(why));
    }
    if message.mime.is_some()
        && let Some(link) = message.link
        && !store::link::is_live(tx, link, now.at).await?
    {
        return Ok(Checked::Not("not sent: its link has expired, was used, or was made void".to_owned()));
    }
    if !stays_here && reserved_example_domain(&message.to_address) {
        return Ok(Checked::Not("not sent: example address".to_owned()));
    }
    Ok(message.mime.take().map_or(Checked::Write, Checked::Send))
}

/// Looks where the reader is now: another address than it was queued for is put in. Why nothing is to go there, if so.
pub(super) async fn addressee(
    tx: &Tx,
    message: &mut Message,
    to: Option<Addressee>,
) -> Result<Option<String>, StoreError> {
    if message.person.is_none() {
        return Ok(None);
    }
    const GONE: &str = "not sent: this account is deactivated";
    let Some(person) = to else { return Ok(Some(GONE.to_owned())) };
    let is_own = message.kind.is_own();
    let why = match person {
        Addressee { active: false, .. } => Some(GONE),
        Addressee { refused: true, .. } if !is_own => Some("not sent: the mail server refuses this address"),
        _ => None,
    };
    if let Some(why) = why {
        // It has reached nobody: what it was about is told to whoever is asked instead.
        if !is_own {
            store::outbox::about::keep_plans(tx, message.id).await?;
            store::outbox::take_back_causes(tx, &[message.id]).await?;
        }
        return Ok(Some(why.to_owned()));
    }
    if is_own {
        return Ok(None);
    }
    if person.email != message.to_address {
        // For an address that they have left: it goes where they are. What can be written from the facts of today is.
        let mime = match &message.mime {
            Some(kept) if !message.kind.is_written_late() => {
                let to = Mailbox { name: person.name.clone(), address: person.email.clone() };
                match readdressed(kept, &to) {
                    Ok(mime) => Some(mime),
                    Err(why) => return Ok(Some(why.to_string())),
                }
            }
            _ => None,
        };
        sending::readdress(tx, message.id, &person.name, &person.email, mime.as_deref()).await?;
        (message.to_name, message.to_address, message.mime) = (person.name, person.email, mime);
    }
    Ok(None)
}
