//! Saves what a panel decided: a resolution with all that was put, the panel's own ratings, its conclusions. They are read
//! with their plan ([`super::record`]); here is what the page of one meeting needs besides.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{conclusion, decided, panel_rating, resolution, state_change};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::{
    Source, StoreError, Tx,
    action::Saved,
    record::{self, Depth},
};
use crate::domain::{
    access::Actor,
    action::Agreement,
    agenda::Put,
    decision::{Outcome, Verdict},
    id::{ActionId, MeetingId, PersonId, RecommendationId, ResolutionId, StateChangeId},
    plan::Record,
    rating::Rating,
};

mod sitting;

pub use sitting::{Sitting, sitting};

/// A resolution as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// Identifier.
    pub id: ResolutionId,
    /// Number of the saved state, for two people who edit at once.
    pub version: i32,
    /// The meeting.
    pub meeting: MeetingId,
    /// The resolution's words.
    pub text: String,
    /// The minute reference; none: awaited.
    pub minute: Option<String>,
    /// The day of the meeting.
    pub decided_on: NaiveDate,
}

fn resolved(row: resolution::Model) -> Resolved {
    Resolved {
        id: ResolutionId(row.id),
        version: row.version,
        meeting: MeetingId(row.meeting_id),
        text: row.text,
        minute: row.minute,
        decided_on: row.decided_on,
    }
}

/// A resolution to be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewResolution<'a> {
    /// The meeting.
    pub meeting: MeetingId,
    /// Its words.
    pub text: &'a str,
    /// The minute reference.
    pub minute: Option<&'a str>,
    /// The day of the meeting.
    pub decided_on: NaiveDate,
    /// Who records it.
    pub by: Option<PersonId>,
    /// Unique to the form.
    pub form_token: Option<&'a str>,
}

/// Adds a resolution.
///
/// # Errors
/// [`StoreError`] if the database refuses; [`StoreError::is_duplicate`] where the form was saved before.
pub async fn insert(
    tx: &Tx,
    new: &NewResolution<'_>,
    now: DateTime<Utc>,
) -> Result<ResolutionId, StoreError> {
    let row = resolution::ActiveModel {
        id: NotSet,
        meeting_id: Set(new.meeting.0),
        text: Set(new.text.to_owned()),
        minute: Set(new.minute.map(str::to_owned)),
        decided_on: Set(new.decided_on),
        recorded_by_id: Set(new.by.map(|p| p.0)),
        form_token: Set(new.form_token.map(str::to_owned)),
        version: Set(1),
        recorded_at: Set(now),
    }
    .insert(tx.on())
    .await?;
    Ok(ResolutionId(row.id))
}

/// Adds what the panel said to something that was put to it.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn insert_decided(
    tx: &Tx,
    resolution: ResolutionId,
    position: i32,
    put: Put,
    outcome: Outcome,
    reason: Option<&str>,
) -> Result<(), StoreError> {
    let (revision, change, variation, recommendation) = match put {
        Put::Completion(_, change) | Put::Merge(_, change) => (None, Some(change.0), None, None),
        Put::Extension(_, revision) => (Some(revision.0), None, None, None),
        Put::Variation(recommendation, variation) => (None, None, Some(variation.0), Some(recommendation.0)),
    };
    decided::ActiveModel {
        id: NotSet,
        resolution_id: Set(resolution.0),
        position: Set(position),
        kind: Set(put.kind().code().to_owned()),
        outcome: Set(outcome.code().to_owned()),
        reason: Set(reason.map(str::to_owned)),
        action_id: Set(put.action().map(|a| a.0)),
        recommendation_id: Set(recommendation),
        revision_id: Set(revision),
        state_change_id: Set(change),
        variation_id: Set(variation),
    }
    .insert(tx.on())
    .await?;
    Ok(())
}

/// Adds the panel's own rating of an action.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn insert_rating(
    tx: &Tx,
    resolution: ResolutionId,
    action: ActionId,
    rating: Rating,
    reason: &str,
    from: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    panel_rating::ActiveModel {
        id: NotSet,
        action_id: Set(action.0),
        rating: Set(rating.code().to_owned()),
        reason: Set(reason.to_owned()),
        from_day: Set(from),
        resolution_id: Set(Some(resolution.0)),
        recorded_at: Set(now),
    }
    .insert(tx.on())
    .await?;
    Ok(())
}

