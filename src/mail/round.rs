//! The mail of a round: it asks one person once for all updates that are awaited from them, or reminds them.
//!
//! Pure functions from a [`RoundMail`] to a subject, plain text and HTML that say the same. Says per action only what may stand in
//! a mailbox: reference, short title, rating, by when, the day of the last update and a link. Of the meeting's dates a lead is
//! given one to keep: the day by which updates are due.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::document::{BUTTON, CARD, COLUMN, FACTS, HEADING, SMALL, TITLE, document};
use crate::domain::text::{self, plural};

pub(super) mod sample;

/// Everything that one mail of a round says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundMail {
    /// The council's name.
    pub council: String,
    /// The round: "19 Feb 2018".
    pub round: String,
    /// Asked before, and not answered yet.
    pub again: bool,
    /// Updates are due by the end of this day.
    pub due: Option<NaiveDate>,
    /// The day on which the mail is written.
    pub today: NaiveDate,
    /// Who asks: the manager of the (first) plan, by name and post; the same words once where they are the same.
    pub asked_by: String,
    /// Set where the reader is that manager: the mail is then their own list.
    pub own_list: bool,
    /// For whom the updates are: "the Community Safety and Leisure Scrutiny Panel on 19 February 2018".
    pub panel: Option<String>,
    /// Why this person gets it: "you hold the post MAP Coordinator".
    pub because: String,
    /// The plans, by title.
    pub plans: Vec<OfPlan>,
    /// Where all of the reader's actions are.
    pub my_actions: String,
    /// Where they choose how often they are mailed.
    pub choices: String,
    /// The reader's own link to write by, without signing in; none: that is off.
    pub by_link: Option<String>,
}

/// What is asked for of one plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfPlan {
    /// Its title.
    pub title: String,
    /// Its actions, overdue first.
    pub items: Vec<Item>,
}

/// One action that is awaited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its label: "Aiii".
    pub label: String,
    /// Its short title.
    pub title: String,
    /// "overdue by 68 days"; none: it is not.
    pub overdue: Option<String>,
    /// The deadline as written: "Sept 2017"; none: no date was given.
    pub by_when: Option<String>,
    /// A date that is asked for: "March 2018, not decided".
    pub asked: Option<String>,
    /// The reported rating in the plan's word.
    pub rating: String,
    /// The last update: "7 December 2017", "in the round Sept 2017"; none: there is none.
    pub last_update: Option<String>,
    /// The form for an update in full.
    pub link: String,
    /// It is reached by the reader's own link, without signing in.
    pub by_link: bool,
    /// Who else leads it: "Jointly with LSCB Manager: one update is enough".
    pub jointly: Option<String>,
    /// Why the reader is asked instead of the lead: "nobody holds LSCB Manager".
    pub instead_of: Option<String>,
}

impl RoundMail {
    fn items(&self) -> impl Iterator<Item = &Item> {
        self.plans.iter().flat_map(|plan| &plan.items)
    }

    fn is_past_due(&self) -> bool {
        self.due.is_some_and(|due| due < self.today)
    }
}

/// The subject: what is overdue first, then how many updates are due by when, then the plan.
pub fn subject(mail: &RoundMail) -> String {
    let overdue = mail.items().filter(|item| item.overdue.is_some()).count();
    let count = mail.items().count();
    let updates = plural(count, "update", "updates");
    let what = match mail.due {
        Some(due) if mail.is_past_due() => {
            let were = if count == 1 { "was" } else { "were" };
            format!("{updates} {were} due {}", text::short_day(due))
        }
        Some(due) => format!("{updates} due {}", text::short_day(due)),
        None => format!("{updates} asked for"),
    };
    // They are among the others.
    let among = if overdue > 0 { format!(" ({overdue} overdue)") } else { String::new() };
    let plans = match mail.plans.as_slice() {
        [one] => text::short_title(&one.title),
        many => plural(many.len(), "plan", "plans"),
    };
    format!("{what}{among} – {plans}")
}

fn opening(mail: &RoundMail) -> String {
    let RoundMail { asked_by, council, .. } = mail;
    let one = mail.items().count() == 1;
    let updates = if one { "update" } else { "updates" };
    let panel = mail.panel.as_ref().map_or(String::new(), |panel| format!(" for {panel}"));
    match (mail.own_list, mail.again) {
        (true, false) => format!("Your own list as {asked_by}, {council}: your {updates}{panel}."),
        (true, true) => {
            let these = if one { "this update is" } else { "these updates are" };
            format!("Your own list as {asked_by}, {council}: {these} still awaited{panel}.")
        }
        (false, false) => format!("{asked_by}, {council}, asks for your {updates}{panel}."),
        (false, true) => {
            format!(
                "{asked_by}, {council}, reminds you of your {updates}{panel}: we have not received what is listed here."
            )
        }
    }
}

/// The one date to keep.
fn due(mail: &RoundMail) -> Option<String> {
    let day = text::weekday_day(mail.due?);
    Some(if mail.is_past_due() {
        let theirs = match mail.items().count() {
            1 => "Yours will still be accepted: please write it now.",
            _ => "They will still be accepted: please write them now.",
        };
        format!("Updates were due by {day}. {theirs}")
    } else {
        format!("Please write by {day}.")
    })
}

