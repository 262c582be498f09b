//! Updates: dated narrative on one action, append-only once its round is closed.

use chrono::NaiveDate;

use super::{
    code::coded,
    id::{ActionId, PersonId, RoundId, UpdateId},
    rating::Rating,
    round::Round,
};

coded! {
    /// "Last time you said: ... Did that happen?"
    pub enum Promise {
        /// It happened.
        Kept = "yes",
        /// Some of it.
        Partly = "partly",
        /// It did not.
        NotKept = "no",
    }
}

impl Promise {
    /// The word on the form and in the papers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Kept => "Yes",
            Self::Partly => "Partly",
            Self::NotKept => "No",
        }
    }
}

coded! {
    /// How an update reached whoever entered it for somebody else.
    pub enum ReceivedBy {
        /// By email.
        Email = "email",
        /// By phone.
        Phone = "phone",
        /// In a meeting.
        Meeting = "meeting",
    }
}

impl ReceivedBy {
    /// "by email", "by phone", "in a meeting".
    pub fn words(self) -> &'static str {
        match self {
            Self::Email => "by email",
            Self::Phone => "by phone",
            Self::Meeting => "in a meeting",
        }
    }
}

/// The three dates of an update are the round's, the day written and the day it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// Identifier; a later one is the later row.
    pub id: UpdateId,
    /// The action.
    pub action: ActionId,
    /// The round it belongs to; none: written between rounds.
    pub round: Option<RoundId>,
    /// Paragraphs separated by blank lines.
    pub narrative: String,
    /// What the lead reports.
    pub reported: Rating,
    /// What is promised next.
    pub next_steps: Option<String>,
    /// What became of the next steps promised last time.
    pub promise: Option<Promise>,
    /// What puts it right, and by when (asked for with at risk and off track).
    pub put_right: Option<String>,
    /// What difference it made (asked for with complete).
    pub outcome: Option<String>,
    /// "Not known yet", given as the answer.
    pub outcome_not_known: bool,
    /// The day the text speaks of, where it says one.
    pub speaks_of: Option<NaiveDate>,
    /// The office day on which it was written; unknown for imported and seeded rows, and then it stays so.
    pub written_on: Option<NaiveDate>,
    /// The day from which it counts: the day written, else its round's.
    pub known_from: NaiveDate,
    /// Who wrote or entered it.
    pub author: Option<PersonId>,
    /// The name shown for the author.
    pub author_name: Option<String>,
    /// "for the MAP Coordinator, received by email on 4 December 2017".
    pub entered_for: Option<String>,
    /// The row that this one corrects.
    pub supersedes: Option<UpdateId>,
}

/// The day from which a row counts: its own, else its round's, else a day that somebody knew for certain.
pub fn counts_from(written_on: Option<NaiveDate>, round: Option<&Round>, otherwise: NaiveDate) -> NaiveDate {
    written_on.or_else(|| round.map(Round::counts_from)).unwrap_or(otherwise)
}
