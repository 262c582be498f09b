//! Taking out what nobody needs any more: links and browsers of long ago, tallies of guesses, the texts of old mails.
//!
//! Never touches what the council's record is made of.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{away, known_browser, one_time_link, outbox, outbox_text, person, snooze, throttle};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use crate::{
    domain::{account::Purpose, id::PersonId, message::MessageState},
    store::{Source, StoreError, Tx, outbox::text},
};

/// Removes one-time links that ran out before a time: all but invitations of people who never came in, as these say where an
/// account stands.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn links(tx: &Tx, before: DateTime<Utc>) -> Result<u64, StoreError> {
    let came_in = person::Entity::find()
        .select_only()
        .column(person::Column::Id)
        .filter(
            Condition::any()
                .add(person::Column::LastSignedInAt.is_not_null())
                .add(person::Column::PasswordHash.is_not_null()),
        )
        .into_query();
    let old = Condition::all().add(one_time_link::Column::ExpiresAt.lt(before)).add(
        Condition::any()
            .add(one_time_link::Column::Purpose.ne(Purpose::Invitation.code()))
            .add(one_time_link::Column::PersonId.in_subquery(came_in)),
    );
    Ok(one_time_link::Entity::delete_many().filter(old).exec(tx.on()).await?.rows_affected)
}

/// Removes known browsers that were last used before a time.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn browsers(tx: &Tx, before: DateTime<Utc>) -> Result<u64, StoreError> {
    let old = known_browser::Column::LastUsedAt.lt(before);
    Ok(known_browser::Entity::delete_many().filter(old).exec(tx.on()).await?.rows_affected)
}

/// Removes tallies of guesses that are idle since before a time.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn tallies(tx: &Tx, before: DateTime<Utc>) -> Result<u64, StoreError> {
    let old =
        Condition::all().add(throttle::Column::LastAt.lt(before)).add(throttle::Column::WaitUntil.lt(before));
    Ok(throttle::Entity::delete_many().filter(old).exec(tx.on()).await?.rows_affected)
}

/// Takes text, address and the server's answer out of mails that were queued before a time and are done with. That there
/// was one, on which day, about what, and what became of it, stays.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn mails(tx: &Tx, before: DateTime<Utc>) -> Result<u64, StoreError> {
    let done = [MessageState::Handed, MessageState::NotSent, MessageState::Failed].map(MessageState::code);
    let old =
        Condition::all().add(outbox::Column::CreatedAt.lt(before)).add(outbox::Column::State.is_in(done));
    let ids = outbox::Entity::find().select_only().column(outbox::Column::Id).filter(old.clone());
    let with_text = outbox_text::Entity::find()
        .select_only()
        .column(outbox_text::Column::OutboxId)
        .filter(outbox_text::Column::OutboxId.in_subquery(ids.clone().into_query()));
    let left = Condition::any()
        .add(outbox::Column::Id.in_subquery(with_text.into_query()))
        .add(outbox::Column::ToAddress.ne(""));
    let emptied = outbox::Entity::update_many()
        .set(outbox::ActiveModel { note: Set(None), to_address: Set(String::new()), ..Default::default() })
        .filter(old)
        .filter(left)
        .exec(tx.on())
        .await?;
    text::take_out_of(tx, ids.into_query()).await?;
    Ok(emptied.rows_affected)
}

/// Removes days away, and what was put off, that ended before a day.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn choices(tx: &Tx, before: NaiveDate) -> Result<u64, StoreError> {
    let away = away::Entity::delete_many().filter(away::Column::UntilDay.lt(before)).exec(tx.on()).await?;
    let put_off =
        snooze::Entity::delete_many().filter(snooze::Column::UntilDay.lt(before)).exec(tx.on()).await?;
    Ok(away.rows_affected + put_off.rows_affected)
}

/// Those who left before a time and can still be told who they are.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn leavers(from: &impl Source, before: DateTime<Utc>) -> Result<Vec<PersonId>, StoreError> {
    let ids: Vec<i64> = person::Entity::find()
        .select_only()
        .column(person::Column::Id)
        .filter(person::Column::Active.eq(false))
        .filter(person::Column::PseudonymisedAt.is_null())
        .filter(person::Column::DeactivatedAt.lt(before))
        .order_by_asc(person::Column::Id)
        .into_tuple()
        .all(from.on())
        .await?;
    Ok(ids.into_iter().map(PersonId).collect())
}

/// Lets the time run for those who were deactivated without anybody noting when.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn start_time(tx: &Tx, now: DateTime<Utc>) -> Result<(), StoreError> {
    person::Entity::update_many()
        .set(person::ActiveModel { deactivated_at: Set(Some(now)), ..Default::default() })
        .filter(person::Column::Active.eq(false))
        .filter(person::Column::DeactivatedAt.is_null())
        .exec(tx.on())
        .await?;
    Ok(())
}
