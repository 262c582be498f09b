//! What a digest has to say, section by section: plain text and HTML are both written from this.

use super::{
    Digest, Due, Item, Notice, Progress, Response, Wanted,
    round::{self, NO_NEED, write_without},
};
use crate::domain::{
    reminder::notice::Kind,
    response::Awaited,
    text::{self, plural},
};

/// Of an action that is overdue; of one that is not; of what is only told.
const RED: &str = "#8b1a10";
const AMBER: &str = "#7a4b00";
const GREY: &str = "#595959";

/// A heading with what stands under it.
pub(super) struct Section {
    pub(super) heading: String,
    pub(super) cards: Vec<Card>,
    pub(super) after: Option<String>,
}

/// One thing.
pub(super) struct Card {
    pub(super) title: Option<String>,
    /// What comes first, in bold.
    pub(super) lead: Option<String>,
    pub(super) facts: Vec<String>,
    pub(super) link: Vec<Link>,
    pub(super) colour: &'static str,
}

/// A link: the words before it in plain text, and on its button.
pub(super) struct Link {
    pub(super) words: String,
    pub(super) button: String,
    pub(super) href: String,
}

impl Link {
    fn new(words: &str, button: impl Into<String>, href: &str) -> Vec<Self> {
        vec![Self { words: words.to_owned(), button: button.into(), href: href.to_owned() }]
    }
}

/// All sections that are not empty.
pub(super) fn sections(digest: &Digest) -> Vec<Section> {
    // Of which plan something is goes without saying where there is one.
    let several = digest.plans.len() > 1;
    let of = |overdue: bool| {
        digest.items.iter().filter(|i| i.overdue == overdue).map(|item| action(item, several)).collect()
    };
    let told = |kind: Kind| digest.notices.iter().filter(|n| n.kind == kind).map(notice).collect();
    let section =
        |heading: &str, cards: Vec<Card>| Section { heading: heading.to_owned(), cards, after: None };
    let responses = digest.responses.iter().map(response).collect();
    let mut all = vec![
        section("Overdue", of(true)),
        section("Due soon", of(false)),
        section(&digest.words.say("Questions from the {panel}"), told(Kind::Question)),
        section("Returned with a comment", told(Kind::Returned)),
    ];
    all.extend(digest.rounds.iter().map(|round| due(round, several)));
    all.push(section("New to you", told(Kind::Assigned)));
    all.push(section(&digest.words.say("Decisions of the {panel}"), told(Kind::Decision)));
    all.push(section("Dates that were decided on", told(Kind::Date)));
    all.push(Section {
        after: Some(once_there(digest)),
        ..section(&digest.words.say("{Executive} response"), responses)
    });
    all.push(section("How the round stands", digest.progress.iter().map(progress).collect()));
    all.push(section(
        "Overdue in what you look after",
        digest.escalated.iter().map(|item| escalated(item, several)).collect(),
    ));
    all.push(section("Addresses that are refused", told(Kind::Refused)));
    all.retain(|section| !section.cards.is_empty());
    all
}

fn plan(title: &str, several: bool) -> Option<String> {
    several.then(|| format!("Plan: {title}"))
}

fn facts(item: &Item, several: bool) -> Vec<String> {
    let mut facts = Vec::new();
    facts.extend(plan(&item.plan, several));
    facts.extend(item.lead.as_ref().map(|lead| format!("Lead: {lead}")));
    facts.push(format!("By when: {}", item.by_when));
    facts.extend(item.asked.as_ref().map(|asked| format!("Asked for: {asked}")));
    facts.push(format!("Rating: {}", item.rating));
    facts.push(format!("Last update: {}", item.last_update.as_deref().unwrap_or("none yet")));
    facts.extend(item.jointly.clone());
    facts.extend(item.instead_of.as_ref().map(|reason| format!("Why you: {reason}")));
    facts
}

fn action(item: &Item, several: bool) -> Card {
    Card {
        title: Some(format!("{}: {}", item.label, item.title)),
        lead: Some(text::initial_capital(&item.reason)),
        facts: facts(item, several),
        link: Link::new("Write your update", format!("Write your update on {}", item.label), &item.link),
        colour: if item.overdue { RED } else { AMBER },
    }
}

