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
