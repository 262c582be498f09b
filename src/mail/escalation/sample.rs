//! A sample of what goes out on its own about what stays overdue.

use super::Escalation;
use crate::mail::digest::{Item, sample::item};

/// To the manager, of what two leads leave.
pub(crate) fn of_two_leads() -> Escalation {
    Escalation {
        copied: vec!["MAP Coordinator".to_owned(), "Education Safeguarding Lead".to_owned()],
        apart: true,
        items: vec![
            led_by("MAP Coordinator", "Aiii", "Schools take up the offer of training"),
            led_by("MAP Coordinator", "C", "A page for parents"),
            led_by("Education Safeguarding Lead", "D", "A drama for schools"),
        ],
        ..escalation(false)
    }
}

/// An action as its manager reads of it.
fn led_by(lead: &str, label: &str, title: &str) -> Item {
    let link = format!("https://tracker.council.example/actions/{label}");
    Item { lead: Some(lead.to_owned()), link, ..item(label, title, true) }
}

/// To the manager, or the lead's copy.
pub(crate) fn escalation(is_copy: bool) -> Escalation {
    let (label, title) = ("Aiii", "Schools take up the offer of training");
    Escalation {
        council: "Middlesbrough Council".to_owned(),
        manager: "Risk and Resilience Manager".to_owned(),
        is_copy,
        copied: vec!["MAP Coordinator".to_owned()],
        apart: false,
        plan: "Digital safeguarding".to_owned(),
        working_days: 10,
        items: vec![if is_copy { item(label, title, true) } else { led_by("MAP Coordinator", label, title) }],
        reminders: "https://tracker.council.example/plans/digital-safeguarding/reminders".to_owned(),
    }
}
