//! A sample of what goes out on its own about what stays overdue.

use super::Escalation;
use crate::mail::digest::{Item, sample::item};

/// To the manager, of what two leads leave.
pub(crate) fn of_two_leads() -> Escalation {
    let of = |lead: &str, label, title| Item { lead: Some(lead.to_owned()), ..item(label, title, true) };
    Escalation {
        copied: vec!["MAP Coordinator".to_owned(), "Education Safeguarding Lead".to_owned()],
        apart: true,
        items: vec![
            of("MAP Coordinator", "Aiii", "Schools take up the offer of training"),
            of("MAP Coordinator", "C", "A page for parents"),
            of("Education Safeguarding Lead", "D", "A drama for schools"),
        ],
        ..escalation(false)
    }
}

/// To the manager, or the lead's copy.
pub(crate) fn escalation(is_copy: bool) -> Escalation {
    Escalation {
        council: "Middlesbrough Council".to_owned(),
        manager: "Risk and Resilience Manager".to_owned(),
        is_copy,
        copied: vec!["MAP Coordinator".to_owned()],
        apart: false,
        plan: "Digital safeguarding".to_owned(),
        working_days: 10,
        items: vec![item("Aiii", "Schools take up the offer of training", true)],
        reminders: "https://tracker.council.example/my-actions".to_owned(),
    }
}
