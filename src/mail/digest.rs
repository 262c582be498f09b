//! The digest: one mail to one person on one day, as a subject, plain text and HTML that say the same.
//!
//! Pure functions from a [`Digest`] to text. Says per action only what may stand in a mailbox: reference, short title,
//! rating, by when, the day of the last update and a link. Never narrative, never a child's name.

use chrono::NaiveDate;
use maud::html;

use super::document::{BUTTON, CARD, COLUMN, FACTS, HEADING, SMALL, TITLE, document};
use crate::domain::{
    response::Awaited,
    text::{self, plural},
    words::Words,
};

pub(super) mod sample;

/// Everything that one digest says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// The council's name.
    pub council: String,
    /// Who asks: the plan's manager, by name and post; the same words once where they are the same.
    pub asked_by: String,
    /// Set where the reader is that manager: the mail is then their own list.
    pub own_list: bool,
    /// For whom the updates are: "the Community Safety and Leisure Scrutiny Panel on 19 February 2018".
    pub panel: Option<String>,
    /// Why this person gets it: "you hold the post MAP Coordinator".
    pub because: String,
    /// The actions, overdue first.
    pub items: Vec<Item>,
    /// The executive responses that are awaited, overdue first.
    pub responses: Vec<Response>,
    /// Where all of the reader's actions are.
    pub my_actions: String,
    /// The words in which sentences are said here.
    pub words: Words,
}

/// An executive response that is awaited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The plan's title.
    pub plan: String,
    /// Past the day on which it was due.
    pub overdue: bool,
    /// "overdue by 8 days", "due in 14 days".
    pub reason: String,
    /// What was sent, when, and by when the response is due.
    pub awaited: Awaited,
    /// The plan's page in full.
    pub link: String,
}

/// One action in a digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its label: "Aiii".
    pub label: String,
    /// Its short title.
    pub title: String,
    /// The plan's title.
    pub plan: String,
    /// Past its deadline.
    pub overdue: bool,
    /// The last day of its deadline.
    pub latest: NaiveDate,
    /// "overdue by 68 days", "due in 14 days".
    pub reason: String,
    /// The deadline as written: "Sept 2017".
    pub by_when: String,
    /// A date that is asked for: "March 2018 asked for, not decided".
    pub asked: Option<String>,
    /// The reported rating in the plan's word.
    pub rating: String,
    /// The last update: "7 December 2017", "in the round Sept 2017"; none: there is none.
    pub last_update: Option<String>,
    /// The action's page in full.
    pub link: String,
    /// Why the reader is asked instead of the lead: "nobody holds LSCB Manager".
    pub instead_of: Option<String>,
}

/// The subject: count, what and date first, overdue before due, then the plan.
pub fn subject(digest: &Digest) -> String {
    let overdue = digest.items.iter().filter(|i| i.overdue).count();
    let due: Vec<_> = digest.items.iter().filter(|i| !i.overdue).collect();
    let mut parts = Vec::new();
    if overdue > 0 {
        parts.push(format!("{overdue} overdue"));
    }
    // It stands alone where nothing else is in the mail: then it says whose.
    let response = match digest.items.is_empty() {
        true => digest.words.say("{Executive} response"),
        false => "response".to_owned(),
    };
    if digest.responses.iter().any(|r| r.overdue) {
        parts.push(format!("{response} overdue"));
    }
    if let Some(first) = due.iter().map(|i| i.latest).min() {
        let same_day = due.iter().all(|i| i.latest == first);
        let when = text::short_day(first);
        parts.push(if same_day {
            format!("{} due {when}", due.len())
        } else {
            format!("{} due, first {when}", due.len())
        });
    }
    let next = digest.responses.iter().filter(|r| !r.overdue).map(|r| r.awaited.due_on).min();
    if let Some(due) = next {
        parts.push(format!("{response} due {}", text::short_day(due)));
    }
    format!("{} – {}", parts.join(", "), plans(digest))
}

/// The plan's title cut short, or how many plans there are.
fn plans(digest: &Digest) -> String {
    let of_responses = digest.responses.iter().map(|r| r.plan.as_str());
    let mut titles: Vec<&str> = digest.items.iter().map(|i| i.plan.as_str()).chain(of_responses).collect();
    titles.dedup();
    titles.sort_unstable();
    titles.dedup();
    match titles.as_slice() {
        [one] => text::short_title(one),
        many => plural(many.len(), "plan", "plans"),
    }
}

fn opening(digest: &Digest) -> String {
    if digest.items.is_empty() {
        let awaited = digest.words.say("the {executive’s} response to recommendations is awaited.");
        return match digest.council.as_str() {
            "" => text::initial_capital(&awaited),
            council => format!("{council}: {awaited}"),
        };
    }
    let panel = digest.panel.as_ref().map_or(String::new(), |p| format!(" for {p}"));
    if digest.own_list {
        format!(
            "Your own list as {}, {}: these actions need an update{panel}.",
            digest.asked_by, digest.council
        )
    } else {
        format!("{}, {}, asks for your update{panel}.", digest.asked_by, digest.council)
    }
}

fn replying(digest: &Digest) -> String {
    if digest.own_list {
        "Open an action to write what has happened. It takes about two minutes.".to_owned()
    } else {
        format!(
            "Open an action to write what has happened. It takes about two minutes. You can also reply to this email; {} will enter it for you.",
            digest.asked_by
        )
    }
}

