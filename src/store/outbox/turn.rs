//! Whose turn it is, and the one statement with which messages move on.
//!
//! Nearly every message that is sent needs nothing but to go out: what is next is read ahead, and one statement, which is a
//! transaction of its own, records those that the server took and claims as many of the next. What it claims it asks itself
//! ([`move_on`]): whatever changed since a message was read keeps it where it is.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    outbox::{self, Column},
    outbox_text, person,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait as _,
    sea_query::{CaseStatement, Expr, ExprTrait, Query, SubQueryStatement},
};

use super::{Message, message_with};
use crate::{
    domain::message::{MessageKind, MessageState},
    store::{Source, Store, StoreError, person::Addressee},
};

/// A message whose turn it is, as it was read.
#[derive(Clone, Debug)]
pub struct Turn {
    /// The message.
    pub message: Message,
    /// To whom it is addressed, as they are now; none: nobody with an account.
    pub to: Option<Addressee>,
}

/// The next messages that are due, in the order in which they are sent: first those whose sender stopped in mid-send and whose
/// lease has run out, then what is not a reminder, for somebody waits for it. Without those that are in hand.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn next(
    from: &impl Source,
    kinds: &[MessageKind],
    most: usize,
    in_hand: &[i64],
    now: DateTime<Utc>,
) -> Result<Vec<Turn>, StoreError> {
    let most = most + in_hand.len();
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
            .all(from.on())
            .await?;
        upcoming.extend(rows);
    }
    upcoming.retain(|id| !in_hand.contains(id));
    read(from, &upcoming, kinds, now).await
}

/// Those of some messages whose turn it still is, in their order. Of one whose sender stopped in mid-send nobody knows whether
/// the server has it: it comes with [`Message::uncertain`] set.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn read(
    from: &impl Source,
    ids: &[i64],
    kinds: &[MessageKind],
    now: DateTime<Utc>,
) -> Result<Vec<Turn>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
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
        .all(from.on())
        .await?;
    let mut turns = rows.into_iter().map(Row::turn).collect::<Result<Vec<Turn>, _>>()?;
    turns.sort_by_key(|turn| ids.iter().position(|id| *id == turn.message.id));
    Ok(turns)
}

/// A message with its bytes and its reader.
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
        Ok(Turn { message, to })
    }
}

fn left_behind(kinds: &[&MessageKind], now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(Column::State.eq(MessageState::Sending.code()))
        .add(Column::Kind.is_in(kinds.iter().map(|kind| kind.code())))
        .add(Column::LeaseUntil.lte(now))
}

pub(super) fn waiting(kinds: &[&MessageKind], now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(Column::State.eq(MessageState::Queued.code()))
        .add(Column::Kind.is_in(kinds.iter().map(|kind| kind.code())))
        .add(Column::NextAttemptAt.lte(now))
}

/// A message that the server took, whose bytes may stay.
#[derive(Clone, Copy, Debug)]
pub struct Handed<'a> {
    /// Which.
    pub message: &'a Message,
    /// What the server answered.
    pub reply: &'a str,
}

/// What has moved on.
#[derive(Debug, Default)]
pub struct MovedOn {
    /// How many are recorded as taken: the claims of the others no longer held.
    pub handed: usize,
    /// Which are claimed.
    pub claimed: Vec<i64>,
}

