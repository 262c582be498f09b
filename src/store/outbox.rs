//! The outbox: messages with their causes, and what is read of them. Which comes next is in [`turn`],
//! how one is sent in [`moving`] and, where there is more to it, in [`sending`].
//!
//! A cause is unique in the database, so two processes that queue the same day can't both succeed.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::{
    action, notice, outbox, outbox_about, outbox_cause, outbox_response_cause, outbox_round,
    outbox_round_cause, outbox_text, round_plan,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::NotSet,
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, RelationTrait, SelectTwo,
    sea_query::{ExprTrait, SelectStatement},
};

use super::{Source, StoreError, Tx, code};
use crate::domain::{
    action::State,
    id::{ActionId, PersonId, PlanId, RevisionId, RoundId},
    message::{MessageKind, MessageState},
    plan::Record,
    reminder::{Cause, Ledger, Rule},
    round::RoundState,
};

pub mod about;
pub mod log;
pub mod moving;
pub mod pause;
pub mod response;
pub mod round;
pub mod sending;
pub(super) mod text;
pub mod turn;

/// A message as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Identifier.
    pub id: i64,
    /// What kind.
    pub kind: MessageKind,
    /// Where it stands.
    pub state: MessageState,
    /// The office day for which it was queued; of a digest that was refused for a while, the last on which it was to go.
    pub office_day: NaiveDate,
    /// To whom.
    pub person: Option<PersonId>,
    /// The one-time link whose token is in its bytes.
    pub link: Option<i64>,
    /// Their name then.
    pub to_name: String,
    /// Their address then.
    pub to_address: String,
    /// Without angle brackets; the same at every attempt.
    pub message_id: String,
    /// Once rendered.
    pub subject: Option<String>,
    /// The whole message as sent, once rendered; not of an account mail that is done with.
    pub mime: Option<String>,
    /// Why it was not sent, or what the server said.
    pub note: Option<String>,
    /// How often it was tried.
    pub attempts: i32,
    /// A crash or a lost line left it unknown whether the server took it.
    pub uncertain: bool,
    /// Since when its bytes wait that were never handed to a server; none: it has none, or was tried.
    pub prepared_at: Option<DateTime<Utc>>,
    /// When the server first refused it for now.
    pub first_refused_at: Option<DateTime<Utc>>,
    /// The earliest next try.
    pub next_attempt_at: DateTime<Utc>,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// When it was handed over.
    pub handed_at: Option<DateTime<Utc>>,
    /// The message that it is once more, because somebody pressed.
    pub again_of: Option<i64>,
}

/// A message to be queued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMessage<'a> {
    /// Unique for ever: "one digest per person and day" is such a key.
    pub unique_key: &'a str,
    /// What kind.
    pub kind: MessageKind,
    /// For which office day.
    pub office_day: NaiveDate,
    /// To whom, if they have an account.
    pub person: Option<PersonId>,
    /// The one-time link whose token is in its bytes: without the link it is not sent.
    pub link: Option<i64>,
    /// Their name.
    pub to_name: &'a str,
    /// Their address.
    pub to_address: &'a str,
    /// Without angle brackets.
    pub message_id: &'a str,
    /// Already rendered: subject and bytes.
    pub rendered: Option<(&'a str, &'a str)>,
}

