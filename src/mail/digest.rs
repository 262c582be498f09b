//! The digest: one mail to one person on one day, as a subject, plain text and HTML that say the same.
//!
//! Pure functions from a [`Digest`] to text. Says per action only what may stand in a mailbox: reference, short title,
//! rating, by when, the day of the last update and a link. Never narrative, never a child's name.
//!
//! What it has to say stands in `section`s; both forms are written from the same ones.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use maud::html;

use super::{
    document::{BUTTON, CARD, COLUMN, FACTS, HEADING, SMALL, TITLE, document},
    round::{self, CHOOSE},
};
use crate::domain::{
    reminder::{notice::Kind, round::RoundStanding},
    response::Awaited,
    text::{self, plural},
    words::Words,
};
use section::{Card, Section, sections};

mod section;
#[cfg(test)]
mod tests;

pub(super) mod sample;

/// Everything that one digest says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// The council's name.
    pub council: String,
    /// The plans that it is about, each once.
    pub plans: Vec<OfPlan>,
    /// Why this person gets it: "you hold the post MAP Coordinator".
    pub because: String,
    /// Set where they have chosen one mail a week.
    pub weekly: bool,
    /// The actions, overdue first.
    pub items: Vec<Item>,
    /// What the reader is told.
    pub notices: Vec<Notice>,
    /// The rounds for which their updates are due soon.
    pub rounds: Vec<Due>,
    /// The executive responses that are awaited, overdue first.
    pub responses: Vec<Response>,
    /// How the rounds stand that they look after.
    pub progress: Vec<Progress>,
    /// What others leave overdue.
    pub escalated: Vec<Item>,
    /// Where all of the reader's actions are.
    pub my_actions: String,
    /// Where they choose how often they are mailed.
    pub choices: String,
    /// The words in which sentences are said here.
    pub words: Words,
}

/// A plan that a digest is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfPlan {
    /// Its title.
    pub title: String,
    /// What the reader has to do with it here.
    pub part: Part,
    /// Its manager, by name and post; the same words once where they are the same.
    pub manager: String,
    /// Set where the reader is that manager: what is asked for is then their own list.
    pub own_list: bool,
    /// For whom its updates are: "the Community Safety and Leisure Scrutiny Panel on 19 February 2018".
    pub panel: Option<String>,
    /// Its policy: "14 days before, 3 working days before and on the day".
    pub before: Option<String>,
    /// Mails after a deadline, at most.
    pub overdue_mails: u32,
}

/// What the reader of a digest has to do with a plan in it; the most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// They are asked for updates.
    Asked,
    /// They are told something about an action of theirs.
    Told,
    /// They are reminded of an executive response.
    Response,
    /// They only look after it: what others leave, and how a round stands.
    LooksAfter,
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
    /// A date that is asked for: "March 2018, not decided".
    pub asked: Option<String>,
    /// The reported rating in the plan's word.
    pub rating: String,
    /// The last update: "7 December 2017", "in the round Sept 2017"; none: there is none.
    pub last_update: Option<String>,
    /// The lead as the plan words it, where it is somebody else's.
    pub lead: Option<String>,
    /// The action's page in full; of their own, the form for an update.
    pub link: String,
    /// Who else leads it: "Jointly with LSCB Manager: one update is enough".
    pub jointly: Option<String>,
    /// Why the reader is asked instead of the lead: "nobody holds LSCB Manager, so the plan’s manager is asked".
    pub instead_of: Option<String>,
}

/// Something that the reader is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Of what kind.
    pub kind: Kind,
    /// The action's label.
    pub label: String,
    /// Its short title.
    pub title: String,
    /// The plan's title.
    pub plan: String,
    /// Whose doing it is, and what is wanted.
    pub sentence: String,
    /// What there is to say besides.
    pub lines: Vec<String>,
    /// The page in full, where the words stand.
    pub link: String,
}

