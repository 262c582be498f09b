//! How a message is sent, as rows: which comes next, the claim, and how it ended.
//!
//! A claim is never a lock held across SMTP: whoever's update changed the row has it until the lease runs out. Only one
//! transaction writes at a time, so what was read in it still holds when it is written.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    outbox::{self, Column},
    outbox_text, person,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{CaseStatement, Expr, ExprTrait},
};

use super::{Message, message_of, message_with, messages, text, unwritten};
use crate::{
    domain::message::{MessageKind, MessageState},
    store::{Source as _, StoreError, Tx, action::Saved, person::Addressee},
};

/// How long the facts hold from which a message was written: one that was not tried by then is written anew.
pub const FRESH: TimeDelta = TimeDelta::minutes(5);

/// A message whose turn it is, and to whom it is addressed, as they are now; none: nobody with an account.
pub type Turn = (Message, Option<Addressee>);

/// The identifiers of the next messages that are due, in the order in which they are sent: first those whose sender stopped in
/// mid-send and whose lease has run out, then what is not a reminder, for somebody waits for it.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn upcoming(
    tx: &Tx,
    kinds: &[MessageKind],
    most: usize,
    now: DateTime<Utc>,
) -> Result<Vec<i64>, StoreError> {
    let all: Vec<_> = kinds.iter().collect();
    let (last, first): (Vec<_>, Vec<_>) = kinds.iter().partition(|kind| **kind == MessageKind::Reminder);
    let mut upcoming = Vec::new();
    for which in [left_behind(&all, now), waiting(&first, now), waiting(&last, now)] {
        let rows: Vec<i64> = outbox::Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(which)
            .order_by_asc(Column::NextAttemptAt)
            .order_by_asc(Column::Id)
            .limit(u64::try_from(most - upcoming.len()).unwrap_or(u64::MAX))
            .into_tuple()
            .all(tx.on())
            .await?;
        upcoming.extend(rows);
    }
    Ok(upcoming)
}

/// Those of some messages whose turn it still is, in their order. Of one whose sender stopped in mid-send nobody knows whether
/// the server has it: it comes with [`Message::uncertain`] set.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn turns(
    tx: &Tx,
    ids: &[i64],
    kinds: &[MessageKind],
    now: DateTime<Utc>,
) -> Result<Vec<Turn>, StoreError> {
    let kinds: Vec<_> = kinds.iter().collect();
    let rows = outbox::Entity::find()
        .left_join(outbox_text::Entity)
        .left_join(person::Entity)
        .column_as(outbox_text::Column::Mime, "mime")
        .column_as(person::Column::Name, "reader_name")
        .column_as(person::Column::Email, "reader_email")
        .column_as(person::Column::Active, "reader_active")
        .column_as(person::Column::AddressRefusedOn, "reader_refused_on")
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Condition::any().add(waiting(&kinds, now)).add(left_behind(&kinds, now)))
        .into_model::<Row>()
        .all(tx.on())
        .await?;
    let mut turns = rows.into_iter().map(Row::turn).collect::<Result<Vec<Turn>, _>>()?;
    turns.sort_by_key(|(message, _)| ids.iter().position(|id| *id == message.id));
    Ok(turns)
}

/// A message with its bytes and its reader: one statement, for it is made for each that goes out.
#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    message: outbox::Model,
    mime: Option<String>,
    reader_name: Option<String>,
    reader_email: Option<String>,
    reader_active: Option<bool>,
    reader_refused_on: Option<NaiveDate>,
}

impl Row {
    fn turn(self) -> Result<Turn, StoreError> {
        let mut message = message_with(self.message, self.mime)?;
        message.uncertain |= message.state == MessageState::Sending;
        let to = match (self.reader_name, self.reader_email, self.reader_active) {
            (Some(name), Some(email), Some(active)) => {
                Some(Addressee { name, email, active, refused: self.reader_refused_on.is_some() })
            }
            _ => None,
        };
        Ok((message, to))
    }
}

fn left_behind(kinds: &[&MessageKind], now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(Column::State.eq(MessageState::Sending.code()))
        .add(Column::Kind.is_in(kinds.iter().map(|kind| kind.code())))
        .add(Column::LeaseUntil.lte(now))
}

fn waiting(kinds: &[&MessageKind], now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(Column::State.eq(MessageState::Queued.code()))
        .add(Column::Kind.is_in(kinds.iter().map(|kind| kind.code())))
        .add(Column::NextAttemptAt.lte(now))
}

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
    match mime {
        Some(mime) => text::keep(tx, id, mime).await?,
        None => text::take_out(tx, id).await?,
    }
    outbox::Entity::update_many()
        .set(outbox::ActiveModel {
            to_name: Set(name.to_owned()),
            to_address: Set(address.to_owned()),
            ..Default::default()
        })
        .filter(Column::Id.eq(id))
        .exec(tx.on())
        .await?;
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

/// Records that the server took some messages, each with its answer, in one statement: it is made for nearly all that go out.
/// Gives of how many the claims still held.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn finish_handed(tx: &Tx, handed: &[Handed<'_>], now: DateTime<Utc>) -> Result<usize, StoreError> {
    if handed.is_empty() {
        return Ok(0);
    }
    let notes = handed.iter().fold(CaseStatement::new(), |notes, one| {
        notes.case(Column::Id.eq(one.message.id), Expr::val(one.reply))
    });
    let done = outbox::Entity::update_many()
        .set(outbox::ActiveModel {
            claim: Set(None),
            lease_until: Set(None),
            state: Set(MessageState::Handed.code().to_owned()),
            handed_at: Set(Some(now)),
            ..Default::default()
        })
        .col_expr(Column::Note, notes.into())
        .filter(Column::Id.is_in(handed.iter().map(|one| one.message.id)))
        .filter(Column::Claim.is_in(handed.iter().map(|one| one.claimant).collect::<BTreeSet<_>>()))
        .exec(tx.on())
        .await?;
    Ok(usize::try_from(done.rows_affected).unwrap_or(usize::MAX))
}

/// A message that the server took, whose bytes may stay.
#[derive(Clone, Copy, Debug)]
pub struct Handed<'a> {
    /// Which.
    pub message: &'a Message,
    /// Whose claim it was.
    pub claimant: &'a str,
    /// What the server answered.
    pub reply: &'a str,
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
