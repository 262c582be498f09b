//! How a message is sent, as rows: which still needs its text, the claim, and how it ended, whatever there is to either.
//!
//! A claim is never a lock held across SMTP: whoever's update changed the row has it until the lease runs out. Only one
//! transaction writes at a time, so what was read in it still holds when it is written.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    outbox::{self, Column},
    outbox_text,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use super::{Message, message_of, messages, text, turn::waiting, unwritten};
use crate::{
    domain::message::{MessageKind, MessageState},
    store::{Source as _, StoreError, Tx, action::Saved},
};

/// How long the facts hold from which a message was written: one that was not tried by then is written anew.
pub const FRESH: TimeDelta = TimeDelta::minutes(5);

/// Whether a message has to be written before it can be sent.
pub fn has_to_be_written(message: &Message, now: DateTime<Utc>) -> bool {
    message.mime.is_none() || message.prepared_at.is_some_and(|at| at + FRESH <= now)
}

/// Which of the messages that have to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Batch {
    /// The next, at most so many.
    Next(u64),
    /// This one, if it still has to be.
    One(i64),
}

/// The next messages that are due and have to be written, in the order in which they are sent; or one of them.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn to_be_written(
    tx: &Tx,
    kinds: &[MessageKind],
    now: DateTime<Utc>,
    which: Batch,
) -> Result<Vec<Message>, StoreError> {
    let written_long_ago = Column::PreparedAt.lte(now - FRESH);
    let (most, one) = match which {
        Batch::Next(most) => (most, Condition::all()),
        Batch::One(id) => (1, Condition::all().add(Column::Id.eq(id))),
    };
    let rows = messages()
        .filter(waiting(&kinds.iter().collect::<Vec<_>>(), now))
        .filter(one)
        .filter(Condition::any().add(outbox_text::Column::Id.is_null()).add(written_long_ago))
        .order_by_asc(Column::Kind.eq(MessageKind::Reminder.code()))
        .order_by_asc(Column::NextAttemptAt)
        .order_by_asc(Column::Id)
        .limit(most)
        .all(tx.on())
        .await?;
    rows.into_iter().map(message_of).collect()
}

/// Keeps the bytes of a message, so that every retry is the same.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn keep_written(
    tx: &Tx,
    id: i64,
    subject: &str,
    mime: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    text::keep(tx, id, mime).await?;
    outbox::Entity::update_many()
        .set(outbox::ActiveModel {
            subject: Set(Some(subject.to_owned())),
            prepared_at: Set(Some(now)),
            ..Default::default()
        })
        .filter(Column::Id.eq(id))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Sends a message to another address; without bytes it is to be written anew.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn readdress(
    tx: &Tx,
    id: i64,
    name: &str,
    address: &str,
    mime: Option<&str>,
) -> Result<(), StoreError> {
    let mut row = outbox::ActiveModel {
        to_name: Set(name.to_owned()),
        to_address: Set(address.to_owned()),
        ..Default::default()
    };
    match mime {
        Some(mime) => text::keep(tx, id, mime).await?,
        None => {
            text::take_out(tx, id).await?;
            row.prepared_at = Set(None);
        }
    }
    outbox::Entity::update_many().set(row).filter(Column::Id.eq(id)).exec(tx.on()).await?;
    Ok(())
}

