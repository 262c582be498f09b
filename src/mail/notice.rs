//! Notices from the panel: a question that it asks, and what it decided at a meeting. Each as a subject, plain text and HTML
//! that say the same.
//!
//! Pure functions from a [`Notice`] to text. Says per action only what may stand in a mailbox: reference, short title, dates,
//! outcomes and a link. Never the words of a question, an answer or a reason: those stand behind the link.

use chrono::NaiveDate;
use maud::html;

use super::document::{BUTTON, SMALL, document};
use crate::domain::text::{self, plural};

pub(super) mod sample;

/// Everything that one notice says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The council's name; may be empty.
    pub council: String,
    /// In whose name, as a sentence says it: "the Community Safety and Leisure Scrutiny Panel".
    pub panel: String,
    /// What it is about.
    pub about: About,
    /// The actions.
    pub items: Vec<Item>,
    /// Who enters an answer that comes by mail, as a sentence goes on after it: "Jane Smith, Risk and Resilience Manager,";
    /// none: nobody.
    pub manager: Option<String>,
    /// Why this person gets it: "you hold the post MAP Coordinator".
    pub because: String,
}

/// What a notice is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// A question, on one action.
    Question {
        /// By when the answer is wanted; none: no meeting is known.
        answer_by: Option<AnswerBy>,
    },
    /// What was decided at a meeting.
    Decisions {
        /// The meeting's day.
        held_on: NaiveDate,
    },
}

/// By when an answer is wanted, and for which meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerBy {
    /// The day.
    pub day: NaiveDate,
    /// The meeting's day.
    pub meeting: NaiveDate,
}

/// One action in a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its label: "Aiii".
    pub label: String,
    /// Its short title.
    pub title: String,
    /// The plan's title.
    pub plan: String,
    /// What was decided, one sentence each: "March 2018 agreed: it is the deadline now".
    pub lines: Vec<String>,
    /// The page in full, where the words stand.
    pub link: String,
    /// Why the reader is asked instead of the lead: "nobody holds LSCB Manager".
    pub instead_of: Option<String>,
}

/// The subject: count, what and date first, then the plan.
pub fn subject(notice: &Notice) -> String {
    let what = match &notice.about {
        About::Question { answer_by } => {
            let on = notice.items.first().map_or(String::new(), |item| format!(" on {}", item.label));
            let by = answer_by.map_or(String::new(), |by| format!(", answer by {}", text::short_day(by.day)));
            format!("1 question{on}{by}")
        }
        About::Decisions { held_on } => {
            let lines: usize = notice.items.iter().map(|item| item.lines.len()).sum();
            format!("{} on {}", plural(lines, "decision", "decisions"), text::short_day(*held_on))
        }
    };
    format!("{what} – {}", plans(notice))
}

/// The plan's title cut short, or how many plans there are.
fn plans(notice: &Notice) -> String {
    let mut titles: Vec<&str> = notice.items.iter().map(|i| i.plan.as_str()).collect();
    titles.sort_unstable();
    titles.dedup();
    match titles.as_slice() {
        [one] => text::short_title(one),
        many => plural(many.len(), "plan", "plans"),
    }
}

fn opening(notice: &Notice) -> String {
    let panel = text::initial_capital(&notice.panel);
    let council = if notice.council.is_empty() { String::new() } else { format!(", {},", notice.council) };
    match &notice.about {
        About::Question { answer_by } => {
            let by = match answer_by {
                Some(AnswerBy { day, meeting }) => format!(
                    " Please answer by {}, for the meeting on {}.",
                    text::weekday_day(*day),
                    text::day(*meeting)
                ),
                None => " Please answer as soon as you can.".to_owned(),
            };
            let whose = if notice.items.iter().any(|i| i.instead_of.is_some()) { "" } else { " of yours" };
            format!("{panel}{council} asks a question about an action{whose}.{by}")
        }
        About::Decisions { held_on } => {
            let of = plural(notice.items.len(), "action", "actions");
            format!("{panel}{council} met on {}. What it decided on {of}:", text::weekday_day(*held_on))
        }
    }
}

fn facts(item: &Item) -> Vec<String> {
    let mut facts = vec![format!("Plan: {}", item.plan)];
    facts.extend(item.lines.iter().cloned());
    facts.extend(item.instead_of.iter().map(|why| format!("Why you: {why}, so the plan’s manager is asked")));
    facts
}

fn button(notice: &Notice) -> &'static str {
    match notice.about {
        About::Question { .. } => "Read the question and answer it",
        About::Decisions { .. } => "Open the action, with the reasons",
    }
}