/// Records that the server took some messages, and claims others until the lease runs out, all in one statement. A claim of
/// this claimant is that of one on its way. One is claimed only if it was never tried, still waits as it was read, and its
/// reader has an account and an address that takes mail.
///
/// # Errors
/// [`StoreError`] if the database refuses; then nothing has happened.
pub async fn move_on(
    store: &Store,
    claimant: &str,
    handed: &[Handed<'_>],
    next: &[Turn],
    now: DateTime<Utc>,
    lease_until: DateTime<Utc>,
) -> Result<MovedOn, StoreError> {
    let sending = MessageState::Sending.code();
    let waits = || Column::State.eq(MessageState::Queued.code());
    let is_sent = || Column::State.eq(sending);
    let handed = few_lengths(handed.to_vec());
    let next = few_lengths(next.iter().map(|turn| &turn.message).collect());
    let handed_ids = || handed.iter().map(|one| one.message.id);
    let as_read = next.iter().map(|message| (message.id, message.to_address.as_str(), message.prepared_at));

    let state = CaseStatement::new().case(waits(), sending).finally(MessageState::Handed.code());
    let claim = CaseStatement::new().case(waits(), claimant);
    // PostgreSQL takes the kind of the others from the column among them.
    let lease = CaseStatement::new()
        .case(waits(), lease_until)
        .case(is_sent(), Option::<DateTime<Utc>>::None)
        .finally(Expr::col(Column::LeaseUntil));
    let handed_at = CaseStatement::new().case(is_sent(), now).finally(Expr::col(Column::HandedAt));
    let attempts = CaseStatement::new()
        .case(waits(), Expr::col(Column::Attempts).add(1))
        .finally(Expr::col(Column::Attempts));
    let is_on_its_way =
        Condition::all().add(is_sent()).add(Column::Claim.eq(claimant)).add(Column::Id.is_in(handed_ids()));
    let may_go = Condition::all()
        .add(waits())
        .add(Column::NextAttemptAt.lte(now))
        .add(Expr::tuple(AS_READ.map(|column| column.into_expr())).in_tuples(as_read))
        .add(reader_takes_mail());
    let mut statement = outbox::Entity::update_many()
        .set(outbox::ActiveModel { prepared_at: Set(None), ..Default::default() })
        .col_expr(Column::State, state.into())
        .col_expr(Column::Claim, claim.into())
        .col_expr(Column::LeaseUntil, lease.into())
        .col_expr(Column::HandedAt, handed_at.into())
        .col_expr(Column::Attempts, attempts.into())
        .filter(Column::Id.is_in(handed_ids().chain(next.iter().map(|message| message.id))))
        .filter(Condition::any().add(is_on_its_way).add(may_go));
    if !handed.is_empty() {
        let notes = handed.iter().fold(CaseStatement::new(), |notes, one| {
            notes.case(Column::Id.eq(one.message.id), Expr::val(one.reply))
        });
        statement = statement.col_expr(Column::Note, notes.finally(Expr::col(Column::Note)).into());
    }
    let mut statement = statement.into_query();
    statement.returning(Query::returning().columns([Column::Id, Column::State]));
    let mut moved_on = MovedOn::default();
    for row in store.write_at_once(statement).await? {
        let (id, state): (i64, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        if state == sending {
            moved_on.claimed.push(id);
        } else {
            moved_on.handed += 1;
        }
    }
    Ok(moved_on)
}

/// What of a message changes with its bytes, as long as it was never tried: it is written anew at another moment, or goes
/// somewhere else.
const AS_READ: [Column; 3] = [Column::Id, Column::ToAddress, Column::PreparedAt];

/// Some of these twice, so that there are few lengths of such lists: a statement is prepared for each.
fn few_lengths<T: Copy>(mut list: Vec<T>) -> Vec<T> {
    if let Some(last) = list.last().copied() {
        list.resize(list.len().next_power_of_two(), last);
    }
    list
}

/// Whether the reader of the message in hand is here, and still has the address to which it goes.
fn reader_takes_mail() -> Expr {
    let reader = person::Entity::find()
        .select_only()
        .column(person::Column::Active)
        .filter(person::Column::Id.into_expr().equals((outbox::Entity, Column::PersonId)))
        .filter(person::Column::Email.into_expr().equals((outbox::Entity, Column::ToAddress)))
        .filter(person::Column::AddressRefusedOn.is_null())
        .into_query();
    SubQueryStatement::from(reader).into()
}
