//! The words for messages in the outbox: what kind, and where they stand.

use super::code::coded;

/// With what the path of a round's link begins; its token follows.
pub const ROUND_LINK: &str = "/u/";

/// What is noted of a message that was kept on this machine, where there is no mail server.
pub const KEPT: &str = "kept on this machine, not sent";

/// Whether the bytes of a message hold a round's link, wherever quoted-printable has broken its lines. Such bytes are kept no
/// longer than they are needed, and in no backup.
pub fn holds_round_link(mime: &str) -> bool {
    mime.replace("=\r\n", "").contains(ROUND_LINK)
}

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

    /// Whether it is about the way in or the way out, and not about what a plan asks of anybody.
    pub fn is_own(self) -> bool {
        matches!(self, Self::Account | Self::Test)
    }

    /// Whether it is queued without its text and written from the facts of the day on which it goes out.
    pub fn is_written_late(self) -> bool {
        matches!(self, Self::Reminder | Self::Escalation | Self::Round)
    }

    /// The words in the log, where there is no subject yet.
    pub fn words(self) -> &'static str {
        match self {
            Self::Reminder => "Reminder",
            Self::Escalation => "Overdue: told to the manager",
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

coded! {
    /// Why no mail goes out at all: it has nothing to do with any one message.
    pub enum Hindrance {
        /// No line to the mail server, or it takes nobody just now.
        Unreachable = "unreachable",
        /// It does not know us by our name and password, or wants one.
        Password = "password",
        /// The line can't be made safe.
        Tls = "tls",
        /// It does not take mail from our address.
        Sender = "sender",
        /// Something else about how we are set up.
        Settings = "settings",
    }
}

impl Hindrance {
    /// What is wrong, as a sentence without its end: ": 535 wrong password" may follow, or "since 9:00am".
    pub fn words(self) -> &'static str {
        match self {
            Self::Unreachable => "The mail server can’t be reached",
            Self::Password => "The mail server does not take our user name and password",
            Self::Tls => "There is no secure connection (TLS) to the mail server",
            Self::Sender => "The mail server does not take mail from our address",
            Self::Settings => "The mail server rejects our settings",
        }
    }

    /// What to do about it.
    pub fn what_to_do(self) -> &'static str {
        match self {
            Self::Unreachable => {
                "Nothing, if it is being worked on. Otherwise see whether it runs, whether its name and port are right, and whether a firewall is in the way."
            }
            Self::Password => {
                "Set the user name and password that the mail server knows in the settings of the machine (SCRUTINY_SMTP_USER and SCRUTINY_SMTP_PASSWORD), and start again."
            }
            Self::Tls => {
                "See whether the mail server’s certificate has expired or is made out to another name, whether its authority is known here (SCRUTINY_SMTP_CA), and whether SCRUTINY_SMTP_TLS says what the server offers."
            }
            Self::Sender => {
                "Ask whoever runs the mail server to let us send from this address, or set one that it takes (SCRUTINY_MAIL_FROM), and start again."
            }
            Self::Settings => {
                "Look at what it says, put the settings of the mail server right, and start again."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_seen_though_its_line_is_broken() {
        for mime in [
            "https://tracker.example.org/u/c0ffee",
            "https://tracker.example.org/=\r\nu/c0ffee",
            "…/u=\r\n/c0ffee",
        ] {
            assert!(holds_round_link(mime), "{mime}");
        }
        assert!(!holds_round_link("https://tracker.example.org/updates/3"));
    }
}