fn replying(notice: &Notice) -> Option<String> {
    let who = notice.manager.as_ref()?;
    Some(match notice.about {
        About::Question { .. } => {
            format!("You can also reply to this email; {who} will enter your answer for you.")
        }
        About::Decisions { .. } => format!("If something is not clear, reply to this email: {who} reads it."),
    })
}

fn why(notice: &Notice) -> String {
    let what = match notice.about {
        About::Question { .. } => "It is sent once, when a question is passed on.",
        About::Decisions { .. } => "It is sent once, when decisions of a meeting are recorded.",
    };
    // A manager's own mail has nobody to be answered to.
    let wrong = if notice.manager.is_some() { " If that is not right, reply and say so." } else { "" };
    format!("You get this email because {}. {what}{wrong}", notice.because)
}

/// The plain text.
pub fn plain(notice: &Notice) -> String {
    let mut lines = vec![opening(notice)];
    for item in &notice.items {
        lines.push(String::new());
        lines.push(format!("{}: {}", item.label, item.title));
        lines.extend(facts(item).into_iter().map(|fact| format!("  {fact}")));
        lines.push(format!("  {}: {}", button(notice), item.link));
    }
    if let Some(replying) = replying(notice) {
        lines.push(String::new());
        lines.push(replying);
    }
    lines.push(String::new());
    lines.push("-- ".to_owned());
    lines.push(why(notice));
    lines.join("\n")
}

const COLUMN: &str = "max-width:36em;margin:0 auto";
const CARD: &str = "margin:0 0 16px;padding:12px 14px;border:1px solid #b1b4b6;border-left:6px solid #12436d";
const TITLE: &str = "margin:0 0 4px;font-size:16px;line-height:1.35";
const FACTS: &str = "margin:0 0 10px;font-size:15px";

/// The same as a whole HTML document: one column, readable at 320 px and in dark programs.
pub fn html(notice: &Notice) -> String {
    let content = html! {
        p style="margin:0 0 16px" { (opening(notice)) }
        @for item in &notice.items {
            div style=(CARD) {
                h2 style=(TITLE) { (item.label) ": " (item.title) }
                p style=(FACTS) {
                    @for (n, fact) in facts(item).iter().enumerate() { @if n > 0 { br; } (fact) }
                }
                a href=(item.link) style=(BUTTON) { (button(notice)) }
            }
        }
        @if let Some(replying) = replying(notice) { p style="margin:20px 0 0" { (replying) } }
        p style=(SMALL) { (why(notice)) }
    };
    document(&subject(notice), COLUMN, content)
}

#[cfg(test)]
mod tests {
    use super::{sample::*, *};

    fn as_read(notice: &Notice) -> String {
        format!("Subject: {}\n\n{}", subject(notice), plain(notice))
    }

    #[test]
    fn every_notice_as_its_reader_sees_it() {
        insta::assert_snapshot!("question", as_read(&question()));
        insta::assert_snapshot!("question_html", html(&question()));
        insta::assert_snapshot!("decisions", as_read(&decisions()));
        insta::assert_snapshot!("decisions_html", html(&decisions()));
    }

    #[test]
    fn count_what_and_date_stand_in_the_first_forty_characters() {
        assert!(subject(&question()).starts_with("1 question on Aiii, answer by Mon 29 Jan – "));
        assert!(subject(&decisions()).starts_with("3 decisions on Mon 19 Feb – "));
    }

    #[test]
    fn where_no_meeting_is_known_no_day_is_made_up_and_the_manager_is_told_why_they_are_asked() {
        let vacant = Item {
            instead_of: Some("nobody holds MAP Coordinator".to_owned()),
            ..item("Aiii", "Schools take up the offer of training", &[])
        };
        let notice = notice(About::Question { answer_by: None }, vec![vacant]);
        assert_eq!(subject(&notice), "1 question on Aiii – Digital safeguarding");
        let plain = plain(&notice);
        assert!(
            plain.contains("asks a question about an action. Please answer as soon as you can."),
            "{plain}"
        );
        assert!(
            plain.contains("Why you: nobody holds MAP Coordinator, so the plan’s manager is asked"),
            "{plain}"
        );
    }

    #[test]
    fn both_forms_say_the_same() {
        for notice in [question(), decisions()] {
            let html = html(&notice);
            for line in plain(&notice).lines().map(str::trim).filter(|line| !line.is_empty() && *line != "--")
            {
                // The words before a link stand on its button.
                let words = line.split(": https://").next().unwrap_or(line);
                let words = words.replace('&', "&amp;");
                assert!(html.contains(&words), "{words}");
            }
        }
    }
}