/// Adds the panel's conclusion on a recommendation.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn insert_conclusion(
    tx: &Tx,
    resolution: ResolutionId,
    recommendation: RecommendationId,
    verdict: Verdict,
    reason: Option<&str>,
    from: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    conclusion::ActiveModel {
        id: NotSet,
        recommendation_id: Set(recommendation.0),
        conclusion: Set(verdict.code().to_owned()),
        reason: Set(reason.map(str::to_owned)),
        from_day: Set(from),
        resolution_id: Set(Some(resolution.0)),
        recorded_at: Set(now),
    }
    .insert(tx.on())
    .await?;
    Ok(())
}

/// Notes on a change of state who agreed to it, once: one that is agreed already stays as it is.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn agree(tx: &Tx, id: StateChangeId, agreed: &Agreement) -> Result<Saved, StoreError> {
    let done = state_change::Entity::update_many()
        .set(state_change::ActiveModel {
            agreed_by: Set(Some(agreed.by.clone())),
            agreed_on: Set(Some(agreed.on)),
            minute: Set(agreed.minute.clone()),
            ..Default::default()
        })
        .filter(state_change::Column::Id.eq(id.0))
        .filter(state_change::Column::AgreedBy.is_null())
        .exec(tx.on())
        .await?;
    Ok(Saved::from_rows(done.rows_affected))
}

/// Changes a resolution's minute reference, if its version is still the one that was seen, there and on the completions and
/// merges that it agreed.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn save_minute(
    tx: &Tx,
    id: ResolutionId,
    version: i32,
    minute: Option<&str>,
) -> Result<Saved, StoreError> {
    let minute = minute.map(str::to_owned);
    let done = resolution::Entity::update_many()
        .set(resolution::ActiveModel {
            minute: Set(minute.clone()),
            version: Set(version + 1),
            ..Default::default()
        })
        .filter(resolution::Column::Id.eq(id.0))
        .filter(resolution::Column::Version.eq(version))
        .exec(tx.on())
        .await?;
    let saved = Saved::from_rows(done.rows_affected);
    if saved == Saved::Yes {
        let changes: Vec<Option<i64>> = decided::Entity::find()
            .select_only()
            .column(decided::Column::StateChangeId)
            .filter(decided::Column::ResolutionId.eq(id.0))
            .filter(decided::Column::Outcome.eq(Outcome::Agreed.code()))
            .filter(decided::Column::StateChangeId.is_not_null())
            .into_tuple()
            .all(tx.on())
            .await?;
        state_change::Entity::update_many()
            .set(state_change::ActiveModel { minute: Set(minute), ..Default::default() })
            .filter(state_change::Column::Id.is_in(changes.into_iter().flatten()))
            .exec(tx.on())
            .await?;
    }
    Ok(saved)
}

/// One resolution.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn by_id(from: &impl Source, id: ResolutionId) -> Result<Option<Resolved>, StoreError> {
    Ok(resolution::Entity::find_by_id(id.0).one(from.on()).await?.map(resolved))
}

/// The records of all plans on which a resolution decided something, whoever asks: to ask whether they may.
///
/// # Errors
/// [`StoreError`] if the database does not answer or a row is not understood.
pub async fn touched(from: &impl Source, id: ResolutionId) -> Result<Vec<Record>, StoreError> {
    let mut records = record::all(from, &Actor::program("Resolutions"), Depth::Current).await?;
    records.retain(|record| record.resolutions().any(|resolution| resolution.id == id));
    Ok(records)
}

/// Whether anything is recorded of a meeting.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn any_of(from: &impl Source, id: MeetingId) -> Result<bool, StoreError> {
    Ok(!of_meeting(from, id).await?.is_empty())
}

/// The resolutions of a meeting, in the order in which they were recorded.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn of_meeting(from: &impl Source, id: MeetingId) -> Result<Vec<Resolved>, StoreError> {
    let rows = resolution::Entity::find()
        .filter(resolution::Column::MeetingId.eq(id.0))
        .order_by_asc(resolution::Column::Id)
        .all(from.on())
        .await?;
    Ok(rows.into_iter().map(resolved).collect())
}

/// The resolution that a form recorded before; none: it recorded none.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn by_form_token(from: &impl Source, token: &str) -> Result<Option<ResolutionId>, StoreError> {
    let row =
        resolution::Entity::find().filter(resolution::Column::FormToken.eq(token)).one(from.on()).await?;
    Ok(row.map(|row| ResolutionId(row.id)))
}
