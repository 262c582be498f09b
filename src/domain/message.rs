//! The words for messages in the outbox: what kind, and where they stand.

use super::code::coded;

coded! {
    /// What kind of message.
    pub enum MessageKind {
        /// The day's digest to one person. Goes out in office hours only.
        Reminder = "reminder",
        /// To a manager, that an action stays overdue, with a copy to its lead. Goes out in office hours only.
        Escalation = "escalation",
        /// About a round: it has opened, or an update is awaited. A person pressed it; goes out in office hours only.
        Round = "round",
        /// That a manager has returned an update, as a mail of its own: now a section of the digest.
        Returned = "returned",
        /// That the panel has a question, as a mail of its own: now a section of the digest.
        Question = "question",
        /// What the panel decided, as a mail of its own: now a section of the digest.
        Decision = "decision",
        /// A test mail that an administrator asked for. Goes out at once.
        Test = "test",
        /// About somebody's account: an invitation, a link to sign in. Goes out at any hour and at once.
        Account = "account",
    }
}

impl MessageKind {
    /// Those that go out in office hours only.
    pub const OFFICE_HOURS: &'static [Self] =
        &[Self::Reminder, Self::Escalation, Self::Round, Self::Returned, Self::Question, Self::Decision];

    /// Whether it is written when it is first claimed, from the facts of that day; else when it is queued.
    pub fn is_written_from_facts(self) -> bool {
        matches!(self, Self::Reminder | Self::Escalation | Self::Round)
    }

    /// The words in the log, where there is no subject yet.
    pub fn words(self) -> &'static str {
        match self {
            Self::Reminder => "Reminder",
            Self::Escalation => "Overdue: word to the manager",
            Self::Round => "Reporting round",
            Self::Returned => "Returned update",
            Self::Question => "Question from the panel",
            Self::Decision => "Decision of the panel",
            Self::Test => "Test mail",
            Self::Account => "Account",
        }
    }
}

coded! {
    /// Where a message stands.
    pub enum MessageState {
        /// Waiting to be sent.
        Queued = "queued",
        /// Being sent.
        Sending = "sending",
        /// Handed to the mail server; we cannot tell whether it was read.
        Handed = "handed",
        /// Not sent, and that is right: the note says why.
        NotSent = "not_sent",
        /// Given up: the note says why, and a person has to look at it.
        Failed = "failed",
    }
}

impl MessageState {
    /// The words in the log.
    pub fn words(self) -> &'static str {
        match self {
            Self::Queued => "Waiting to be sent",
            Self::Sending => "Being sent",
            Self::Handed => "Handed to the mail server; we cannot tell whether it was read",
            Self::NotSent => "Not sent",
            Self::Failed => "Not sent: somebody has to look at it",
        }
    }
}
