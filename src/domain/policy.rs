//! When a plan's leads are reminded, and who hears of what they leave: the plan's own policy, or the default.
//!
//! Owns the figures, what is allowed of them, and the policy in words, as pages and forms say it. What follows on a day is
//! [`super::reminder`]'s.

use std::ops::RangeInclusive;

use super::{id::PostId, text::plural};

/// A plan's policy for mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Days before the deadline of the first reminder; none: it is not sent.
    pub first_days: Option<u32>,
    /// Working days before the deadline of the second; none: it is not sent.
    pub second_working_days: Option<u32>,
    /// Whether there is one on the day.
    pub on_the_day: bool,
    /// Days between overdue mails, at least.
    pub overdue_every_days: u32,
    /// Overdue mails in all, per person, action and deadline; 0: none.
    pub overdue_mails: u32,
    /// Days for which an update written after the deadline quiets the overdue mail (the last included).
    pub quiet_days: u32,
    /// Working days before updates for a round are due of the first reminder; none: it is not sent.
    pub round_first_working_days: Option<u32>,
    /// The same of the second.
    pub round_second_working_days: Option<u32>,
    /// Whether the manager and the scrutiny officers are told every week how an open round stands.
    pub monday_mail: bool,
    /// Who hears of an action that stays overdue; none: nobody by itself.
    pub escalation: Option<Escalation>,
}

/// Who hears of an action that stays overdue. Never councillors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escalation {
    /// From this many working days after the deadline, it stands in the manager's weekly digest.
    pub listed_working_days: u32,
    /// After this many, the manager gets a mail of its own, and the lead a copy.
    pub mailed_working_days: u32,
    /// The accountable director's post: where the manager is the lead, it stands in their weekly digest. None: nobody's.
    pub director: Option<PostId>,
}

/// What may be entered for days before and between.
pub const DAYS: RangeInclusive<u32> = 1..=90;
/// For working days before.
pub const WORKING_DAYS: RangeInclusive<u32> = 1..=30;
/// For the number of overdue mails.
pub const MAILS: RangeInclusive<u32> = 0..=20;

impl Default for Escalation {
    fn default() -> Self {
        Self { listed_working_days: 5, mailed_working_days: 10, director: None }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            first_days: Some(14),
            second_working_days: Some(3),
            on_the_day: true,
            overdue_every_days: 7,
            overdue_mails: 5,
            quiet_days: 28,
            round_first_working_days: Some(5),
            round_second_working_days: Some(1),
            monday_mail: true,
            escalation: Some(Escalation::default()),
        }
    }
}

impl Policy {
    /// When a mail comes before a deadline, in words: "14 days, 3 working days and on the day before a deadline"; none: never.
    pub fn before_words(&self) -> Option<String> {
        let mut parts = Vec::new();
        if let Some(days) = self.first_days {
            parts.push(format!("{} before", plural(days, "day", "days")));
        }
        if let Some(days) = self.second_working_days {
            parts.push(format!("{} before", plural(days, "working day", "working days")));
        }
        if self.on_the_day {
            parts.push("on the day".to_owned());
        }
        (!parts.is_empty()).then(|| super::text::list(&parts))
    }
}