/// Updates that are due soon for a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// What the round is called.
    pub name: String,
    /// By the end of which day they are due.
    pub due_on: NaiveDate,
    /// "due in 5 working days".
    pub reason: String,
    /// What they are about.
    pub items: Vec<Wanted>,
    /// The page, in full, on which all can be written without signing in; none: there is none.
    pub link: Option<String>,
}

/// An action for which an update is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The plan's title.
    pub plan: String,
    /// The action, as the round's own mails say it.
    pub item: round::Item,
}

/// How a round stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How.
    pub standing: RoundStanding,
    /// Those of its plans that the reader looks after, by title.
    pub plans: Vec<String>,
    /// For whom it is: "the Community Safety and Leisure Scrutiny Panel on 19 February 2018".
    pub panel: Option<String>,
    /// The round's page in full.
    pub link: String,
}

/// The most things that a subject names.
const NAMED: usize = 3;

/// The subject: count, what and date first, overdue before due, then the plan.
pub fn subject(digest: &Digest) -> String {
    let overdue = asked(digest).into_iter().filter(|(_, _, is_overdue)| *is_overdue).count();
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
    let told = |kind: Kind| digest.notices.iter().filter(|n| n.kind == kind).count();
    let count = |n: usize, one: &str, many: &str| (n > 0).then(|| plural(n, one, many));
    parts.extend(count(told(Kind::Question), "question", "questions"));
    parts.extend(count(told(Kind::Returned), "update returned", "updates returned"));
    for round in &digest.rounds {
        let updates = plural(round.items.len(), "update", "updates");
        parts.push(format!("{updates} due {}", text::short_day(round.due_on)));
    }
    let next = digest.responses.iter().filter(|r| !r.overdue).map(|r| r.awaited.due_on).min();
    if let Some(due) = next {
        parts.push(format!("{response} due {}", text::short_day(due)));
    }
    parts.extend(count(told(Kind::Assigned), "new action", "new actions"));
    parts.extend(count(told(Kind::Decision), "action decided on", "actions decided on"));
    parts.extend(count(told(Kind::Date), "date decided", "dates decided"));
    for Progress { standing, .. } in &digest.progress {
        parts.push(format!("{} of {} updates in", standing.received, standing.expected));
    }
    let looked_after = "overdue in what you look after";
    parts.extend(count(digest.escalated.len(), looked_after, looked_after));
    parts.extend(count(told(Kind::Refused), "address refused", "addresses refused"));
    parts.truncate(NAMED);
    format!("{} – {}", parts.join(", "), plans(digest))
}

/// The actions of which updates are asked, each once: plan, label, and whether it is overdue.
fn asked(digest: &Digest) -> BTreeSet<(&str, &str, bool)> {
    let items = digest.items.iter().map(|item| (item.plan.as_str(), item.label.as_str(), item.overdue));
    let wanted = digest.rounds.iter().flat_map(|round| &round.items);
    let wanted = wanted.map(|w| (w.plan.as_str(), w.item.label.as_str(), w.item.overdue.is_some()));
    items.chain(wanted).collect()
}

/// The plan's title cut short, or how many plans there are.
fn plans(digest: &Digest) -> String {
    match digest.plans.as_slice() {
        [one] => text::short_title(&one.title),
        many => plural(many.len(), "plan", "plans"),
    }
}

impl Digest {
    /// The plans in which the reader has as much to do as this, or more.
    fn plans_with(&self, part: Part) -> Vec<&OfPlan> {
        self.plans.iter().filter(|plan| plan.part <= part).collect()
    }

    /// The plans whose managers answer for it: those in which something is the reader's; else all of them.
    fn answering(&self) -> Vec<&OfPlan> {
        let theirs = self.plans_with(Part::Told);
        if theirs.is_empty() { self.plans.iter().collect() } else { theirs }
    }

    /// Whether it is the reader's own list, all of it.
    fn is_own_list(&self) -> bool {
        self.answering().iter().all(|plan| plan.own_list)
    }
}

