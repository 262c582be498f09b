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
    /// Its resolutions, in the order in which they were recorded.
    pub resolutions: Vec<Resolved>,
    /// The plans that the panel watches, or whoever took over from it.
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
    let (panels, meetings) = meeting::all(from).await?;
    let Some(meeting) = meetings.into_iter().find(|m| m.id == id) else { return Ok(None) };
    // The panel, and whoever took over from it, one after the other; no chain is longer than all of them.
    let mut line = vec![meeting.panel];
    for _ in 0..panels.len() {
        let last = panels.iter().find(|p| Some(&p.id) == line.last());
        match last.and_then(|p| p.successor) {
            Some(next) if !line.contains(&next) => line.push(next),
            _ => break,
        }
    }
    let mut records = record::all(from, actor, Depth::Current).await?;
    records.retain(|r| {
        r.plan.panel_id.is_some_and(|panel| line.contains(&panel))
            && may_in(actor, Permission::RecordDecisions, &r.plan).is_ok()
    });
    let resolutions = of_meeting(from, id).await?;
    Ok(Some(Sitting { meeting, resolutions, records }))
}