/// Queues a message with its causes. None: its key is taken, and nothing was queued.
///
/// # Errors
/// [`StoreError`] if the database refuses; [`StoreError::is_duplicate`] where a cause was queued before.
pub async fn queue(
    tx: &Tx,
    new: &NewMessage<'_>,
    causes: &[Cause],
    now: DateTime<Utc>,
) -> Result<Option<i64>, StoreError> {
    let taken =
        outbox::Entity::find().filter(outbox::Column::UniqueKey.eq(new.unique_key)).count(tx.on()).await?;
    if taken > 0 {
        return Ok(None);
    }
    let row = outbox::ActiveModel {
        id: NotSet,
        unique_key: Set(new.unique_key.to_owned()),
        kind: Set(new.kind.code().to_owned()),
        state: Set(MessageState::Queued.code().to_owned()),
        office_day: Set(new.office_day),
        person_id: Set(new.person.map(|p| p.0)),
        link_id: Set(new.link),
        to_name: Set(new.to_name.to_owned()),
        to_address: Set(new.to_address.to_owned()),
        message_id: Set(new.message_id.to_owned()),
        subject: Set(new.rendered.map(|(subject, _)| subject.to_owned())),
        note: Set(None),
        attempts: Set(0),
        uncertain: Set(false),
        prepared_at: Set(None),
        first_refused_at: Set(None),
        next_attempt_at: Set(now),
        claim: Set(None),
        lease_until: Set(None),
        created_at: Set(now),
        handed_at: Set(None),
        again_of: Set(None),
    }
    .insert(tx.on())
    .await?;
    if let Some((_, mime)) = new.rendered {
        text::keep(tx, row.id, mime).await?;
    }
    let causes = causes.iter().map(|cause| outbox_cause::ActiveModel {
        id: NotSet,
        outbox_id: Set(row.id),
        unique_key: Set(cause.key()),
        person_id: Set(cause.person.0),
        action_id: Set(cause.action.0),
        rule: Set(cause.rule.code().to_owned()),
        revision_id: Set(cause.revision.0),
        occurrence: Set(cause.occurrence),
        office_day: Set(new.office_day),
    });
    let causes: Vec<_> = causes.collect();
    if !causes.is_empty() {
        outbox_cause::Entity::insert_many(causes).exec_without_returning(tx.on()).await?;
    }
    Ok(Some(row.id))
}

/// What was sent or is queued about the actions, the responses and the rounds of some records: all that the reminders of a day
/// need to know of the past.
///
/// # Errors
/// [`StoreError`] if the database does not answer or a row is not understood.
pub async fn ledger(from: &impl Source, records: &[Record], day: NaiveDate) -> Result<Ledger, StoreError> {
    let mut ledger = digests(from, day).await?;
    complete(from, &mut ledger, records, day).await?;
    Ok(ledger)
}

/// Adds to what [`digests`] gave the rest of the ledger of some records.
///
/// # Errors
/// [`StoreError`] if the database does not answer or a row is not understood.
pub async fn complete(
    from: &impl Source,
    ledger: &mut Ledger,
    records: &[Record],
    day: NaiveDate,
) -> Result<(), StoreError> {
    let open = records.iter().flat_map(|r| &r.actions).filter(|a| a.state_at(day) == State::Open);
    let open: Vec<i64> = open.map(|action| action.id.0).collect();
    for ids in open.chunks(MANY) {
        let rows = outbox_cause::Entity::find()
            .filter(outbox_cause::Column::ActionId.is_in(ids.iter().copied()))
            .all(from.on())
            .await?;
        for row in rows {
            let day = row.office_day;
            ledger.record(&cause_of(row)?, day);
        }
    }
    let plans: Vec<PlanId> = records.iter().map(|record| record.plan.id).collect();
    response::fill(from, ledger, &plans).await?;
    let rounds = records.iter().flat_map(|r| &r.rounds).filter(|r| r.state == RoundState::Open);
    let rounds: BTreeSet<RoundId> = rounds.map(|round| round.id).collect();
    round::fill(from, ledger, &rounds.into_iter().collect::<Vec<_>>()).await
}

/// Of a ledger, who had a digest this week and today, and whose own of a day did not go out on it.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn digests(from: &impl Source, day: NaiveDate) -> Result<Ledger, StoreError> {
    let mut ledger = Ledger::default();
    let since = day.checked_sub_days(Days::new(7)).unwrap_or(day);
    let digests: Vec<(Option<i64>, NaiveDate, String, String)> = outbox::Entity::find()
        .select_only()
        .columns([
            outbox::Column::PersonId,
            outbox::Column::OfficeDay,
            outbox::Column::State,
            outbox::Column::UniqueKey,
        ])
        .filter(digest())
        .filter(outbox::Column::OfficeDay.gte(since))
        .into_tuple()
        .all(from.on())
        .await?;
    for (person, day, state, key) in digests {
        let Some(person) = person.map(PersonId) else { continue };
        let is_sent = state != MessageState::NotSent.code();
        if is_sent {
            ledger.record_digest(person, day);
        }
        if !is_sent || key != digest_key(person, day) {
            ledger.record_missed(person, day);
        }
    }
    Ok(ledger)
}

