//! A meeting as somebody records what was decided at it.

use super::{Resolved, of_meeting};
use crate::{
    domain::{
        access::{Actor, Permission, may_in},
        action::Action,
        agenda::{Put, put_to},
        id::{ActionId, MeetingId, RecommendationId},
        meeting::Meeting,
        plan::Record,
    },
    store::{
        Source, StoreError, meeting,
        record::{self, Depth},
    },
};
use chrono::NaiveDate;

/// A meeting with its resolutions so far, and the records of the plans of which somebody records what it decided.
#[derive(Clone, Debug)]
pub struct Sitting {
    /// The meeting.
    pub meeting: Meeting,
    /// Its resolutions on these plans, in the order in which they were recorded.
    pub resolutions: Vec<Resolved>,
    /// The plans that the panel watched on that day, those that report to the meeting, and those of which something was decided
    /// at it.
    pub records: Vec<Record>,
}

impl Sitting {
    /// Whether it has been held by a day.
    pub fn has_been(&self, today: NaiveDate) -> bool {
        self.meeting.held_on <= today
    }

    /// What is put to it, with its plan, in the order of the plans and their tables.
    pub fn put(&self, today: NaiveDate) -> Vec<(&Record, Put)> {
        let of = |record| {
            put_to(record, self.meeting.id, self.meeting.held_on, today)
                .into_iter()
                .map(move |put| (record, put))
        };
        self.records.iter().flat_map(of).collect()
    }

    /// An action with its plan.
    pub fn action(&self, id: ActionId) -> Option<(&Record, &Action)> {
        self.records.iter().find_map(|record| Some((record, record.action(id)?)))
    }

    /// The plan of a recommendation.
    pub fn of_recommendation(&self, id: RecommendationId) -> Option<&Record> {
        self.records.iter().find(|record| record.recommendation(id).is_some())
    }

    /// The plan of something that is put.
    pub fn of(&self, put: Put) -> Option<&Record> {
        match put {
            Put::Variation(recommendation, _) => self.of_recommendation(recommendation),
            Put::Completion(action, _) | Put::Extension(action, _) | Put::Merge(action, _) => {
                self.action(action).map(|(record, _)| record)
            }
        }
    }
}

/// A meeting as somebody records what was decided at it; none: there is no such meeting.
///
/// # Errors
/// [`StoreError`] if the database does not answer or a row is not understood.
pub async fn sitting(
    from: &impl Source,
    actor: &Actor,
    id: MeetingId,
) -> Result<Option<Sitting>, StoreError> {
    let (_, meetings) = meeting::all(from).await?;
    let Some(meeting) = meetings.into_iter().find(|m| m.id == id) else { return Ok(None) };
    let mut records = record::all(from, actor, Depth::Current).await?;
    records.retain(|r| {
        (r.plan.was_watched_by(meeting.panel, meeting.held_on)
            || r.reports_to(id)
            || r.resolutions().any(|resolution| resolution.meeting == id))
            && may_in(actor, Permission::RecordDecisions, &r.plan).is_ok()
    });
    // What was resolved on other people's plans alone is not theirs to read.
    let mut resolutions = of_meeting(from, id).await?;
    resolutions.retain(|one| records.iter().any(|r| r.resolutions().any(|of| of.id == one.id)));
    Ok(Some(Sitting { meeting, resolutions, records }))
}
