//! A sample of what goes out on its own about what stays overdue.

use super::Escalation;
use crate::mail::digest::sample::item;

/// To the manager, or the lead's copy.
pub(crate) fn escalation(is_copy: bool) -> Escalation {
    Escalation {
        council: "Middlesbrough Council".to_owned(),
        manager: "Risk and Resilience Manager".to_owned(),
        is_copy,
        copied: vec!["MAP Coordinator".to_owned()],
        plan: "Digital safeguarding".to_owned(),
        working_days: 10,
        items: vec![item("Aiii", "Schools take up the offer of training", true)],
        reminders: "https://tracker.council.example/my-actions".to_owned(),
    }
}
