//! Merging: the work of one action goes on in another. Nothing is deleted; the merged action shares its target's fate
//! in every count. Chains are allowed, cycles are not.

use chrono::NaiveDate;

use super::{id::ActionId, plan::Record};

/// The action whose fate this one shares at the end of a day: the end of its chain, or itself.
pub fn fate(record: &Record, action: ActionId, day: NaiveDate) -> ActionId {
    let mut at = action;
    // A chain can't be longer than the plan; the bound keeps damaged data from looping.
    for _ in 0..record.actions.len() {
        match record.action(at).and_then(|a| a.merged_into_at(day)) {
            Some(next) if next != action => at = next,
            _ => break,
        }
    }
    at
}

/// Why an action can't be merged into another.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// Into itself.
    #[error("An action can’t be merged into itself")]
    Itself,
    /// The target goes on, in the end, in the action itself. Holds the labels from the target on.
    #[error("{} is already merged into {}: merging the other way round would go in a circle ({})",
        .0.first().map_or("", String::as_str), .0.last().map_or("", String::as_str), .0.join(" → "))]
    Circle(Vec<String>),
    /// The target is in no state to carry on work.
    #[error("{0} is closed with no further action: choose an action in which the work goes on")]
    TargetClosed(String),
    /// The target is not of this plan.
    #[error("Choose an action of this plan")]
    NotInPlan,
}

/// Whether an action may be merged into another, as things stand at the end of a day.
///
/// # Errors
/// [`MergeError`], in words for the form.
pub fn check(record: &Record, from: ActionId, into: ActionId, day: NaiveDate) -> Result<(), MergeError> {
    if from == into {
        return Err(MergeError::Itself);
    }
    let mut chain = vec![into];
    while let Some(next) = chain.last().and_then(|id| record.action(*id)).and_then(|a| a.merged_into_at(day))
    {
        if chain.contains(&next) {
            break;
        }
        chain.push(next);
        if next == from {
            return Err(MergeError::Circle(chain.into_iter().map(|id| record.label(id)).collect()));
        }
    }
    let end = chain.last().copied().unwrap_or(into);
    let Some(target) = record.action(end) else {
        return Err(MergeError::NotInPlan);
    };
    if target.state_at(day) == super::action::State::NoFurtherAction {
        return Err(MergeError::TargetClosed(target.label.clone()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{
        action::{Action, State},
        sample::{action, change, day, merged, record},
    };

    const DAY: &str = "2017-12-07";

    /// Actions 1 to `n`, merged as given.
    fn plan(n: i64, merges: &[(i64, i64)]) -> Record {
        record((1..=n).map(|id| match merges.iter().find(|(from, _)| *from == id) {
            Some((_, into)) => merged(action(id, None), *into, DAY),
            None => action(id, None),
        }))
    }

    fn fate_of(record: &Record, id: i64) -> i64 {
        fate(record, ActionId(id), day(DAY)).0
    }

    fn checked(record: &Record, from: i64, into: i64) -> Result<(), String> {
        check(record, ActionId(from), ActionId(into), day(DAY)).map_err(|e| e.to_string())
    }

    #[test]
    fn fate_is_at_the_end_of_the_chain() {
        let record = plan(4, &[(1, 2), (2, 3)]);
        assert_eq!([1, 2, 3, 4].map(|id| fate_of(&record, id)), [3, 3, 3, 4]);
    }

    #[test]
    fn a_merge_holds_from_its_day() {
        let record = plan(2, &[(1, 2)]);
        assert_eq!(fate(&record, ActionId(1), day("2017-12-06")), ActionId(1));
        assert_eq!(fate(&record, ActionId(1), day(DAY)), ActionId(2));
    }

    #[test]
    fn chains_are_allowed_and_circles_are_refused_with_their_chain() {
        let chain = plan(4, &[(1, 2), (2, 3)]);
        assert_eq!(checked(&chain, 3, 4), Ok(()));
        assert_eq!(checked(&chain, 4, 1), Ok(()));
        let refused = checked(&chain, 3, 1).unwrap_err();
        assert!(refused.contains("A1 → A2 → A3"), "{refused}");
        let direct = checked(&plan(2, &[(1, 2)]), 2, 1).unwrap_err();
        assert!(direct.contains("A1 → A2"), "{direct}");
    }

    #[test]
    fn nothing_is_merged_into_itself_into_what_is_closed_or_into_another_plan() {
        let closed = Action { states: vec![change(State::NoFurtherAction, DAY)], ..action(3, None) };
        let record = record([action(1, None), merged(action(2, None), 3, DAY), closed]);
        for (into, reason) in [
            (1, "An action can’t be merged into itself"),
            (2, "A3 is closed with no further action: choose an action in which the work goes on"),
            (3, "A3 is closed with no further action: choose an action in which the work goes on"),
            (9, "Choose an action of this plan"),
        ] {
            assert_eq!(checked(&record, 1, into), Err(reason.to_owned()), "into {into}");
        }
    }

    #[test]
    fn a_circle_in_damaged_data_ends() {
        let record = plan(4, &[(1, 2), (2, 3), (3, 2)]);
        assert!((1..=4).contains(&fate_of(&record, 1)));
        assert!(check(&record, ActionId(4), ActionId(1), day(DAY)).is_ok());
    }

    proptest! {
        #[test]
        fn merges_that_are_allowed_one_after_another_always_lead_to_an_open_action(
            tries in prop::collection::vec((1_i64..=6, 1_i64..=6), 0..30),
        ) {
            let mut merges: Vec<(i64, i64)> = Vec::new();
            for (from, into) in tries {
                if checked(&plan(6, &merges), from, into).is_ok() {
                    merges.retain(|(merged, _)| *merged != from);
                    merges.push((from, into));
                }
            }
            let record = plan(6, &merges);
            for id in 1..=6 {
                let end = fate_of(&record, id);
                prop_assert!(merges.iter().all(|(from, _)| *from != end), "{id} ends in {end}: {merges:?}");
            }
        }
    }
}
