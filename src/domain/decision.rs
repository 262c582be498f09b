//! What a panel decides at a meeting: what was put to it and what it said, its own ratings, its conclusions.
//!
//! Noted is not agreed. What is deferred or noted stays as it was, and is put to the next meeting again.

use chrono::NaiveDate;

use super::{
    code::coded,
    id::{ActionId, MeetingId, RecommendationId, ResolutionId, RevisionId, StateChangeId, VariationId},
    rating::Rating,
};

coded! {
    /// What was put to the panel.
    pub enum Kind {
        /// That an action is complete.
        Completion = "completion",
        /// Another date.
        Extension = "extension",
        /// That the work goes on in another action.
        Merge = "merge",
        /// Other words of a recommendation.
        Variation = "variation",
    }
}

impl Kind {
    /// The word on pages and in the papers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Completion => "Completion",
            Self::Extension => "Extension",
            Self::Merge => "Merge",
            Self::Variation => "Variation",
        }
    }
}

coded! {
    /// What the panel said to it.
    pub enum Outcome {
        /// Agreed.
        Agreed = "agreed",
        /// Not agreed.
        NotAgreed = "not_agreed",
        /// Put off.
        Deferred = "deferred",
        /// Taken note of, which is not agreed.
        Noted = "noted",
    }
}

impl Outcome {
    /// The words on pages and in the papers.
    pub fn words(self) -> &'static str {
        match self {
            Self::Agreed => "Agreed",
            Self::NotAgreed => "Not agreed",
            Self::Deferred => "Deferred",
            Self::Noted => "Noted, not agreed",
        }
    }

    /// Whether it settles what was put.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Agreed | Self::NotAgreed)
    }
}

/// A resolution of a panel, as far as what it decided needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// Identifier.
    pub id: ResolutionId,
    /// The meeting.
    pub meeting: MeetingId,
    /// The panel.
    pub panel: String,
    /// The day of the meeting.
    pub on: NaiveDate,
    /// The minute reference; none: awaited.
    pub minute: Option<String>,
}

impl Resolution {
    /// The minute reference, or "minute awaited".
    pub fn minute_words(&self) -> &str {
        self.minute.as_deref().unwrap_or("minute awaited")
    }
}

/// One thing that was put to a panel, and what it said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// In which resolution.
    pub resolution: Resolution,
    /// What was put.
    pub kind: Kind,
    /// What the panel said.
    pub outcome: Outcome,
    /// Why.
    pub reason: Option<String>,
    /// The action, of all but variations.
    pub action: Option<ActionId>,
    /// The recommendation of a variation.
    pub recommendation: Option<RecommendationId>,
    /// The date that was asked for.
    pub revision: Option<RevisionId>,
    /// The completion or merge.
    pub state_change: Option<StateChangeId>,
    /// The variation.
    pub variation: Option<VariationId>,
}

/// The panel's own rating of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelRating {
    /// The rating, of the plan's key.
    pub rating: Rating,
    /// Why.
    pub reason: String,
    /// The first day on which it holds.
    pub from: NaiveDate,
    /// The resolution that gave it.
    pub resolution: Option<Resolution>,
}

coded! {
    /// What the panel concludes on a recommendation.
    pub enum Verdict {
        /// Met.
        Met = "met",
        /// Met in part.
        PartlyMet = "partly_met",
        /// Not met.
        NotMet = "not_met",
        /// It can't be said.
        NotKnown = "not_known",
    }
}

impl Verdict {
    /// The words on pages and in the papers.
    pub fn words(self) -> &'static str {
        match self {
            Self::Met => "Met",
            Self::PartlyMet => "Partly met",
            Self::NotMet => "Not met",
            Self::NotKnown => "Not known",
        }
    }
}

/// The panel's conclusion on a recommendation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conclusion {
    /// What it is.
    pub verdict: Verdict,
    /// Why.
    pub reason: Option<String>,
    /// The first day on which it holds.
    pub from: NaiveDate,
    /// The resolution that gave it.
    pub resolution: Option<Resolution>,
}