/// The unique key of somebody's digest of an office day.
pub fn digest_key(person: PersonId, day: NaiveDate) -> String {
    format!("digest person {person} day {day}")
}

/// That a message is a digest. What somebody sent again is not of the schedule's making.
fn digest() -> Condition {
    Condition::all()
        .add(outbox::Column::Kind.eq(MessageKind::Reminder.code()))
        .add(outbox::Column::AgainOf.is_null())
}

/// So many identifiers go into one statement: both databases take more.
const MANY: usize = 10_000;

fn cause_of(row: outbox_cause::Model) -> Result<Cause, StoreError> {
    Ok(Cause {
        person: PersonId(row.person_id),
        action: ActionId(row.action_id),
        rule: code(Rule::from_code(&row.rule), "outbox_cause", row.id, &row.rule)?,
        revision: RevisionId(row.revision_id),
        occurrence: row.occurrence,
    })
}

/// The causes of a message that are about actions.
///
/// # Errors
/// [`StoreError`] if the database does not answer or a row is not understood.
pub async fn causes(from: &impl Source, message: i64) -> Result<Vec<Cause>, StoreError> {
    Ok(causes_of(from, &[message]).await?.into_iter().map(|(_, cause)| cause).collect())
}

/// The causes of some messages that are about actions, each with its message.
///
/// # Errors
/// [`StoreError`] if the database does not answer or a row is not understood.
pub async fn causes_of(from: &impl Source, messages: &[i64]) -> Result<Vec<(i64, Cause)>, StoreError> {
    let rows = outbox_cause::Entity::find()
        .filter(outbox_cause::Column::OutboxId.is_in(messages.iter().copied()))
        .order_by_asc(outbox_cause::Column::Id)
        .all(from.on())
        .await?;
    rows.into_iter().map(|row| Ok((row.outbox_id, cause_of(row)?))).collect()
}

/// Takes a cause back that no longer holds before it was ever sent, so that it can come again should it hold again.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn withdraw(tx: &Tx, cause: &Cause) -> Result<(), StoreError> {
    outbox_cause::Entity::delete_many()
        .filter(outbox_cause::Column::UniqueKey.eq(cause.key()))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Takes back the digests that were queued for earlier days and were never handed to a server: what still holds of them
/// goes into one mail of this day, and nobody gets two. What else was written and never tried is written anew. A digest that
/// was tried and still waits is this day's from now on: it goes as it is, and instead of another.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn take_back_before(tx: &Tx, day: NaiveDate) -> Result<(), StoreError> {
    let untried =
        outbox::Column::State.eq(MessageState::Queued.code()).and(outbox::Column::PreparedAt.is_not_null());
    let ids = outbox::Entity::find().select_only().column(outbox::Column::Id).filter(untried.clone());
    text::take_out_of(tx, ids.into_query()).await?;
    outbox::Entity::update_many().set(unwritten()).filter(untried).exec(tx.on()).await?;
    let left: Vec<i64> = outbox::Entity::find()
        .left_join(outbox_text::Entity)
        .select_only()
        .column(outbox::Column::Id)
        .filter(outbox::Column::Kind.eq(MessageKind::Reminder.code()))
        .filter(outbox::Column::State.eq(MessageState::Queued.code()))
        .filter(outbox_text::Column::Id.is_null())
        .filter(outbox::Column::OfficeDay.lt(day))
        .into_tuple()
        .all(tx.on())
        .await?;
    take_back_causes(tx, &left).await?;
    let note = "not sent on its day: what still holds goes into a later mail";
    outbox::Entity::update_many()
        .set(outbox::ActiveModel {
            state: Set(MessageState::NotSent.code().to_owned()),
            note: Set(Some(note.to_owned())),
            ..Default::default()
        })
        .filter(outbox::Column::Id.is_in(left))
        .exec(tx.on())
        .await?;
    outbox::Entity::update_many()
        .set(outbox::ActiveModel { office_day: Set(day), ..Default::default() })
        .filter(digest())
        .filter(
            outbox::Column::State
                .is_in([MessageState::Queued, MessageState::Sending].map(MessageState::code)),
        )
        .filter(outbox::Column::OfficeDay.lt(day))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// What makes a message one that has to be written, once its bytes are taken out.
