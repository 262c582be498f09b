//! Under what a mail program files our mail: one list, and one thread for each person and plan.
//!
//! Pure functions; whether a message belongs to either is up to whoever makes it.

use super::message::List;
use crate::domain::id::{PersonId, PlanId};

/// The list of everything that is sent about plans: not of account mails.
pub fn list(council: &str, host: &str) -> List {
    let name = if council.is_empty() { "Reminders".to_owned() } else { format!("Reminders, {council}") };
    List { name, id: format!("reminders.{host}") }
}

/// The message that all mail to a person about a plan refers to, angle brackets included. It was never sent: it only has to be the
/// same each time, so that mail programs put what refers to it together.
pub fn root(plan: PlanId, person: PersonId, domain: &str) -> String {
    format!("<plan-{plan}.person-{person}.thread@{domain}>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_is_of_one_person_and_one_plan() {
        let root = |plan, person| root(PlanId(plan), PersonId(person), "council.example");
        assert_eq!(root(7, 12), "<plan-7.person-12.thread@council.example>");
        assert_ne!(root(7, 12), root(71, 2));
    }

    #[test]
    fn a_list_says_whose_it_is() {
        assert_eq!(list("A council", "tracker.example").name, "Reminders, A council");
        assert_eq!(
            list("", "tracker.example"),
            List { name: "Reminders".to_owned(), id: "reminders.tracker.example".to_owned() }
        );
    }
}
