//! Word that a manager has returned an update: a subject, plain text and HTML that say the same.
//!
//! Pure functions from a [`Returned`] to text. Neither the update nor the comment stands in it: they are read behind the link.

use chrono::NaiveDate;
use maud::html;

use super::document::{BUTTON, SMALL, document};
use crate::domain::text;

pub(super) mod sample;

/// Everything that the mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// The council's name.
    pub council: String,
    /// Who returned it.
    pub by: String,
    /// The post that manages the plan.
    pub post: String,
    /// The action's label: "Aiii".
    pub label: String,
    /// Its short title.
    pub title: String,
    /// The plan's title.
    pub plan: String,
    /// The round that it was for.
    pub round: Option<String>,
    /// By when it is wanted again, where that day has not passed.
    pub due: Option<NaiveDate>,
    /// The form, in full.
    pub link: String,
}

/// The subject: what, by when, on which action, then the plan.
pub fn subject(returned: &Returned) -> String {
    let due = returned.due.map_or(String::new(), |due| format!(", due {}", text::short_day(due)));
    format!("1 update returned{due}: {} – {}", returned.label, text::short_title(&returned.plan))
}

fn opening(returned: &Returned) -> String {
    let who = if returned.by == returned.post {
        returned.by.clone()
    } else {
        format!("{}, {}", returned.by, returned.post)
    };
    let council = if returned.council.is_empty() { String::new() } else { format!(", {}", returned.council) };
    let round = returned.round.as_ref().map_or(String::new(), |r| format!(" for {r}"));
    format!("{who}{council}, has returned your update{round} with a comment.")
}

fn what_now(returned: &Returned) -> String {
    let by = returned.due.map_or(String::new(), |due| format!(" by {}", text::weekday_day(due)));
    format!(
        "Until you send it again it does not count as received. Read the comment, change your text, which is still there, and send it again{by}."
    )
}

fn facts(returned: &Returned) -> [(&'static str, String); 2] {
    [("Action", format!("{}: {}", returned.label, returned.title)), ("Plan", returned.plan.clone())]
}

const WHY: &str = "You get this email because you wrote this update or answer for its action. It is sent once each time an update is returned. If that is not right, reply and say so.";

/// The plain text.
pub fn plain(returned: &Returned) -> String {
    let mut lines = vec![opening(returned), String::new()];
    lines.extend(facts(returned).into_iter().map(|(key, value)| format!("{key}: {value}")));
    lines.extend([String::new(), what_now(returned), String::new()]);
    lines.push(format!("Read the comment and send it again: {}", returned.link));
    lines.extend([String::new(), "-- ".to_owned(), WHY.to_owned()]);
    lines.join("\n")
}

/// The same as a whole HTML document.
pub fn html(returned: &Returned) -> String {
    let content = html! {
        p style="margin:0 0 16px" { (opening(returned)) }
        p style="margin:0 0 16px" {
            @for (n, (key, value)) in facts(returned).into_iter().enumerate() {
                @if n > 0 { br; }
                strong { (key) ":" } " " (value)
            }
        }
        p style="margin:0 0 16px" { (what_now(returned)) }
        p style="margin:0 0 16px" { a href=(returned.link) style=(BUTTON) { "Read the comment and send it again" } }
        p style=(SMALL) { (WHY) }
    };
    document(&subject(returned), "max-width:36em;margin:0 auto", content)
}