fn unwritten() -> outbox::ActiveModel {
    outbox::ActiveModel { subject: Set(None), prepared_at: Set(None), ..Default::default() }
}

/// Takes back all causes of messages that reached nobody, so that none counts as sent: each comes again should it still hold.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn take_back_causes(tx: &Tx, messages: &[i64]) -> Result<(), StoreError> {
    outbox_cause::Entity::delete_many()
        .filter(outbox_cause::Column::OutboxId.is_in(messages.iter().copied()))
        .exec(tx.on())
        .await?;
    response::take_back(tx, messages).await?;
    round::take_back(tx, messages).await?;
    super::notice::take_out(tx, messages).await
}

/// Takes back the test mails that wait: whoever asked for one is told at once that it was not taken.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn withdraw_tests(tx: &Tx, note: &str) -> Result<(), StoreError> {
    outbox::Entity::update_many()
        .set(outbox::ActiveModel {
            state: Set(MessageState::NotSent.code().to_owned()),
            note: Set(Some(note.to_owned())),
            ..Default::default()
        })
        .filter(outbox::Column::Kind.eq(MessageKind::Test.code()))
        .filter(outbox::Column::State.eq(MessageState::Queued.code()))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Which messages somebody may read of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readable {
    /// All of them, those about accounts too.
    All,
    /// Those that have to do with an action of one of these plans, with the response to one, with a round of one, or with what
    /// was asked, decided or returned in one.
    OfPlans(Vec<PlanId>),
}

impl Readable {
    fn condition(&self) -> Condition {
        let Self::OfPlans(plans) = self else { return Condition::all() };
        // What was sent again is about what it was about at first.
        Condition::any().add(about(outbox::Column::Id, plans)).add(about(outbox::Column::AgainOf, plans))
    }
}

/// That the message in a column has to do with some plans.
fn about(message: outbox::Column, plans: &[PlanId]) -> Condition {
    let theirs = outbox_cause::Entity::find()
        .select_only()
        .column(outbox_cause::Column::OutboxId)
        .join(JoinType::InnerJoin, outbox_cause::Relation::Action.def())
        .filter(action::Column::PlanId.is_in(plans.iter().map(|plan| plan.0)));
    // The mails of a round are about all of its plans.
    let rounds = outbox_round::Entity::find()
        .select_only()
        .column(outbox_round::Column::OutboxId)
        .filter(outbox_round::Column::RoundId.in_subquery(rounds_of(plans)));
    let responses = outbox_response_cause::Entity::find()
        .select_only()
        .column(outbox_response_cause::Column::OutboxId)
        .filter(outbox_response_cause::Column::PlanId.is_in(plans.iter().map(|plan| plan.0)));
    let notices = notice::Entity::find()
        .select_only()
        .column(notice::Column::OutboxId)
        .filter(notice::Column::OutboxId.is_not_null())
        .filter(notice::Column::PlanId.is_in(plans.iter().map(|plan| plan.0)));
    let standings = outbox_round_cause::Entity::find()
        .select_only()
        .column(outbox_round_cause::Column::OutboxId)
        .filter(outbox_round_cause::Column::RoundId.in_subquery(rounds_of(plans)));
    let kept = outbox_about::Entity::find()
        .select_only()
        .column(outbox_about::Column::OutboxId)
        .filter(outbox_about::Column::PlanId.is_in(plans.iter().map(|plan| plan.0)));
    Condition::any()
        .add(message.in_subquery(kept.into_query()))
        .add(message.in_subquery(notices.into_query()))
        .add(message.in_subquery(standings.into_query()))
        .add(message.in_subquery(theirs.into_query()))
        .add(message.in_subquery(rounds.into_query()))
        .add(message.in_subquery(responses.into_query()))
}

/// The rounds of some plans.
fn rounds_of(plans: &[PlanId]) -> SelectStatement {
    round_plan::Entity::find()
        .select_only()
        .column(round_plan::Column::RoundId)
        .filter(round_plan::Column::PlanId.is_in(plans.iter().map(|plan| plan.0)))
        .into_query()
}

/// A page of the log, newest first.
///
/// # Errors
/// [`StoreError`] if the database does not answer or a row is not understood.
pub async fn list(
    from: &impl Source,
    which: &Readable,
    offset: u64,
    limit: u64,
) -> Result<Vec<Message>, StoreError> {
    log::find(from, which, &log::Wanted::default(), offset, limit).await
}