/// The one value that all have; none: they differ, or there is none.
fn same<T: PartialEq>(all: impl IntoIterator<Item = T>) -> Option<T> {
    let mut all = all.into_iter();
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

fn for_panel(panel: Option<&String>) -> String {
    panel.map_or(String::new(), |panel| format!(" for {panel}"))
}

fn opening(digest: &Digest) -> String {
    let from = |words: String| match digest.council.as_str() {
        "" => text::initial_capital(&words),
        council => format!("{council}: {words}"),
    };
    let asking = digest.plans_with(Part::Asked);
    if !asking.is_empty() {
        let Some((manager, own_list)) = same(asking.iter().map(|plan| (&plan.manager, plan.own_list))) else {
            return from(format!("your updates are asked for on {} plans.", asking.len()));
        };
        let panel = for_panel(same(asking.iter().map(|plan| plan.panel.as_ref())).flatten());
        let council = &digest.council;
        let need = if asked(digest).len() == 1 { "this action needs" } else { "these actions need" };
        return match own_list {
            true => format!("Your own list as {manager}, {council}: {need} an update{panel}."),
            false => format!("{manager}, {council}, asks for your update{panel}."),
        };
    }
    if !digest.notices.is_empty() {
        return from("there is something new on your actions.".to_owned());
    }
    if !digest.responses.is_empty() {
        return from(digest.words.say("the {executive’s} response to recommendations is awaited."));
    }
    from(match digest.plans.as_slice() {
        [one] => format!("how things stand in {}.", one.title),
        _ => "how things stand in what you look after.".to_owned(),
    })
}

/// Where several ask: who does for which plan, line by line.
fn who_asks(digest: &Digest) -> Vec<String> {
    let asking = digest.plans_with(Part::Asked);
    if asking.is_empty() || same(asking.iter().map(|plan| (&plan.manager, plan.own_list))).is_some() {
        return Vec::new();
    }
    let line = |plan: &&OfPlan| {
        let OfPlan { title, manager, panel, .. } = plan;
        let panel = panel.as_ref().map_or(String::new(), |panel| format!(", for {panel}"));
        match plan.own_list {
            true => format!("{title}: your own list as {manager}{panel}."),
            false => format!("{title}: {manager} asks{panel}."),
        }
    };
    asking.iter().map(line).collect()
}

fn replying(digest: &Digest) -> Option<String> {
    let theirs = digest.plans_with(Part::Told);
    let is_asked = theirs.iter().any(|plan| plan.part == Part::Asked);
    // An update or an answer. Of what they are only told there is nothing to enter.
    let is_awaited = is_asked || digest.notices.iter().any(|notice| notice.kind.is_urgent());
    let by_mail = match same(theirs.iter().map(|plan| (&plan.manager, plan.own_list))) {
        _ if theirs.is_empty() => return None,
        Some((_, true)) => None,
        Some((manager, false)) if is_awaited => {
            Some(format!("You can also reply to this email; {manager} will enter it for you."))
        }
        Some((manager, false)) => Some(format!("You can reply to this email: it goes to {manager}.")),
        None if is_awaited => Some(
            "You can also reply to this email and say which action you mean: it goes to the managers of these plans, and they will enter it for you.".to_owned(),
        ),
        None => Some(
            "You can reply to this email and say which action you mean: it goes to the managers of these plans.".to_owned(),
        ),
    };
    let two_minutes =
        is_asked.then(|| "Open an action to write what has happened. It takes about two minutes.".to_owned());
    let both: Vec<String> = two_minutes.into_iter().chain(by_mail).collect();
    (!both.is_empty()).then(|| both.join(" "))
}

fn why(digest: &Digest) -> String {
    let change = if digest.is_own_list() {
        " Change the leads or hand the post over on the pages of the plan."
    } else if digest.plans_with(Part::Response).is_empty() && !digest.escalated.is_empty() {
        // An answer would go to those whose overdue actions it tells of.
        ""
    } else {
        " If that is not right, reply and say so."
    };
    let often = match digest.weekly {
        true => "You have chosen one email a week.".to_owned(),
        false => format!("{}You get at most one a day and three a week.", when(digest).unwrap_or_default()),
    };
    format!("You get this email because {}. {often}{change}", digest.because)
}

/// When reminders come of what is listed; none: nothing is that brings any.
fn when(digest: &Digest) -> Option<String> {
    let plans = digest.plans_with(Part::Response);
    if plans.is_empty() {
        return None;
    }
    let Some((before, overdue_mails)) = same(plans.iter().map(|plan| (&plan.before, plan.overdue_mails)))
    else {
        return Some("When reminders come is said on the page of each plan. ".to_owned());
    };
    let what = if digest.items.is_empty() && !digest.responses.is_empty() {
        "a response’s due date"
    } else {
        "a deadline"
    };
    let before = before.as_ref().map(|before| format!("{before} of {what}"));
    let times = match overdue_mails {
        0 => None,
        1 => Some("once after it".to_owned()),
        times => Some(format!("up to {times} times after it")),
    };
    let when: Vec<String> = [before, times].into_iter().flatten().collect();
    (!when.is_empty()).then(|| format!("Reminders come {}. ", text::list(&when)))
}

/// The plain text.
pub fn plain(digest: &Digest) -> String {
    let mut lines = vec![opening(digest), String::new()];
    let who_asks = who_asks(digest);
    if !who_asks.is_empty() {
        lines.extend(who_asks);
        lines.push(String::new());
    }
    for Section { heading, cards, after } in sections(digest) {
        lines.push(heading.to_uppercase());
        for Card { title, lead, facts, link, .. } in cards {
            lines.push(String::new());
            lines.extend(title);
            lines.extend(lead.map(|lead| format!("  {lead}")));
            lines.extend(facts.into_iter().map(|fact| format!("  {fact}")));
            lines.extend(link.into_iter().map(|link| format!("  {}: {}", link.words, link.href)));
        }
        lines.push(String::new());
        if let Some(after) = after {
            lines.push(after);
            lines.push(String::new());
        }
    }
    if let Some(replying) = replying(digest) {
        lines.push(replying);
        lines.push(String::new());
        lines.push(format!("All your actions: {}", digest.my_actions));
        lines.push(String::new());
    }
    lines.push("-- ".to_owned());
    lines.push(why(digest));
    lines.push(format!("{CHOOSE}: {}", digest.choices));
    lines.join("\n")
}

/// The same as a whole HTML document: one column, readable at 320 px and in dark programs.
pub fn html(digest: &Digest) -> String {
    let content = html! {
        p style="margin:0 0 16px" { (opening(digest)) }
        @let who_asks = who_asks(digest);
        @if !who_asks.is_empty() {
            p style="margin:0 0 16px" {
                @for (n, line) in who_asks.iter().enumerate() {
                    @if n > 0 { br; }
                    (line)
                }
            }
        }
        @for Section { heading, cards, after } in sections(digest) {
            h2 style=(HEADING) { (heading) }
            @for Card { title, lead, facts, link, colour } in cards {
                div style={ (CARD) (colour) } {
                    @if let Some(title) = title { h3 style=(TITLE) { (title) } }
                    @if lead.is_some() || !facts.is_empty() {
                        p style=(FACTS) {
                            @if let Some(lead) = &lead { strong { (lead) } }
                            @for (n, fact) in facts.iter().enumerate() {
                                @if n > 0 || lead.is_some() { br; }
                                (fact)
                            }
                        }
                    }
                    @for link in link {
                        a href=(link.href) style=(BUTTON) { (link.button) }
                    }
                }
            }
            @if let Some(after) = after { p style="margin:12px 0 0" { (after) } }
        }
        @if let Some(replying) = replying(digest) {
            p style="margin:20px 0 0" { (replying) }
            p style="margin:12px 0 0" { "All your actions: " a href=(digest.my_actions) { (digest.my_actions) } }
        }
        p style=(SMALL) {
            (why(digest)) " " a href=(digest.choices) { (CHOOSE) } "."
        }
    };
    document(&subject(digest), COLUMN, content)
}