fn escalated(item: &Item, several: bool) -> Card {
    let link = Link::new("Open the action", format!("Open {}", item.label), &item.link);
    Card { link, ..action(item, several) }
}

fn notice(notice: &Notice) -> Card {
    let mut facts = notice.lines.clone();
    facts.push(format!("Plan: {}", notice.plan));
    let (words, colour) = match notice.kind {
        Kind::Question => ("Read the question and answer it", AMBER),
        Kind::Returned => ("Read the comment and change the update", AMBER),
        Kind::Assigned => ("Open the action", GREY),
        Kind::Decision => ("Open the action, with the reasons", GREY),
        Kind::Date => ("Open the action, with the reason", GREY),
        Kind::Refused => ("See whose address it is", RED),
    };
    Card {
        title: Some(format!("{}: {}", notice.label, notice.title)),
        lead: Some(notice.sentence.clone()),
        facts,
        link: Link::new(words, words, &notice.link),
        colour,
    }
}

fn due(due: &Due, several: bool) -> Section {
    let cards = due.items.iter().map(|Wanted { plan: of, item }| {
        let need = if item.by_link { NO_NEED } else { "" };
        let button = format!("Write your update on {}{need}", item.label);
        Card {
            title: Some(format!("{}: {}", item.label, item.title)),
            lead: item.overdue.as_deref().map(text::initial_capital),
            facts: plan(of, several).into_iter().chain(round::facts(item)).collect(),
            link: Link::new(&format!("Write your update{need}"), button, &item.link),
            colour: if item.overdue.is_some() { RED } else { AMBER },
        }
    });
    let words = write_without(due.items.len());
    let first = Card {
        title: None,
        lead: Some(format!("{}, by {}", text::initial_capital(&due.reason), text::weekday_day(due.due_on))),
        facts: vec![format!("{} awaited from you.", are(due.items.len()))],
        link: due.link.iter().flat_map(|link| Link::new(&words, words.as_str(), link)).collect(),
        colour: AMBER,
    };
    Section {
        heading: format!("Updates for {}", due.name),
        cards: std::iter::once(first).chain(cards).collect(),
        after: due.link.as_ref().map(|_| "The links to write without signing in are yours alone: do not forward them. They work until the round closes.".to_owned()),
    }
}

fn are(n: usize) -> String {
    format!("{} {}", plural(n, "update", "updates"), if n == 1 { "is" } else { "are" })
}

fn progress(progress: &Progress) -> Card {
    let standing = &progress.standing;
    let plans = if progress.plans.len() == 1 { "Plan" } else { "Plans" };
    let mut facts = vec![format!("{plans}: {}", text::list(&progress.plans))];
    facts.extend(progress.panel.as_ref().map(|panel| format!("For {panel}")));
    if !standing.missing.is_empty() {
        let who: Vec<String> = standing.missing.iter().map(|(who, n)| format!("{who} ({n})")).collect();
        facts.push(format!("Awaited from {}", text::list(&who)));
    }
    facts.extend(standing.due.as_ref().map(|due| text::initial_capital(due)));
    Card {
        title: Some(standing.name.clone()),
        lead: Some(format!("{} of {} updates in", standing.received, standing.expected)),
        facts,
        link: Link::new("Open the round", "Open the round", &progress.link),
        colour: GREY,
    }
}

fn response(response: &Response) -> Card {
    let Awaited { sent_on, due_on, recommendations } = response.awaited;
    let mut facts =
        vec![format!("Sent: {}", text::day(sent_on)), format!("Response due: {}", text::day(due_on))];
    if recommendations > 0 {
        facts.push(format!("Not answered: {}", plural(recommendations, "recommendation", "recommendations")));
    }
    Card {
        title: Some(response.plan.clone()),
        lead: Some(text::initial_capital(&response.reason)),
        facts,
        link: Link::new("Open the plan", "Open the plan", &response.link),
        colour: if response.overdue { RED } else { AMBER },
    }
}

/// What to do once a response is there.
fn once_there(digest: &Digest) -> String {
    digest.words.say(
        "Once the {executive} has responded, record its response to each recommendation, or the day on which the plan was agreed. These reminders then stop.",
    )
}