/// Puts a message back among those that wait: its sender stopped before it had anything to send.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn let_go(tx: &Tx, id: i64) -> Result<(), StoreError> {
    outbox::Entity::update_many()
        .set(outbox::ActiveModel {
            state: Set(MessageState::Queued.code().to_owned()),
            claim: Set(None),
            lease_until: Set(None),
            ..Default::default()
        })
        .filter(Column::Id.eq(id))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Claims messages for the wire until the lease runs out.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn claim(
    tx: &Tx,
    messages: impl Iterator<Item = &mut Message>,
    claimant: &str,
    lease_until: DateTime<Utc>,
) -> Result<(), StoreError> {
    let state = MessageState::Sending;
    let claimed = messages.map(|message| {
        message.state = state;
        message.attempts += 1;
        message.id
    });
    let claimed: Vec<i64> = claimed.collect();
    if claimed.is_empty() {
        return Ok(());
    }
    outbox::Entity::update_many()
        .set(outbox::ActiveModel {
            state: Set(state.code().to_owned()),
            claim: Set(Some(claimant.to_owned())),
            lease_until: Set(Some(lease_until)),
            prepared_at: Set(None),
            ..Default::default()
        })
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        // Its sender stopped in mid-send.
        .col_expr(Column::Uncertain, Expr::col(Column::Uncertain).or(Column::State.eq(state.code())))
        .filter(Column::Id.is_in(claimed))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it; its answer.
    Handed(String),
    /// Not sent, and that is right.
    NotSent(String),
    /// Try again at that time: it was refused for now, or can't be written.
    Again {
        /// When.
        at: DateTime<Utc>,
        /// What the server said.
        note: String,
        /// The server may have it.
        uncertain: bool,
    },
    /// Nothing goes out at all, which says nothing about this message: it waits as before.
    Held {
        /// What is in the way.
        note: String,
        /// It never came to the server: it is to be written anew from the facts of the day on which it does.
        anew: bool,
    },
    /// Given up.
    Failed(String),
}

/// Records how an attempt ended, if the claim still holds. Stale: the lease ran out and somebody else has it. Where a message
/// is done with, `forget` takes its bytes out: they hold a token.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn finish(
    tx: &Tx,
    message: &Message,
    claimant: &str,
    outcome: &Outcome,
    forget: bool,
    now: DateTime<Utc>,
) -> Result<Saved, StoreError> {
    let mut row = ended(outcome, now);
    match outcome {
        Outcome::Held { .. } => row.attempts = Set(message.attempts - 1),
        Outcome::Again { .. } if message.first_refused_at.is_none() => row.first_refused_at = Set(Some(now)),
        _ => {}
    }
    let done = outbox::Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(message.id))
        .filter(Column::Claim.eq(claimant))
        .exec(tx.on())
        .await?;
    let saved = Saved::from_rows(done.rows_affected);
    if saved == Saved::Yes && takes_text(outcome, forget) {
        text::take_out(tx, message.id).await?;
    }
    Ok(saved)
}

/// Records what becomes of a message that was read in this transaction and is not claimed.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn conclude(
    tx: &Tx,
    message: &Message,
    outcome: &Outcome,
    forget: bool,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut update = outbox::Entity::update_many().set(ended(outcome, now)).filter(Column::Id.eq(message.id));
    if matches!(outcome, Outcome::Again { .. }) {
        update = update.col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1));
    }
    update.exec(tx.on()).await?;
    if takes_text(outcome, forget) {
        text::take_out(tx, message.id).await?;
    }
    Ok(())
}

fn ended(outcome: &Outcome, now: DateTime<Utc>) -> outbox::ActiveModel {
    let mut row = outbox::ActiveModel { claim: Set(None), lease_until: Set(None), ..Default::default() };
    let (state, note) = match outcome {
        Outcome::Handed(reply) => {
            row.handed_at = Set(Some(now));
            (MessageState::Handed, reply)
        }
        Outcome::NotSent(why) => (MessageState::NotSent, why),
        Outcome::Again { at, note, uncertain } => {
            row.next_attempt_at = Set(*at);
            if *uncertain {
                row.uncertain = Set(true);
            }
            (MessageState::Queued, note)
        }
        Outcome::Held { note, anew } => {
            if *anew {
                row = outbox::ActiveModel { claim: row.claim, lease_until: row.lease_until, ..unwritten() };
            }
            (MessageState::Queued, note)
        }
        Outcome::Failed(why) => (MessageState::Failed, why),
    };
    row.state = Set(state.code().to_owned());
    row.note = Set(Some(note.clone()));
    row
}

/// Whether the bytes go once an attempt has ended so.
fn takes_text(outcome: &Outcome, forget: bool) -> bool {
    match outcome {
        Outcome::Held { anew, .. } => *anew,
        Outcome::Again { .. } => false,
        Outcome::Handed(_) | Outcome::NotSent(_) | Outcome::Failed(_) => forget,
    }
}
