//! The one statement with which messages move on: those that wait are on their way, those on their way are handed over.
//!
//! Nearly every message needs no more than that, so it is a transaction of its own. What it depends on it asks itself: whatever
//! has changed about a message or its reader since it was read keeps it where it is.

use chrono::{DateTime, Utc};
use entity::{
    outbox::{self, Column},
    person,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait as _,
    sea_query::{CaseStatement, Expr, ExprTrait, Query, SubQueryStatement},
};

use super::Message;
use crate::{
    domain::message::MessageState,
    store::{Store, StoreError},
};

/// What of a message changes with its bytes, as long as it was never tried: it is written anew at another moment, or goes
/// somewhere else.
const AS_READ: [Column; 3] = [Column::Id, Column::ToAddress, Column::PreparedAt];

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

/// What has moved on.
#[derive(Debug, Default)]
pub struct MovedOn {
    /// Which are recorded as taken: the claims of the others no longer held.
    pub handed: Vec<i64>,
    /// Which are claimed.
    pub claimed: Vec<i64>,
}

/// Records that the server took some messages, as far as the claims still hold, and claims others until the lease runs out. One
/// is claimed only if it was never tried, still waits as it was read, and its reader has an account and an address that takes
/// mail.
///
/// # Errors
/// [`StoreError`] if the database refuses; then nothing has happened.
pub async fn move_on(
    store: &Store,
    handed: &[Handed<'_>],
    next: &[&Message],
    claimant: &str,
    now: DateTime<Utc>,
    lease_until: DateTime<Utc>,
) -> Result<MovedOn, StoreError> {
    let sending = MessageState::Sending.code();
    let waits = || Column::State.eq(MessageState::Queued.code());
    let handed = few_lengths(handed.to_vec());
    let next = few_lengths(next.to_vec());
    let handed_ids = || handed.iter().map(|one| one.message.id);
    let as_read = next.iter().map(|message| (message.id, message.to_address.as_str(), message.prepared_at));

    let state = CaseStatement::new().case(waits(), sending).finally(MessageState::Handed.code());
    let claim = CaseStatement::new().case(waits(), claimant);
    let lease = CaseStatement::new().case(waits(), lease_until);
    let handed_at = CaseStatement::new().case(waits(), Expr::col(Column::HandedAt)).finally(now);
    let attempts = CaseStatement::new()
        .case(waits(), Expr::col(Column::Attempts).add(1))
        .finally(Expr::col(Column::Attempts));
    let was_on_its_way = Condition::all()
        .add(Column::Id.is_in(handed_ids()))
        .add(Column::Claim.is_in(handed.iter().map(|one| one.claimant)));
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
        .filter(Condition::any().add(was_on_its_way).add(may_go));
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
        if state == sending { &mut moved_on.claimed } else { &mut moved_on.handed }.push(id);
    }
    Ok(moved_on)
}

/// The last of these several times, so that there are few lengths of such lists: a statement is prepared for each.
fn few_lengths<T: Copy>(mut list: Vec<T>) -> Vec<T> {
    if let Some(last) = list.last().copied() {
        list.resize(list.len().next_power_of_two(), last);
    }
    list
}

/// Whether the reader of the message in hand is here, and still has the address to which it goes. PostgreSQL is to look at their
/// row as it is once it is locked, and not as it was when the statement began to wait for its turn.
fn reader_takes_mail() -> Expr {
    let mut reader = person::Entity::find()
        .select_only()
        .column(person::Column::Active)
        .filter(person::Column::Id.into_expr().equals((outbox::Entity, Column::PersonId)))
        .filter(person::Column::Email.into_expr().equals((outbox::Entity, Column::ToAddress)))
        .filter(person::Column::AddressRefusedOn.is_null())
        .into_query();
    reader.lock_shared();
    SubQueryStatement::from(reader).into()
}