/// Those of some plans that a message has to do with.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn plans(from: &impl Source, id: i64, of: &[PlanId]) -> Result<Vec<PlanId>, StoreError> {
    let mut plans = Vec::new();
    for plan in of {
        let about = Readable::OfPlans(vec![*plan]).condition();
        if outbox::Entity::find_by_id(id).filter(about).count(from.on()).await? > 0 {
            plans.push(*plan);
        }
    }
    Ok(plans)
}

/// The newest messages in a state.
///
/// # Errors
/// [`StoreError`] if the database does not answer or a row is not understood.
pub async fn in_state(
    from: &impl Source,
    which: &Readable,
    state: MessageState,
    limit: u64,
) -> Result<Vec<Message>, StoreError> {
    let rows = messages()
        .filter(which.condition())
        .filter(outbox::Column::State.eq(state.code()))
        .order_by_desc(outbox::Column::Id)
        .limit(limit)
        .all(from.on())
        .await?;
    rows.into_iter().map(message_of).collect()
}

/// Whether somebody was sent, or is to be sent, any of these.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn has_mailed(from: &impl Source, which: &Readable, person: PersonId) -> Result<bool, StoreError> {
    let theirs =
        outbox::Entity::find().filter(which.condition()).filter(outbox::Column::PersonId.eq(person.0));
    Ok(theirs.count(from.on()).await? > 0)
}

/// Whether a message of a kind waits and is due.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn is_due(from: &impl Source, kind: MessageKind, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let due = outbox::Entity::find()
        .filter(outbox::Column::State.eq(MessageState::Queued.code()))
        .filter(outbox::Column::NextAttemptAt.lte(now))
        .filter(outbox::Column::Kind.eq(kind.code()));
    Ok(due.count(from.on()).await? > 0)
}

/// How many messages stand in a state.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn count(from: &impl Source, state: MessageState) -> Result<u64, StoreError> {
    Ok(outbox::Entity::find().filter(outbox::Column::State.eq(state.code())).count(from.on()).await?)
}

/// One message.
///
/// # Errors
/// [`StoreError`] if the database does not answer or the row is not understood.
pub async fn by_id(from: &impl Source, id: i64) -> Result<Option<Message>, StoreError> {
    messages().filter(outbox::Column::Id.eq(id)).one(from.on()).await?.map(message_of).transpose()
}

/// The mail that brings a one-time link, by the link's row; none: it was handed over, or the mail is gone.
///
/// # Errors
/// [`StoreError`] if the database does not answer or the row is not understood.
pub async fn of_link(from: &impl Source, link: i64) -> Result<Option<Message>, StoreError> {
    messages()
        .filter(outbox::Column::LinkId.eq(link))
        .order_by_desc(outbox::Column::Id)
        .one(from.on())
        .await?
        .map(message_of)
        .transpose()
}

/// All messages, each with its bytes.
fn messages() -> SelectTwo<outbox::Entity, outbox_text::Entity> {
    outbox::Entity::find().find_also_related(outbox_text::Entity)
}

fn message_of((row, text): (outbox::Model, Option<outbox_text::Model>)) -> Result<Message, StoreError> {
    message_with(row, text.map(|text| text.mime))
}

fn message_with(row: outbox::Model, mime: Option<String>) -> Result<Message, StoreError> {
    let id = row.id;
    Ok(Message {
        id,
        kind: code(MessageKind::from_code(&row.kind), "outbox", id, &row.kind)?,
        state: code(MessageState::from_code(&row.state), "outbox", id, &row.state)?,
        office_day: row.office_day,
        person: row.person_id.map(PersonId),
        link: row.link_id,
        to_name: row.to_name,
        to_address: row.to_address,
        message_id: row.message_id,
        subject: row.subject,
        mime,
        note: row.note,
        attempts: row.attempts,
        uncertain: row.uncertain,
        prepared_at: row.prepared_at,
        first_refused_at: row.first_refused_at,
        next_attempt_at: row.next_attempt_at,
        created_at: row.created_at,
        handed_at: row.handed_at,
        again_of: row.again_of,
    })
}
