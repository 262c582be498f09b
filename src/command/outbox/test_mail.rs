//! A test mail: written, queued and sent at once, and what the server answered.

use super::{Step, bytes, send_next};
use crate::{
    command::{CommandError, Cx, reminder},
    domain::message::{MessageKind, MessageState},
    mail::{
        message::{Mailbox, Outgoing, reserved_example_domain},
        test_mail,
        transport::{Session, Transport},
    },
    store::{self, outbox::NewMessage},
};

/// Sends a test mail at once, and says what the server answered.
///
/// # Errors
/// [`CommandError::Refused`] in words where it can't be sent: with the field of the address only where it is for this one.
pub async fn send_test(cx: &Cx, transport: &Transport, to: &str) -> Result<String, CommandError> {
    let refuse = |why: String| CommandError::refused("address", why);
    if reserved_example_domain(to) && !matches!(transport, Transport::Kept) {
        return Err(refuse(format!("{to} is an example address: nothing can be sent there")));
    }
    let now = cx.now();
    let message_id = reminder::message_id(cx)?;
    let here = cx.links.full("/");
    let outgoing = Outgoing {
        from: cx.sender.clone(),
        to: Mailbox { name: String::new(), address: to.to_owned() },
        reply_to: Vec::new(),
        subject: test_mail::SUBJECT.to_owned(),
        html: test_mail::html(&here),
        plain: test_mail::plain(&here),
        message_id: format!("<{message_id}>"),
        date: cx.clock.date_of_mail(),
        references: Vec::new(),
        list: None,
        unsubscribe: None,
        copied: Vec::new(),
    };
    let mime = bytes(&outgoing).map_err(refuse)?;
    let tx = cx.store.begin().await?;
    let key = format!("test {message_id}");
    let new = NewMessage {
        unique_key: &key,
        kind: MessageKind::Test,
        office_day: now.today,
        person: None,
        link: None,
        to_name: "",
        to_address: to,
        message_id: &message_id,
        rendered: Some((&outgoing.subject, &mime)),
    };
    let id = store::outbox::queue(&tx, &new, &[], now.at).await?.ok_or(CommandError::Stale)?;
    tx.commit().await?;
    let mut session = Session::default();
    loop {
        let step = send_next(cx, transport, &mut session, &[MessageKind::Test]).await?;
        let message = store::outbox::by_id(&cx.store, id).await?.ok_or(CommandError::NotFound)?;
        let note = message.note.unwrap_or_default();
        match message.state {
            MessageState::Handed => {
                session.close().await;
                return Ok(note);
            }
            MessageState::Sending if step == Step::Idle => {
                session.close().await;
                let words = "The worker is sending it just now: look at the mail log";
                return Err(CommandError::refused("", words));
            }
            MessageState::Sending => {}
            _ if step == Step::Done && note.is_empty() => {}
            _ => {
                session.close().await;
                // Whoever asked has the answer: it must not block the next test, nor go out by surprise later.
                let tx = cx.store.begin().await?;
                store::outbox::withdraw_tests(&tx, "a test mail that was not taken").await?;
                tx.commit().await?;
                // Without a note it was not its turn: the server did not take one that has waited longer.
                let waits = || "a test mail that has waited longer was not taken either".to_owned();
                let note = if note.is_empty() { waits() } else { note };
                if message.state == MessageState::Failed {
                    return Err(refuse(format!("The mail server refused a mail to {to}: {note}")));
                }
                let pause = store::outbox::pause::get(&cx.store).await?;
                let what = pause.map_or("The mail server did not take it for now", |pause| pause.by.words());
                return Err(CommandError::refused("", format!("{what}: {note}")));
            }
        }
    }
}
