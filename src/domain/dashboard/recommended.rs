//! Recommendations: how far the actions are that answer each, and what the panel concluded on it.
//!
//! A recommendation is met when the panel says so. However many of its actions are complete, it never is by itself.

use std::collections::HashMap;

use super::Dashboard;
use crate::domain::{
    action::Recommendation,
    decision::{Conclusion, Verdict},
    id::RecommendationId,
    progress::Progress,
    standing::Standing,
};

/// One recommendation at the end of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recommended<'d, 'a> {
    /// The recommendation.
    pub recommendation: &'a Recommendation,
    /// The actions that answer it.
    pub actions: Vec<&'d Standing<'a>>,
    /// What the panel had concluded by then.
    pub conclusion: Option<&'a Conclusion>,
    /// Rejected or noted: nothing of it is rated.
    pub unrated: Option<&'static str>,
}

impl Recommended<'_, '_> {
    /// "2 of 3 actions complete", "No action answers it", "Rejected, not rated".
    pub fn words(&self) -> String {
        match self.unrated {
            Some(response) => format!("{response}, not rated"),
            None => Progress::of(self.actions.iter().copied())
                .map_or_else(|| "No action answers it".to_owned(), Progress::words),
        }
    }
}

impl<'a> Dashboard<'a> {
    /// Every recommendation with its actions, in the order of the table.
    pub fn recommended(&self) -> Vec<Recommended<'_, 'a>> {
        let mut answering: HashMap<RecommendationId, Vec<&Standing<'a>>> = HashMap::new();
        for standing in &self.standings {
            if let Some(id) = standing.action.recommendation {
                answering.entry(id).or_default().push(standing);
            }
        }
        let of = |recommendation: &'a Recommendation| {
            let given = recommendation.response_on.is_none_or(|on| on <= self.day);
            let unrated = recommendation.response.filter(|r| given && r.is_unrated());
            Recommended {
                recommendation,
                actions: answering.remove(&recommendation.id).unwrap_or_default(),
                conclusion: recommendation.conclusion_at(self.day),
                unrated: unrated.map(|r| r.words()),
            }
        };
        self.record.recommendations.iter().map(of).collect()
    }

    /// On how many recommendations the panel had concluded so.
    pub fn concluded(&self, verdict: Verdict) -> usize {
        let so = |r: &&Recommendation| r.conclusion_at(self.day).is_some_and(|c| c.verdict == verdict);
        self.record.recommendations.iter().filter(so).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        action::{Action, Response, State},
        plan::Record,
        sample::{action, change, day, merged, recommendation, record},
    };

    fn of(id: i64, action: Action) -> Action {
        Action { recommendation: Some(RecommendationId(id)), ..action }
    }

    fn complete(id: i64) -> Action {
        Action { states: vec![change(State::Complete, "2017-12-01")], ..action(id, Some("2017-09-30")) }
    }

    fn concluded(verdict: Verdict, from: &str) -> Conclusion {
        Conclusion { verdict, reason: None, from: day(from), resolution: None }
    }

    #[test]
    fn without_a_conclusion_it_is_said_how_many_actions_are_complete_and_never_that_it_is_met() {
        let actions = [
            of(1, complete(1)),
            of(1, merged(action(2, None), 1, "2017-12-01")),
            of(1, action(3, Some("2019-01-31"))),
            of(2, complete(4)),
            of(4, action(5, None)),
        ];
        let recommendations = vec![
            recommendation(1, Some(Response::Accepted), None),
            recommendation(2, None, None),
            recommendation(3, None, None),
            recommendation(4, Some(Response::Rejected), Some("2017-10-01")),
        ];
        let record = Record { recommendations, ..record(actions) };
        let words = |on: &str| -> Vec<String> {
            let board = Dashboard::at(&record, day(on), |_| true);
            board.recommended().iter().map(|r| r.words()).collect()
        };
        assert_eq!(
            words("2017-12-07"),
            [
                "2 of 3 actions complete",
                "1 of 1 action complete",
                "No action answers it",
                "Rejected, not rated"
            ]
        );
        // Before anything was complete, and before the response was given.
        assert_eq!(words("2017-09-30")[..2], ["0 of 3 actions complete", "0 of 1 action complete"]);
        assert_eq!(words("2017-09-30")[3], "0 of 1 action complete");
        let board = Dashboard::at(&record, day("2017-12-07"), |_| true);
        assert!(Verdict::ALL.iter().all(|verdict| board.concluded(*verdict) == 0));
    }

    #[test]
    fn a_conclusion_holds_from_its_day_and_the_last_one_counts() {
        let mut one = recommendation(1, None, None);
        one.conclusions =
            vec![concluded(Verdict::PartlyMet, "2017-12-07"), concluded(Verdict::Met, "2018-02-19")];
        let record = Record { recommendations: vec![one], ..record([of(1, action(1, None))]) };
        for (on, verdict) in [
            ("2017-12-06", None),
            ("2017-12-07", Some(Verdict::PartlyMet)),
            ("2018-02-18", Some(Verdict::PartlyMet)),
            ("2018-02-19", Some(Verdict::Met)),
        ] {
            let board = Dashboard::at(&record, day(on), |_| true);
            let said = board.recommended()[0].conclusion.map(|c| c.verdict);
            assert_eq!(said, verdict, "on {on}");
            for one in Verdict::ALL {
                assert_eq!(board.concluded(*one), usize::from(verdict == Some(*one)), "on {on}: {one:?}");
            }
        }
    }
}
