//! Questions from the panel: drafted by a member, passed on by the scrutiny officer, answered by the lead, resolved.

use chrono::NaiveDate;

use super::{
    code::coded,
    id::{ActionId, PersonId, QuestionId},
};

coded! {
    /// Where a question stands.
    pub enum QuestionState {
        /// Drafted by a member; the scrutiny officer has not passed it on.
        Draft = "draft",
        /// Given back to the member, with a comment.
        Returned = "returned",
        /// Withdrawn by the member before it was passed on.
        Withdrawn = "withdrawn",
        /// With the lead.
        PassedOn = "passed_on",
        /// Answered.
        Answered = "answered",
        /// Answered, and settled.
        Resolved = "resolved",
    }
}

impl QuestionState {
    /// The words on pages and in the papers.
    pub fn words(self) -> &'static str {
        match self {
            Self::Draft => "Draft, not yet passed on",
            Self::Returned => "Returned to the member",
            Self::Withdrawn => "Withdrawn",
            Self::PassedOn => "Awaiting an answer",
            Self::Answered => "Answered",
            Self::Resolved => "Resolved",
        }
    }

    /// Whether everyone who may read the plan may read it.
    pub fn is_passed_on(self) -> bool {
        matches!(self, Self::PassedOn | Self::Answered | Self::Resolved)
    }
}

/// A question on one action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Identifier.
    pub id: QuestionId,
    /// Number of the saved state, for two people who edit at once.
    pub version: i32,
    /// The action.
    pub action: ActionId,
    /// The words.
    pub text: String,
    /// Where it stands.
    pub state: QuestionState,
    /// The member who drafted it.
    pub drafted_by: Option<PersonId>,
    /// When.
    pub drafted_on: NaiveDate,
    /// Why it was returned to the member.
    pub comment: Option<String>,
    /// When it was passed on.
    pub passed_on_on: Option<NaiveDate>,
    /// The answer.
    pub answer: Option<String>,
    /// Who answered.
    pub answered_by: Option<PersonId>,
    /// When.
    pub answered_on: Option<NaiveDate>,
    /// When it was settled.
    pub resolved_on: Option<NaiveDate>,
}
