//! A plan in numbers, and the sentence that says them.

use chrono::NaiveDate;

use super::line::{Column, Line, lacks_update};
use crate::domain::{
    rating::{Rating, Suggested},
    text::{list, plural},
};

/// The counts of a plan at the end of a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) actions: usize,
    /// By what the facts say: every action once.
    pub(super) suggested: Vec<(Suggested, usize)>,
    /// By what the latest update reports: every action once.
    pub(super) reported: Vec<(Rating, usize)>,
    pub(super) overdue: usize,
    pub(super) no_update: usize,
    pub(super) asked: usize,
    pub(super) disagree: usize,
}

/// Counts the lines of a whole plan.
pub(super) fn of(lines: &[Line<'_>], columns: &[Column<'_>], day: NaiveDate) -> Tally {
    let standings: Vec<_> = lines.iter().filter_map(|l| l.standing.as_ref()).collect();
    let count = |which: &dyn Fn(&crate::domain::standing::Standing<'_>) -> bool| {
        standings.iter().filter(|s| which(s)).count()
    };
    let counts = |n: &(_, usize)| n.1 > 0;
    Tally {
        actions: standings.len(),
        suggested: Suggested::ALL
            .iter()
            .map(|r| (*r, count(&|s| s.suggestion.rating == *r)))
            .filter(|n| n.1 > 0)
            .collect(),
        reported: Rating::ALL.iter().map(|r| (*r, count(&|s| s.reported == *r))).filter(counts).collect(),
        overdue: count(&|s| s.overdue_days.is_some()),
        no_update: count(&|s| lacks_update(s, columns, day)),
        asked: count(&|s| s.asked.is_some()),
        disagree: count(&|s| s.disagreement().is_some()),
    }
}

impl Tally {
    /// "22 actions: 11 complete, 4 off track, 1 at risk and 6 with nothing against them."
    pub(super) fn sentence(&self) -> String {
        if self.actions == 0 {
            return "No actions yet.".to_owned();
        }
        let by_the_facts: Vec<String> = [
            (Suggested::Complete, "complete"),
            (Suggested::OffTrack, "off track"),
            (Suggested::AtRisk, "at risk"),
            (Suggested::NoDate, "without a date to judge by"),
            (Suggested::NothingAgainst, "with nothing against"),
            (Suggested::NotRated, "not rated"),
        ]
        .into_iter()
        .filter_map(|(rating, words)| {
            let (_, n) = self.suggested.iter().find(|(r, _)| *r == rating)?;
            let them = match (rating, n) {
                (Suggested::NothingAgainst, 1) => " it",
                (Suggested::NothingAgainst, _) => " them",
                _ => "",
            };
            Some(format!("{n} {words}{them}"))
        })
        .collect();
        let actions = plural(self.actions, "action", "actions");
        format!("{actions}. By the facts: {}.", list(&by_the_facts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_names_what_there_is_and_nothing_else() {
        let tally = Tally {
            actions: 22,
            suggested: vec![
                (Suggested::OffTrack, 4),
                (Suggested::AtRisk, 1),
                (Suggested::NothingAgainst, 6),
                (Suggested::Complete, 11),
            ],
            ..Tally::default()
        };
        assert_eq!(
            tally.sentence(),
            "22 actions. By the facts: 11 complete, 4 off track, 1 at risk and 6 with nothing against them."
        );
        assert_eq!(Tally::default().sentence(), "No actions yet.");
    }
}
