//! Slippage: for each action the date first agreed, the date in force, and the date that is asked for.
//!
//! A date is the last day that its wording can mean; what has no date is told apart and never given one.

use super::Dashboard;
use crate::domain::{
    action::Revision,
    deadline::{self, Span},
    standing::Standing,
    text::{self, plural},
};

/// An action with a date in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated<'d, 'a> {
    /// The action.
    pub standing: &'d Standing<'a>,
    /// The deadline first agreed, where it has a date.
    pub original: Option<(&'a Revision, Span)>,
    /// The deadline in force.
    pub current: (&'a Revision, Span),
    /// A date that is asked for and not decided.
    pub asked: Option<(&'a Revision, Span)>,
}

impl Dated<'_, '_> {
    /// By how many days the date in force ends later than the one first agreed; less than none: earlier.
    pub fn days_later(&self) -> i64 {
        self.original.map_or(0, |(_, first)| (self.current.1.latest - first.latest).num_days())
    }

    /// "5 months later than first agreed", "as first agreed".
    pub fn words(&self) -> String {
        let Some((_, first)) = self.original else { return "no date was first agreed".to_owned() };
        against(first, self.current.1)
    }

    /// The same of the date asked for: "2 months later than first agreed".
    pub fn asked_words(&self) -> Option<String> {
        let (first, asked) = (self.original?.1, self.asked?.1);
        Some(against(first, asked))
    }
}

fn against(first: Span, then: Span) -> String {
    match deadline::slippage(first, then) {
        Some(later) => later,
        None if then.latest < first.latest => "earlier than first agreed".to_owned(),
        None => "as first agreed".to_owned(),
    }
}

/// The dates of a plan's actions, in the order of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dates<'d, 'a> {
    /// Those with a date in force.
    pub dated: Vec<Dated<'d, 'a>>,
    /// Those without one.
    pub undated: Vec<&'d Standing<'a>>,
}

impl Dates<'_, '_> {
    /// "Of 22 actions with a date, 3 are due later than first agreed, the furthest by 5 months (K); for 1 a later date is asked for".
    pub fn sentence(&self) -> String {
        let later: Vec<&Dated<'_, '_>> = self.dated.iter().filter(|d| d.days_later() > 0).collect();
        let asked = self.dated.iter().filter(|d| d.asked.is_some()).count();
        let total = plural(self.dated.len(), "action", "actions");
        let is = |n: usize| if n == 1 { "is" } else { "are" };
        let mut words = match later.len() {
            0 => format!("Of {total} with a date, none is due later than first agreed"),
            n => format!("Of {total} with a date, {n} {} due later than first agreed", is(n)),
        };
        // The first of those that are equally late.
        let furthest = later.iter().rev().max_by_key(|d| d.days_later());
        if let Some(furthest) = furthest {
            let by = furthest.words();
            let by = by.strip_suffix(" later than first agreed").unwrap_or(&by);
            words = format!("{words}, the furthest by {by} ({})", furthest.standing.action.label);
        }
        match asked {
            0 => format!("{words}."),
            n => format!("{words}; another date is asked for and not decided for {n}."),
        }
    }
}

impl<'a> Dashboard<'a> {
    /// The dates of the actions: first agreed, in force, asked for.
    pub fn dates(&self) -> Dates<'_, 'a> {
        let with_date = |revision: Option<&'a Revision>| revision.and_then(|r| Some((r, r.span?)));
        let mut dates = Dates { dated: Vec::new(), undated: Vec::new() };
        for standing in &self.standings {
            match with_date(standing.deadline) {
                Some(current) => dates.dated.push(Dated {
                    standing,
                    original: with_date(standing.action.original()),
                    current,
                    asked: with_date(standing.asked),
                }),
                None => dates.undated.push(standing),
            }
        }
        dates
    }
}

/// "“TBC”", "no deadline is given": an action's deadline that is no date, in words.
pub fn no_date_words(standing: &Standing<'_>) -> String {
    let wording = standing.deadline.map(|d| d.wording.trim()).filter(|w| !w.is_empty());
    let first = standing.action.original().filter(|first| first.span.is_some());
    let mut words = match wording {
        Some(wording) => format!("“{wording}”"),
        None => "no deadline is given".to_owned(),
    };
    if let Some(first) = first {
        words = format!("{words}; {} first agreed", text::fold(&first.wording));
    }
    if let Some(asked) = standing.asked {
        words = format!("{words}; {} asked for", text::fold(&asked.wording));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        action::Decider,
        dashboard::Dashboard,
        plan::Record,
        sample::{action, day, decided, record, revision, with_revisions},
    };

    fn plan() -> Record {
        let moved = |id: i64, to: &str| {
            let granted =
                decided(revision(id * 10, Some(to), "2017-10-01"), true, "2017-11-01", Decider::Panel);
            with_revisions(action(id, Some("2018-01-31")), [granted])
        };
        record([
            action(1, Some("2018-01-31")),
            moved(2, "2018-06-30"),
            moved(3, "2017-12-31"),
            with_revisions(action(4, Some("2018-01-31")), [revision(40, Some("2018-03-31"), "2017-10-05")]),
            action(5, None),
            with_revisions(action(6, None), [revision(60, Some("2018-03-31"), "2017-10-05")]),
        ])
    }

    #[test]
    fn each_date_says_how_it_lies_to_the_one_first_agreed() {
        let record = plan();
        let board = Dashboard::at(&record, day("2017-12-07"), |_| true);
        let dates = board.dates();
        let said: Vec<_> = dates.dated.iter().map(|d| (d.days_later(), d.words(), d.asked_words())).collect();
        assert_eq!(
            said,
            [
                (0, "as first agreed".to_owned(), None),
                (150, "5 months later than first agreed".to_owned(), None),
                (-31, "earlier than first agreed".to_owned(), None),
                (0, "as first agreed".to_owned(), Some("2 months later than first agreed".to_owned())),
            ]
        );
        assert_eq!(dates.undated.iter().map(|s| s.action.id.0).collect::<Vec<_>>(), [5, 6]);
        assert_eq!(no_date_words(dates.undated[0]), "“TBC”");
        assert_eq!(no_date_words(dates.undated[1]), "“TBC”; 2018-03-31 asked for");
        assert_eq!(
            dates.sentence(),
            "Of 4 actions with a date, 1 is due later than first agreed, the furthest by 5 months (A2); another date is \
             asked for and not decided for 1."
        );
    }

    #[test]
    fn a_date_moves_on_the_day_on_which_it_is_granted_and_not_before() {
        let record = plan();
        let board = Dashboard::at(&record, day("2017-10-31"), |_| true);
        let dates = board.dates();
        assert!(dates.dated.iter().all(|d| d.days_later() == 0));
        // Asked for, and then not decided yet.
        assert!(dates.dated[1].asked.is_some());
        assert!(
            dates.sentence().starts_with("Of 4 actions with a date, none is due later than first agreed;")
        );
    }
}