/// What has to be known of the reader's own link.
const YOURS_ALONE: &str =
    "This link is yours alone: do not forward it. It works for these updates until the round closes.";

pub(super) const NO_NEED: &str = " – no need to sign in";

/// The words of the link to their choices.
pub(super) const CHOOSE: &str = "Choose how often you are mailed, or who is asked while you are away";

/// What the reader's own link is for.
pub(super) fn write_without(count: usize) -> String {
    let updates = if count == 1 { "update" } else { "updates" };
    format!("Write your {updates}{NO_NEED}")
}

fn replying(mail: &RoundMail) -> String {
    let mut words = "Open an action to write what has happened. It takes about two minutes.".to_owned();
    if !mail.own_list {
        words.push_str(" You can also reply to this email; ");
        words.push_str(&mail.asked_by);
        words.push_str(" will enter it for you.");
    }
    words
}

fn why(mail: &RoundMail) -> String {
    let RoundMail { because, round, .. } = mail;
    let sent = if mail.again {
        format!("a reminder for the round {round} was sent to everyone who is awaited")
    } else {
        format!("the round {round} was opened")
    };
    let change = if mail.own_list {
        "Change the leads or hand the post over on the pages of the plan."
    } else {
        "If that is not right, reply and say so."
    };
    format!(
        "You get this email because {because}, and {sent}. You are asked once in a round, and reminded at most once a day. {change}"
    )
}

/// What is said of an action besides that it is overdue, a line each.
pub fn facts(item: &Item) -> Vec<String> {
    let mut facts = vec![format!("By when: {}", item.by_when.as_deref().unwrap_or("no date given"))];
    facts.extend(item.asked.as_ref().map(|asked| format!("Asked for: {asked}")));
    facts.push(format!("Rating: {}", item.rating));
    facts.push(format!("Last update: {}", item.last_update.as_deref().unwrap_or("none yet")));
    facts.extend(item.jointly.clone());
    facts.extend(item.instead_of.as_ref().map(|reason| format!("Why you: {reason}")));
    facts
}

/// The plain text.
pub fn plain(mail: &RoundMail) -> String {
    let mut lines = vec![opening(mail), String::new()];
    if let Some(due) = due(mail) {
        lines.extend([due, String::new()]);
    }
    if let Some(link) = &mail.by_link {
        lines.extend([
            format!("{}: {link}", write_without(mail.items().count())),
            YOURS_ALONE.to_owned(),
            String::new(),
        ]);
    }
    for plan in &mail.plans {
        lines.push(plan.title.to_uppercase());
        for item in &plan.items {
            lines.push(String::new());
            lines.push(format!("{}: {}", item.label, item.title));
            if let Some(overdue) = &item.overdue {
                lines.push(format!("  {}", text::initial_capital(overdue)));
            }
            lines.extend(facts(item).into_iter().map(|fact| format!("  {fact}")));
            let need = if item.by_link { NO_NEED } else { "" };
            lines.push(format!("  Write your update{need}: {}", item.link));
        }
        lines.push(String::new());
    }
    lines.push(replying(mail));
    lines.push(String::new());
    lines.push(format!("All your actions: {}", mail.my_actions));
    lines.push(String::new());
    lines.push("-- ".to_owned());
    lines.push(why(mail));
    lines.push(format!("{CHOOSE}: {}", mail.choices));
    lines.join("\n")
}

/// The same as a whole HTML document: one column, readable at 320 px and in dark programs.
pub fn html(mail: &RoundMail) -> String {
    let content = html! {
        p style="margin:0 0 16px" { (opening(mail)) }
        @if let Some(due) = due(mail) { p style="margin:0 0 16px" { strong { (due) } } }
        @if let Some(link) = &mail.by_link {
            p style="margin:0 0 8px" { a href=(link) style=(BUTTON) { (write_without(mail.items().count())) } }
            p style="margin:0 0 16px" { (YOURS_ALONE) }
        }
        @for plan in &mail.plans {
            h2 style=(HEADING) { (plan.title) }
            @for item in &plan.items { (card(item)) }
        }
        p style="margin:20px 0 0" { (replying(mail)) }
        p style="margin:12px 0 0" { "All your actions: " a href=(mail.my_actions) { (mail.my_actions) } }
        p style=(SMALL) { (why(mail)) " " a href=(mail.choices) { (CHOOSE) } "." }
    };
    document(&subject(mail), COLUMN, content)
}

fn card(item: &Item) -> Markup {
    html! {
        div style={ (CARD) (if item.overdue.is_some() { "#8b1a10" } else { "#12436d" }) } {
            h3 style=(TITLE) { (item.label) ": " (item.title) }
            p style=(FACTS) {
                @if let Some(overdue) = &item.overdue { strong { (text::initial_capital(overdue)) } br; }
                @for (n, fact) in facts(item).into_iter().enumerate() {
                    @if n > 0 { br; }
                    (fact)
                }
            }
            a href=(item.link) style=(BUTTON) { "Write your update on " (item.label) @if item.by_link { (NO_NEED) } }
        }
    }
}

#[cfg(test)]
#[path = "round_tests.rs"]
mod tests;
