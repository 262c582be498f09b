//! How far a recommendation is: what the panel concluded, and without a conclusion how many of its actions are complete.
//!
//! Actions that are complete never make a recommendation met: only the panel says that.

use chrono::NaiveDate;

use super::{
    action::{Recommendation, Response},
    plan::Record,
    rating::Suggested,
    standing::{Standing, stand_one},
    text::plural,
};

/// How many actions of a recommendation are complete at the end of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Complete, reported or agreed; a merged action is complete when its target is.
    pub complete: usize,
    /// All but those closed with no further action.
    pub of: usize,
    /// Closed with no further action.
    pub closed: usize,
}

impl Progress {
    /// Of the actions that answer one recommendation, which is rated; none: there are none.
    pub fn of<'s, 'a: 's>(standings: impl IntoIterator<Item = &'s Standing<'a>>) -> Option<Self> {
        let mut progress = Self::default();
        for standing in standings {
            match standing.suggestion.rating {
                Suggested::NotRated => progress.closed += 1,
                rating => {
                    progress.of += 1;
                    progress.complete += usize::from(rating == Suggested::Complete);
                }
            }
        }
        Some(progress).filter(|p| p.of + p.closed > 0)
    }

    /// "2 of 3 actions complete", "2 of 3 actions complete, 1 closed with no further action".
    pub fn words(self) -> String {
        let Self { complete, of, closed } = self;
        let of = match of {
            0 => None,
            of => Some(format!("{complete} of {} complete", plural(of, "action", "actions"))),
        };
        let closed = match closed {
            0 => None,
            closed => Some(format!("{closed} closed with no further action")),
        };
        match (of, closed) {
            (Some(of), Some(closed)) => format!("{of}, {closed}"),
            (of, closed) => of.or(closed).unwrap_or_default(),
        }
    }
}

/// How far a recommendation is at the end of a day; none: it has no action, or was rejected or noted.
pub fn progress(record: &Record, recommendation: &Recommendation, day: NaiveDate) -> Option<Progress> {
    let given = recommendation.response_on.is_none_or(|on| on <= day);
    if given && recommendation.response.is_some_and(Response::is_unrated) {
        return None;
    }
    let of = record
        .actions
        .iter()
        .filter(|a| a.recommendation == Some(recommendation.id))
        .filter(|a| a.added_on.is_none_or(|added| added <= day))
        .map(|action| stand_one(record, action, day));
    Progress::of(&of.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        action::{Action, State},
        id::RecommendationId,
        sample::{action, change, day, merged, recommendation, record},
    };

    fn of_one(action: Action) -> Action {
        Action { recommendation: Some(RecommendationId(1)), ..action }
    }

    fn words(actions: Vec<Action>, on: &str) -> String {
        let record = Record { recommendations: vec![recommendation(1, None, None)], ..record(actions) };
        progress(&record, &record.recommendations[0], day(on)).map(Progress::words).unwrap_or_default()
    }

    #[test]
    fn a_recommendation_without_a_conclusion_says_how_many_actions_are_complete() {
        let complete =
            |id| of_one(Action { states: vec![change(State::Complete, "2018-01-10")], ..action(id, None) });
        let closed =
            of_one(Action { states: vec![change(State::NoFurtherAction, "2018-01-10")], ..action(4, None) });
        let open = of_one(action(3, None));
        for (actions, on, expected) in [
            (vec![complete(1), complete(2), open.clone()], "2018-01-10", "2 of 3 actions complete"),
            (vec![complete(1), complete(2), open.clone()], "2018-01-09", "0 of 3 actions complete"),
            (
                vec![complete(1), closed.clone()],
                "2018-01-10",
                "1 of 1 action complete, 1 closed with no further action",
            ),
            (vec![closed], "2018-01-10", "1 closed with no further action"),
            (vec![action(9, None)], "2018-01-10", ""),
            (
                vec![complete(1), of_one(merged(action(2, None), 3, "2018-01-10")), open],
                "2018-01-10",
                "1 of 3 actions complete",
            ),
            (
                vec![complete(1), of_one(merged(action(2, None), 1, "2018-01-10"))],
                "2018-01-10",
                "2 of 2 actions complete",
            ),
        ] {
            assert_eq!(words(actions, on), expected);
        }
    }
    #[test]
    fn a_rejected_recommendation_is_not_on_its_way() {
        let one = recommendation(1, Some(Response::Rejected), Some("2018-01-10"));
        let record = Record { recommendations: vec![one], ..record([of_one(action(1, None))]) };
        let at = |on| progress(&record, &record.recommendations[0], day(on)).map(Progress::words);
        assert_eq!(at("2018-01-09").as_deref(), Some("0 of 1 action complete"));
        assert_eq!(at("2018-01-10"), None);
    }
}
