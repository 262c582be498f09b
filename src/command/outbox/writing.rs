//! Writing what is queued without its text: some messages at a time, from the facts of the moment, shortly before they go out.

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

use super::{attempt::aside, checking};
use crate::{
    command::{
        CommandError, Cx, Now, asking, preference,
        reminder::{self, Rendered, Unwritten},
    },
    domain::message::MessageKind,
    mail::message::{Mailbox, Outgoing, build},
    store::{
        self, Tx,
        outbox::{
            Message,
            sending::{Batch, Outcome, conclude, keep_written, to_be_written},
        },
    },
};

/// Writes the next messages that are due, at most so many, and says how many there were: afterwards each is written, or was
/// found not to be sent, or is put aside. Sending does it when a message's turn comes.
///
/// # Errors
/// [`CommandError::Store`] if the database does not answer.
pub async fn write_next(cx: &Cx, kinds: &[MessageKind], most: u64) -> Result<usize, CommandError> {
    let next = Batch::Next(most);
    if let Ok(written) = write(cx, kinds, next).await {
        return Ok(written);
    }
    // One that can't be made must not keep the others back.
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let batch = to_be_written(&tx, kinds, now.at, next).await?;
    tx.commit().await?;
    for message in &batch {
        if let Err(error) = write(cx, kinds, Batch::One(message.id)).await {
            tracing::error!(message = message.id, error = %error, "a message can’t be made");
            let tx = cx.store.begin().await?;
            for message in to_be_written(&tx, kinds, now.at, Batch::One(message.id)).await? {
                conclude(&tx, &message, &aside(&message, &error, now), false, now.at).await?;
            }
            tx.commit().await?;
        }
    }
    Ok(batch.len())
}

/// Writes some messages in a transaction. A panic within is an error like others: the worker would meet it again and again.
async fn write(cx: &Cx, kinds: &[MessageKind], which: Batch) -> Result<usize, String> {
    let mut writing = pin!(async {
        let now = cx.now();
        let tx = cx.store.begin().await?;
        let batch = to_be_written(&tx, kinds, now.at, which).await?;
        let written = batch.len();
        write_within(cx, &tx, batch, now).await?;
        tx.commit().await?;
        Ok::<_, CommandError>(written)
    });
    let written =
        poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| writing.as_mut().poll(context))) {
            Ok(polled) => polled.map_err(|error| error.to_string()),
            Err(_) => Poll::Ready(Err("the program fell over it".to_owned())),
        });
    written.await
}

async fn write_within(cx: &Cx, tx: &Tx, batch: Vec<Message>, now: Now) -> Result<(), CommandError> {
    let mut ready = Vec::new();
    let people = store::person::addressees(tx, batch.iter().filter_map(|message| message.person)).await?;
    for mut message in batch {
        let why = match message.kind {
            MessageKind::Account => {
                Some("not sent: what it said is gone; it can be asked for again".to_owned())
            }
            _ => match message.person {
                Some(person) => checking::addressee(tx, &mut message, people.get(&person).cloned()).await?,
                None => Some("there is nothing to render it from".to_owned()),
            },
        };
        match why {
            Some(why) => not_sent(tx, &message, why, now).await?,
            None => ready.push(message),
        }
    }
    let rendered = render_all(cx, tx, &ready, now).await?;
    for (message, rendered) in ready.iter().zip(rendered) {
        let unsubscribe = match (message.kind, message.person) {
            (MessageKind::Reminder, Some(person)) => Some(preference::unsubscribe_url(cx, tx, person).await?),
            _ => None,
        };
        // Mail programs press it only where the line is safe.
        let unsubscribe = unsubscribe.filter(|url| url.starts_with("https://"));
        match rendered.and_then(|rendered| put_together(cx, message, rendered, unsubscribe)) {
            Ok((subject, mime)) => keep_written(tx, message.id, &subject, &mime, now.at).await?,
            Err(why) => not_sent(tx, message, why, now).await?,
        }
    }
    Ok(())
}

async fn not_sent(tx: &Tx, message: &Message, why: String, now: Now) -> Result<(), CommandError> {
    tracing::info!(message = message.id, "not sent: {why}");
    let forget = message.kind == MessageKind::Account;
    Ok(conclude(tx, message, &Outcome::NotSent(why), forget, now.at).await?)
}

/// What each message says, from the facts of today, in their order. `Err` within: there is nothing to send, and why.
async fn render_all(
    cx: &Cx,
    tx: &Tx,
    messages: &[Message],
    now: Now,
) -> Result<Vec<Result<Rendered, String>>, CommandError> {
    let unwritten = |message: &Message| {
        let person = message.person.filter(|_| message.kind != MessageKind::Round)?;
        Some(Unwritten { id: message.id, kind: message.kind, person })
    };
    let others: Vec<Unwritten> = messages.iter().filter_map(unwritten).collect();
    let mut others = reminder::write::all(cx, tx, &others, now).await?.into_iter();
    let mut all = Vec::with_capacity(messages.len());
    for message in messages {
        let rendered = match (message.kind, message.person) {
            (MessageKind::Round, Some(person)) => asking::render(cx, tx, message.id, person, now).await?,
            _ => others.next().unwrap_or_else(|| Err("there is nothing to render it from".to_owned())),
        };
        all.push(rendered);
    }
    Ok(all)
}

/// A rendered message's subject and bytes. `Err`: why it can't be made.
fn put_together(
    cx: &Cx,
    message: &Message,
    rendered: Rendered,
    unsubscribe: Option<String>,
) -> Result<(String, String), String> {
    let outgoing = Outgoing {
        from: cx.sender.clone(),
        to: Mailbox { name: message.to_name.clone(), address: message.to_address.clone() },
        reply_to: rendered.reply_to,
        subject: rendered.subject,
        plain: rendered.plain,
        html: rendered.html,
        message_id: format!("<{}>", message.message_id),
        date: cx.clock.date_of_mail(),
        references: message
            .person
            .map_or_else(Vec::new, |person| reminder::threads(cx, &rendered.plans, person)),
        list: Some(reminder::list(cx)),
        unsubscribe,
        copied: rendered.copied,
    };
    let mime = bytes(&outgoing)?;
    Ok((outgoing.subject, mime))
}

/// A message's bytes as text: they are ASCII. `Err`: why it can't be made.
pub(in crate::command) fn bytes(outgoing: &Outgoing) -> Result<String, String> {
    let bytes = build(outgoing).map_err(|e| e.to_string())?;
    String::from_utf8(bytes).map_err(|e| e.to_string())
}