fn why(digest: &Digest) -> String {
    let change = if digest.own_list {
        "Change the leads or hand the post over on the pages of the plan."
    } else {
        "If that is not right, reply and say so."
    };
    let before = if digest.items.is_empty() { "a response is due" } else { "a deadline" };
    format!(
        "You get this email because {}. It is sent 14 days, 3 working days and on the day before {before}, and up to five times after it. {change}",
        digest.because
    )
}

fn facts(item: &Item) -> Vec<(&'static str, String)> {
    let mut facts = vec![("By when", item.by_when.clone())];
    if let Some(asked) = &item.asked {
        facts.push(("Asked for", asked.clone()));
    }
    facts.push(("Rating", item.rating.clone()));
    facts.push(("Last update", item.last_update.clone().unwrap_or_else(|| "none yet".to_owned())));
    if let Some(reason) = &item.instead_of {
        facts.push(("Why you", format!("{reason}, so the plan’s manager is asked")));
    }
    facts
}

fn response_facts(response: &Response) -> Vec<(&'static str, String)> {
    let Awaited { sent_on, due_on, recommendations } = response.awaited;
    let mut facts = vec![("Sent", text::day(sent_on)), ("Response due", text::day(due_on))];
    if recommendations > 0 {
        facts.push(("Not answered", plural(recommendations, "recommendation", "recommendations")));
    }
    facts
}

/// What to do once it is there.
fn once_there(digest: &Digest) -> String {
    digest.words.say(
        "Once the {executive} has responded, record its response to each recommendation, or the day on which the plan was agreed. These reminders then stop.",
    )
}

/// The two groups of a digest, those that are not empty, with their headings.
fn groups(digest: &Digest) -> impl Iterator<Item = (&'static str, Vec<&Item>)> {
    let of = |overdue: bool| digest.items.iter().filter(|i| i.overdue == overdue).collect::<Vec<_>>();
    [("Overdue", of(true)), ("Due soon", of(false))].into_iter().filter(|(_, items)| !items.is_empty())
}

/// The plain text.
pub fn plain(digest: &Digest) -> String {
    let mut lines = vec![opening(digest), String::new()];
    for (heading, items) in groups(digest) {
        lines.push(heading.to_uppercase());
        for item in items {
            lines.push(String::new());
            lines.push(format!("{}: {}", item.label, item.title));
            lines.push(format!("  {}", text::initial_capital(&item.reason)));
            lines.extend(facts(item).into_iter().map(|(key, value)| format!("  {key}: {value}")));
            lines.push(format!("  Write your update: {}", item.link));
        }
        lines.push(String::new());
    }
    if !digest.responses.is_empty() {
        lines.push(digest.words.say("{Executive} response").to_uppercase());
        for response in &digest.responses {
            lines.push(String::new());
            lines.push(response.plan.clone());
            lines.push(format!("  {}", text::initial_capital(&response.reason)));
            lines
                .extend(response_facts(response).into_iter().map(|(key, value)| format!("  {key}: {value}")));
            lines.push(format!("  Open the plan: {}", response.link));
        }
        lines.push(String::new());
        lines.push(once_there(digest));
        lines.push(String::new());
    }
    if !digest.items.is_empty() {
        lines.push(replying(digest));
        lines.push(String::new());
        lines.push(format!("All your actions: {}", digest.my_actions));
        lines.push(String::new());
    }
    lines.push("-- ".to_owned());
    lines.push(why(digest));
    lines.join("\n")
}

/// The same as a whole HTML document: one column, readable at 320 px and in dark programs.
pub fn html(digest: &Digest) -> String {
    let content = html! {
        p style="margin:0 0 16px" { (opening(digest)) }
        @for (heading, items) in groups(digest) {
            h2 style=(HEADING) { (heading) }
            @for item in items {
                div style={ (CARD) (if item.overdue { "#8b1a10" } else { "#7a4b00" }) } {
                    h3 style=(TITLE) { (item.label) ": " (item.title) }
                    p style=(FACTS) {
                        strong { (text::initial_capital(&item.reason)) }
                        @for (key, value) in facts(item) { br; (key) ": " (value) }
                    }
                    a href=(item.link) style=(BUTTON) { "Write your update on " (item.label) }
                }
            }
        }
        @if !digest.responses.is_empty() {
            h2 style=(HEADING) { (digest.words.say("{Executive} response")) }
            @for response in &digest.responses {
                div style={ (CARD) (if response.overdue { "#8b1a10" } else { "#7a4b00" }) } {
                    h3 style=(TITLE) { (response.plan) }
                    p style=(FACTS) {
                        strong { (text::initial_capital(&response.reason)) }
                        @for (key, value) in response_facts(response) { br; (key) ": " (value) }
                    }
                    a href=(response.link) style=(BUTTON) { "Open the plan" }
                }
            }
            p style="margin:12px 0 0" { (once_there(digest)) }
        }
        @if !digest.items.is_empty() {
            p style="margin:20px 0 0" { (replying(digest)) }
            p style="margin:12px 0 0" { "All your actions: " a href=(digest.my_actions) { (digest.my_actions) } }
        }
        p style=(SMALL) { (why(digest)) }
    };
    document(&subject(digest), COLUMN, content)
}
