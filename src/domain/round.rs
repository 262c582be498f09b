//! Reporting rounds: the times at which a panel asks for updates.

use chrono::NaiveDate;

use super::{code::coded, deadline::Span, id::RoundId, meeting::Meeting};

coded! {
    /// Where a round stands. A round is frozen when it is closed.
    pub enum RoundState {
        /// Dates are set; nobody has been asked.
        Planned = "planned",
        /// Leads are asked for updates.
        Open = "open",
        /// Frozen: its updates are part of the papers.
        Closed = "closed",
        /// The panel can read it.
        Published = "published",
    }
}

impl RoundState {
    /// The word on pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Planned => "Planned",
            Self::Open => "Open",
            Self::Closed => "Closed",
            Self::Published => "Published",
        }
    }

    /// Closed or published.
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Closed | Self::Published)
    }
}

/// One reporting round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// Identifier.
    pub id: RoundId,
    /// Number of the saved state.
    pub version: i32,
    /// As the plan's column head names it: "Sept 2017".
    pub label: String,
    /// The days its date can mean: a month or a day.
    pub span: Span,
    /// Where it stands now.
    pub state: RoundState,
    /// Office day on which leads were asked; unknown for rounds from before this record.
    pub opened_on: Option<NaiveDate>,
    /// Office day on which it was frozen.
    pub closed_on: Option<NaiveDate>,
    /// Office day from which the panel reads it.
    pub published_on: Option<NaiveDate>,
    /// Updates are due by the end of this day.
    pub updates_due_on: Option<NaiveDate>,
    /// The day of the meeting it is for.
    pub meeting_on: Option<NaiveDate>,
    /// That meeting; none: not recorded.
    pub meeting: Option<Meeting>,
}

impl Round {
    /// The day from which rows without a day of their own count: the round's date, a month-only one from its last day.
    pub fn counts_from(&self) -> NaiveDate {
        self.span.latest
    }

    /// The day on which a closed round was frozen: what its papers say is as at its end. Without a recorded day the round's
    /// own date.
    pub fn frozen_on(&self) -> NaiveDate {
        self.closed_on.unwrap_or_else(|| self.counts_from())
    }

    /// Where the round stood at the end of a day. Without recorded days the round's own date decides.
    pub fn state_at(&self, day: NaiveDate) -> RoundState {
        let reached = |on: Option<NaiveDate>, state: RoundState| {
            self.state >= state && on.unwrap_or_else(|| self.counts_from()) <= day
        };
        if reached(self.published_on, RoundState::Published) {
            RoundState::Published
        } else if reached(self.closed_on, RoundState::Closed) {
            RoundState::Closed
        } else if reached(self.opened_on, RoundState::Open) {
            RoundState::Open
        } else {
            RoundState::Planned
        }
    }

    /// Whether an update that is not there yet is still in time.
    pub fn is_awaited(&self, today: NaiveDate) -> bool {
        !self.state_at(today).is_closed() && self.updates_due_on.is_none_or(|due| today <= due)
    }

    /// The day before which a step comes too early: closing before the day by which updates are due, publishing before that
    /// by which the papers are.
    pub fn is_early(&self, step: RoundState, today: NaiveDate) -> Option<NaiveDate> {
        let due = match step {
            RoundState::Planned | RoundState::Open => None,
            RoundState::Closed => self.updates_due_on,
            RoundState::Published => self.meeting.as_ref().and_then(|m| m.dates.papers_due_on),
        };
        due.filter(|due| today < *due)
    }

    /// What to write where an action has no update in this round.
    pub fn gap_words(&self, today: NaiveDate) -> &'static str {
        if self.is_awaited(today) { "Awaiting update" } else { "No update received" }
    }
}

/// What a round is called unless somebody says otherwise: "19 Feb 2018", "Sept 2017", as its column is headed.
pub fn proposed_label(span: Span) -> String {
    let month = span.latest.format("%b %Y").to_string().replace("Sep ", "Sept ");
    if span.is_month() { month } else { format!("{} {month}", span.latest.format("%-d")) }
}

/// A round as somebody planned it, with all its fields checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundDraft {
    /// As the plan's column head will name it.
    pub label: String,
    /// The days its date can mean.
    pub span: Span,
    /// Updates are due by the end of this day.
    pub updates_due_on: Option<NaiveDate>,
    /// The day of the meeting.
    pub meeting_on: Option<NaiveDate>,
    /// The body that meets.
    pub meeting_of: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample::{day, round};

    #[test]
    fn a_round_goes_through_its_states_on_the_days_recorded() {
        let round = Round {
            opened_on: Some(day("2018-01-15")),
            closed_on: Some(day("2018-02-09")),
            published_on: Some(day("2018-02-12")),
            ..round(1, "19 Feb 2018", "2018-02-19", RoundState::Published)
        };
        for (on, state) in [
            ("2018-01-14", RoundState::Planned),
            ("2018-01-15", RoundState::Open),
            ("2018-02-08", RoundState::Open),
            ("2018-02-09", RoundState::Closed),
            ("2018-02-11", RoundState::Closed),
            ("2018-02-12", RoundState::Published),
            ("2030-01-01", RoundState::Published),
        ] {
            assert_eq!(round.state_at(day(on)), state, "on {on}");
        }
    }

    #[test]
    fn a_round_is_never_further_than_it_is_now() {
        for state in RoundState::ALL {
            let round = Round {
                opened_on: None,
                closed_on: None,
                published_on: None,
                ..round(1, "R", "2018-02-19", *state)
            };
            assert_eq!(round.state_at(day("2030-01-01")), *state);
            // Without recorded days its own date decides.
            assert_eq!(round.state_at(day("2018-02-18")), RoundState::Planned);
            assert_eq!(round.state_at(day("2018-02-19")), *state);
        }
    }

    #[test]
    fn a_round_that_names_a_month_counts_from_its_last_day() {
        let span = Span::month(2017, 9).unwrap();
        let round = Round {
            span,
            closed_on: None,
            published_on: None,
            opened_on: None,
            ..round(1, "Sept 2017", "2017-09-01", RoundState::Closed)
        };
        assert_eq!(round.counts_from(), day("2017-09-30"));
        assert_eq!(round.state_at(day("2017-09-29")), RoundState::Planned);
        assert_eq!(round.state_at(day("2017-09-30")), RoundState::Closed);
    }

    #[test]
    fn an_update_is_awaited_until_the_day_on_which_it_is_due_and_missing_from_the_day_after() {
        let open = Round {
            updates_due_on: Some(day("2018-01-29")),
            ..round(1, "19 Feb 2018", "2018-01-15", RoundState::Open)
        };
        let closed = Round { closed_on: Some(day("2018-01-25")), state: RoundState::Closed, ..open.clone() };
        let without_due = Round { updates_due_on: None, ..open.clone() };
        for (round, on, words) in [
            (&open, "2018-01-15", "Awaiting update"),
            (&open, "2018-01-29", "Awaiting update"),
            (&open, "2018-01-30", "No update received"),
            (&without_due, "2018-06-01", "Awaiting update"),
            (&closed, "2018-01-24", "Awaiting update"),
            (&closed, "2018-01-25", "No update received"),
        ] {
            assert_eq!(round.gap_words(day(on)), words, "on {on}");
        }
    }
}
