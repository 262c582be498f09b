//! Several plans together: all that a panel watches, with the sums over them.
//!
//! Adds up what each plan's [`Dashboard`] says, and judges nothing itself.

use chrono::NaiveDate;

use super::{Dashboard, sentence};
use crate::domain::{rating::Suggested, standing::Standing, text::plural};

/// Plans at the end of a day.
#[derive(Clone, Debug)]
pub struct Several<'a> {
    /// The day.
    pub day: NaiveDate,
    /// Each plan that is monitored on that day, by title.
    pub plans: Vec<Dashboard<'a>>,
}

impl<'a> Several<'a> {
    /// Every action of every plan.
    pub fn standings(&self) -> impl Iterator<Item = &Standing<'a>> {
        self.plans.iter().flat_map(|plan| &plan.standings)
    }

    /// How many actions there are.
    pub fn total(&self) -> usize {
        self.standings().count()
    }

    /// Of how many the facts suggest this.
    pub fn suggested(&self, rating: Suggested) -> usize {
        self.standings().filter(|s| s.suggestion.rating == rating).count()
    }

    /// How many are overdue.
    pub fn overdue(&self) -> usize {
        self.standings().filter(|s| s.overdue_days.is_some()).count()
    }

    /// How many are overdue on the date first agreed.
    pub fn overdue_on_original(&self) -> usize {
        self.standings().filter(|s| s.overdue_on_original_days.is_some()).count()
    }

    /// How many have no update in their plan's latest round, though one was expected.
    pub fn without_update(&self) -> usize {
        self.plans.iter().map(|plan| plan.without_update().len()).sum()
    }

    /// "2 plans are watched. On 7 December 2017, 22 of 44 actions are complete by what is said and known; ...".
    pub fn sentence(&self) -> String {
        let watched = match self.plans.len() {
            0 => return "No plan is watched.".to_owned(),
            n => plural(n, "plan is watched", "plans are watched"),
        };
        let standings: Vec<&Standing<'a>> = self.standings().collect();
        if standings.is_empty() {
            return format!("{watched}, without any action.");
        }
        format!("{watched}. {}", sentence::of_all(self.day, &standings))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        action::{Action, State},
        sample::{action, change, day, record},
    };

    #[test]
    fn the_sums_are_those_of_the_plans() {
        let done = Action { states: vec![change(State::Complete, "2017-12-01")], ..action(1, None) };
        let one = record([done, action(2, Some("2017-11-30"))]);
        let other = record([action(1, Some("2017-10-31")), action(2, Some("2019-01-31")), action(3, None)]);
        let on = day("2017-12-07");
        let plans = [&one, &other].map(|r| Dashboard::at(r, on, |_| true)).into();
        let all = Several { day: on, plans };
        assert_eq!((all.total(), all.overdue(), all.overdue_on_original()), (5, 2, 2));
        for rating in Suggested::ALL {
            let sum: usize = all.plans.iter().map(|p| p.suggested(*rating).len()).sum();
            assert_eq!(all.suggested(*rating), sum);
        }
        assert_eq!(
            all.sentence(),
            "2 plans are watched. On 7 December 2017, 1 of 5 actions is complete by what is said and known; 2 are off \
             track, all of them overdue; 1 has no date to judge by; nothing speaks against the other one."
        );
    }

    #[test]
    fn no_plan_and_a_plan_without_actions_are_said_so() {
        let empty = record([]);
        let on = day("2017-12-07");
        assert_eq!(Several { day: on, plans: Vec::new() }.sentence(), "No plan is watched.");
        let plans = vec![Dashboard::at(&empty, on, |_| true)];
        assert_eq!(Several { day: on, plans }.sentence(), "1 plan is watched, without any action.");
    }
}
