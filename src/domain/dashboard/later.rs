//! What was decided by a day and recorded only later, so that a reader knows that nobody could have read it on that day.
//!
//! # Why it is counted
//! A decision holds from the day on which it was taken and is written into the history once, on that day or later. Of what
//! was written after a day, all that was decided after it must be; whatever is more was decided before. So the two counts
//! tell it, and no row needs to say when it was typed.

use chrono::NaiveDate;

use super::Dashboard;
use crate::domain::{
    action::{DateOutcome, Decision},
    id::ActionId,
    plan::Record,
    standing::Standing,
};

/// The decisions that were recorded after a day and had been taken by it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordedLater<'d, 'a> {
    /// Actions with such a decision.
    pub actions: Vec<&'d Standing<'a>>,
    /// Such decisions on recommendations.
    pub recommendations: usize,
}

impl RecordedLater<'_, '_> {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty() && self.recommendations == 0
    }
}

impl<'a> Dashboard<'a> {
    /// What had been decided by the day and was recorded after it. `written_after` has an entry for every decision in the
    /// history after the day: its action, or none where it was about a recommendation.
    pub fn recorded_later(&self, written_after: &[Option<ActionId>]) -> RecordedLater<'_, 'a> {
        let decided = decided_after(self.record, self.day);
        let more = |of: Option<ActionId>| {
            let count = |list: &[Option<ActionId>]| list.iter().filter(|one| **one == of).count();
            count(written_after).saturating_sub(count(&decided))
        };
        RecordedLater {
            actions: self
                .having(|s| written_after.contains(&Some(s.action.id)) && more(Some(s.action.id)) > 0),
            recommendations: more(None),
        }
    }
}

/// An entry for every decision that was taken after a day.
fn decided_after(record: &Record, day: NaiveDate) -> Vec<Option<ActionId>> {
    let put = record.decided.iter().filter(|d| d.resolution.on > day).map(|d| d.action);
    let concluded =
        record.recommendations.iter().flat_map(|r| &r.conclusions).filter(|c| c.from > day).map(|_| None);
    let on_actions = record.actions.iter().flat_map(|action| {
        let rated = action.panel_ratings.iter().filter(|r| r.from > day).count();
        // A date that was put to the panel is one of the above.
        let by_itself = |d: &Decision, id| {
            d.outcome != DateOutcome::Withdrawn
                && d.on > day
                && record.decided.iter().all(|one| one.revision != Some(id))
        };
        let dates =
            action.revisions.iter().filter(|r| r.decision.as_ref().is_some_and(|d| by_itself(d, r.id)));
        std::iter::repeat_n(Some(action.id), rated + dates.count())
    });
    put.chain(concluded).chain(on_actions).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        action::Decider,
        sample::{action, day, decided, record, revision, with_revisions},
    };

    #[test]
    fn only_what_had_been_decided_by_the_day_and_was_written_after_it_is_told() {
        let granted = |id: i64, on: &str| {
            let one = decided(revision(id * 10, Some("2018-06-30"), "2017-10-01"), true, on, Decider::Panel);
            with_revisions(action(id, Some("2018-01-31")), [one])
        };
        let record = record([granted(1, "2017-12-07"), granted(2, "2018-01-10"), action(3, None)]);
        let board = Dashboard::at(&record, day("2017-12-31"), |_| true);
        let told = |written: &[i64]| -> Vec<i64> {
            let written: Vec<_> = written.iter().map(|id| Some(ActionId(*id))).collect();
            board.recorded_later(&written).actions.iter().map(|s| s.action.id.0).collect()
        };
        // The first was decided on 7 December: written in January it comes late, written at once it does not.
        assert_eq!(told(&[1, 2]), [1]);
        assert!(told(&[2]).is_empty());
        assert!(told(&[]).is_empty());
        assert!(board.recorded_later(&[]).is_empty());
        assert_eq!(board.recorded_later(&[None]).recommendations, 1);
    }
}
