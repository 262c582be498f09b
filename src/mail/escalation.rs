//! Word to a manager of what stays overdue, with a copy to each lead of what is theirs: a subject, plain text and HTML that say
//! the same.
//!
//! Pure functions from an [`Escalation`] to text. It says who gets it besides, so that nobody is written about behind their
//! back.

use maud::html;

use super::{
    digest::Item,
    document::{BUTTON, CARD, COLUMN, FACTS, SMALL, TITLE, document},
};
use crate::domain::text::{self, plural};

pub(super) mod sample;

/// Everything that the mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escalation {
    /// The council's name.
    pub council: String,
    /// The manager, by name and post.
    pub manager: String,
    /// Set where the reader is a lead who gets a copy.
    pub is_copy: bool,
    /// The leads, by post or name, each once.
    pub copied: Vec<String>,
    /// Set where not all of it has the same leads: a copy then holds only what is its reader's.
    pub apart: bool,
    /// The plan's title.
    pub plan: String,
    /// After how many working days it is sent.
    pub working_days: u32,
    /// What is overdue.
    pub items: Vec<Item>,
    /// Where the plan's policy for mail stands in words, in full.
    pub reminders: String,
}

/// The subject: count and what, then the plan.
pub fn subject(mail: &Escalation) -> String {
    let count = mail.items.len();
    let copy = if mail.is_copy { "Copy: " } else { "" };
    format!(
        "{copy}{count} overdue for {} or more – {}",
        plural(mail.working_days, "working day", "working days"),
        text::short_title(&mail.plan)
    )
}

fn opening(mail: &Escalation) -> String {
    let these = if mail.items.len() == 1 { "This action is" } else { "These actions are" };
    let days = plural(mail.working_days, "working day", "working days");
    let overdue = format!("{these} overdue by {days} or more.");
    if mail.is_copy {
        return format!(
            "{overdue} {} has been told; this is your copy. A few lines on what has happened, or a later date asked for, put it right.",
            mail.manager
        );
    }
    let told = match mail.copied.as_slice() {
        [] => return overdue,
        _ if mail.apart => "Every lead is named below, and has a copy of what is theirs.".to_owned(),
        [one] => format!("{one} has a copy of this email."),
        several => format!("{} have a copy of this email.", text::list(several)),
    };
    format!("{overdue} {told} You may want to talk to them.")
}

fn facts(item: &Item) -> Vec<String> {
    let mut facts = Vec::new();
    facts.extend(item.lead.as_ref().map(|lead| format!("Lead: {lead}")));
    facts.push(format!("By when: {}", item.by_when));
    facts.push(format!("Rating: {}", item.rating));
    facts.push(format!("Last update: {}", item.last_update.as_deref().unwrap_or("none yet")));
    facts.extend(item.jointly.clone());
    facts.extend(item.instead_of.as_ref().map(|reason| format!("Why you: {reason}")));
    facts
}

fn button(mail: &Escalation) -> &'static str {
    if mail.is_copy { "Write your update" } else { "Open the action" }
}

fn why(mail: &Escalation) -> String {
    let who = match mail.is_copy {
        false => "you manage the plan",
        true if mail.items.iter().all(|item| item.instead_of.is_some()) => {
            "you stand in for whoever leads what is overdue"
        }
        true => "you lead what is overdue",
    };
    format!(
        "You get this email because {who}. It is sent once for each action, {} after its deadline, as the plan’s policy says",
        plural(mail.working_days, "working day", "working days")
    )
}

/// The plain text.
pub fn plain(mail: &Escalation) -> String {
    let mut lines = vec![opening(mail), String::new()];
    for item in &mail.items {
        lines.push(format!("{}: {}", item.label, item.title));
        lines.push(format!("  {}", text::initial_capital(&item.reason)));
        lines.extend(facts(item).into_iter().map(|fact| format!("  {fact}")));
        lines.push(format!("  {}: {}", button(mail), item.link));
        lines.push(String::new());
    }
    lines.push("-- ".to_owned());
    lines.push(format!("{}: {}", why(mail), mail.reminders));
    lines.join("\n")
}

/// The same as a whole HTML document.
pub fn html(mail: &Escalation) -> String {
    let content = html! {
        p style="margin:0 0 16px" { (opening(mail)) }
        @for item in &mail.items {
            div style={ (CARD) "#8b1a10" } {
                h2 style=(TITLE) { (item.label) ": " (item.title) }
                p style=(FACTS) {
                    strong { (text::initial_capital(&item.reason)) }
                    @for fact in facts(item) { br; (fact) }
                }
                a href=(item.link) style=(BUTTON) { (button(mail)) }
            }
        }
        p style=(SMALL) { (why(mail)) ": " a href=(mail.reminders) { (mail.reminders) } }
    };
    document(&subject(mail), COLUMN, content)
}

#[cfg(test)]
mod tests {
    use super::{sample::*, *};

    #[test]
    fn one_lead_has_a_copy_and_several_have_one() {
        let one = escalation(false);
        assert!(plain(&one).contains("MAP Coordinator has a copy of this email."));
        let both = Escalation { apart: false, ..of_two_leads() };
        assert!(plain(&both).contains("MAP Coordinator and Education Safeguarding Lead have a copy"));
        // Whose action it is stands with it where not all lead the same.
        let apart = plain(&of_two_leads());
        assert!(apart.contains("Every lead is named below, and has a copy of what is theirs."), "{apart}");
        assert_eq!(apart.matches("  Lead: ").count(), 3);
        let nobody = Escalation { copied: Vec::new(), ..escalation(false) };
        assert!(!plain(&nobody).contains("copy"), "{}", plain(&nobody));
    }

    #[test]
    fn whoever_stands_in_for_the_lead_reads_for_whom() {
        let why = "MAP Coordinator is away until 5 March 2018, so their deputy is asked";
        let mut copy = escalation(true);
        assert!(plain(&copy).contains("because you lead what is overdue."), "{}", plain(&copy));
        copy.items[0].instead_of = Some(why.to_owned());
        for text in [plain(&copy), html(&copy)] {
            assert!(text.contains(&format!("Why you: {why}")), "{text}");
            assert!(text.contains("because you stand in for whoever leads what is overdue."), "{text}");
        }
    }

    #[test]
    fn what_is_overdue_for_longer_is_not_said_to_be_overdue_for_ten_days() {
        assert_eq!(subject(&of_two_leads()), "3 overdue for 10 working days or more – Digital safeguarding");
        assert!(!plain(&escalation(true)).contains("no recent update"));
    }
}
