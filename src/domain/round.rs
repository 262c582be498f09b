//! Reporting rounds: the times at which a panel asks for updates.

use chrono::NaiveDate;

use super::{code::coded, deadline::Span, id::RoundId};

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
    /// The meeting it is for.
    pub meeting_on: Option<NaiveDate>,
}

impl Round {
    /// The day from which rows without a day of their own count: the round's date, a month-only one from its last day.
    pub fn counts_from(&self) -> NaiveDate {
        self.span.latest
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

    /// What to write where an action has no update in this round.
    pub fn gap_words(&self, today: NaiveDate) -> &'static str {
        let due_has_passed = self.updates_due_on.is_some_and(|due| today > due);
        if self.state_at(today).is_closed() || due_has_passed {
            "No update received"
        } else {
            "Awaiting update"
        }
    }
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
