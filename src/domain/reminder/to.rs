//! Whom an action's mail goes to on a day: whoever leads it, whoever stands in for them, else whoever manages the plan.
//!
//! A lead can be reached who has an account in use and an address that the mail server takes. Whoever is away has said who is
//! asked instead; one step, not a chain: where the deputy can't be asked either, the manager is.

use chrono::NaiveDate;

use crate::domain::{
    action::Action,
    id::PersonId,
    plan::Record,
    post::{Lead, Person, Post},
    preference::StandIn,
    text,
};

/// Somebody who is mailed about an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient<'a> {
    /// Who.
    pub person: &'a Person,
    /// The post for which they are asked, by name; none: the action names them.
    pub post: Option<&'a str>,
    /// Set where they are asked instead of the lead, as a sentence goes on after "Why you: ": "nobody holds LSCB Manager, so the
    /// plan’s manager is asked".
    pub instead_of: Option<String>,
    /// They stand in for whoever holds the post, or contribute.
    pub stands_in: bool,
}

/// Whom an action's mail goes to on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipients<'a> {
    /// The people, each once.
    pub people: Vec<Recipient<'a>>,
    /// Why no lead can be asked: "nobody holds LSCB Manager"; none: one is.
    pub nobody: Option<String>,
}

impl Recipients<'_> {
    /// Whether somebody is among them.
    pub fn include(&self, person: PersonId) -> bool {
        self.people.iter().any(|r| r.person.id == person)
    }

    /// Why somebody is asked instead of the lead, as it stands for the first of them.
    pub fn instead_of(&self) -> Option<&str> {
        self.people.first()?.instead_of.as_deref()
    }
}

/// Whether mail can go to somebody: an account in use, and an address that the mail server has not refused.
pub fn is_reachable(record: &Record, person: &Person) -> bool {
    person.active && !person.email.is_empty() && record.preferences.refused_on(person.id).is_none()
}

/// Whoever can be mailed for a post on a day, whether they are away or not.
pub fn holders<'a>(record: &'a Record, post: &'a Post, day: NaiveDate) -> impl Iterator<Item = &'a Person> {
    post.reachable(day).filter(|person| is_reachable(record, person))
}

/// Who manages the plan on a day, as far as they can be mailed: whoever stands in where they are away and have named a deputy.
pub fn managers(record: &Record, day: NaiveDate) -> Vec<Recipient<'_>> {
    let Some(post) = record.post(record.plan.manager) else { return Vec::new() };
    let mut people: Vec<Recipient<'_>> = Vec::new();
    for person in holders(record, post, day) {
        let deputy = match record.preferences.away(person.id, day) {
            Some(away) => match &away.stand_in {
                StandIn::Deputy(deputy) if can_stand_in(record, deputy, day) => {
                    let why = format!("{} is away until {}", person.name, text::day(away.until));
                    Some((deputy, why))
                }
                _ => None,
            },
            None => None,
        };
        let stands_in = deputy.is_some();
        let (person, instead_of) = match deputy {
            Some((deputy, why)) => (deputy, Some(format!("{why}, and has asked that you stand in"))),
            None => (person, None),
        };
        if people.iter().all(|known| known.person.id != person.id) {
            people.push(Recipient { person, post: Some(&post.name), instead_of, stands_in });
        }
    }
    people
}

/// Why somebody who covers a post does, where its holder is away and has asked for it.
fn covers_for(record: &Record, post: &Post, person: &Person, day: NaiveDate) -> Option<String> {
    let away = post.holdings.iter().filter(|h| h.covers(day) && !h.acting).find_map(|h| {
        let away = record.preferences.away(h.person.id, day)?;
        matches!(&away.stand_in, StandIn::Deputy(deputy) if deputy.id == person.id).then_some(away)
    })?;
    Some(format!("{} is away until {}, and has asked that you stand in", post.name, text::day(away.until)))
}

fn can_stand_in(record: &Record, deputy: &Person, day: NaiveDate) -> bool {
    is_reachable(record, deputy) && record.preferences.away(deputy.id, day).is_none()
}

/// Whoever leads the action on that day, or stands in for them; where nobody can be reached, whoever manages the plan, with
/// the reason.
pub fn recipients<'a>(record: &'a Record, action: &'a Action, day: NaiveDate) -> Recipients<'a> {
    let mut leads: Vec<(&Person, Option<&str>, Option<String>)> = Vec::new();
    for lead in &action.leads {
        match lead {
            Lead::Post { post, .. } => {
                if let Some(post) = record.post(*post) {
                    leads.extend(holders(record, post, day).map(|person| {
                        (person, Some(post.name.as_str()), covers_for(record, post, person, day))
                    }));
                }
            }
            Lead::Person(person) if is_reachable(record, person) => leads.push((person, None, None)),
            Lead::Person(_) | Lead::OutsideBody(_) => {}
        }
    }
    let mut people: Vec<Recipient<'_>> = Vec::new();
    let mut gone: Vec<String> = Vec::new();
    for (person, post, covers) in leads {
        let who = post.unwrap_or(&person.name);
        let mut add = |person: &'a Person, instead_of: Option<String>| {
            if people.iter().all(|known| known.person.id != person.id) {
                let stands_in = instead_of.is_some();
                people.push(Recipient { person, post, instead_of, stands_in });
            }
        };
        let Some(away) = record.preferences.away(person.id, day) else {
            add(person, covers);
            continue;
        };
        let why = format!("{who} is away until {}", text::day(away.until));
        let instead: Vec<&Person> = match &away.stand_in {
            StandIn::Deputy(deputy) => vec![deputy],
            StandIn::Contributors => {
                action.contributors.iter().filter_map(|id| record.preferences.people.get(id)).collect()
            }
            StandIn::Manager => Vec::new(),
        };
        let words = match away.stand_in {
            StandIn::Deputy(_) => "and has asked that you stand in",
            _ => "so the contributors are asked",
        };
        let mut asked = false;
        for person in instead.into_iter().filter(|p| p.id != person.id && can_stand_in(record, p, day)) {
            add(person, Some(format!("{why}, {words}")));
            asked = true;
        }
        if !asked {
            gone.push(why);
        }
    }
    if !people.is_empty() {
        return Recipients { people, nobody: None };
    }
    let why = if gone.is_empty() { why_unreachable(record, action, day) } else { gone.join("; ") };
    let asked = format!("{why}, so the plan’s manager is asked");
    let people = managers(record, day)
        .into_iter()
        .map(|manager| Recipient { instead_of: Some(asked.clone()), ..manager })
        .collect();
    Recipients { people, nobody: Some(why) }
}

fn why_unreachable(record: &Record, action: &Action, day: NaiveDate) -> String {
    let no_address = |person: &Person| match record.preferences.refused_on(person.id) {
        Some(on) if person.active => {
            format!("the mail server refused the address of {} on {}", person.name, text::day(on))
        }
        _ => format!("{} has no address in use", person.name),
    };
    let words: Vec<String> = action
        .leads
        .iter()
        .map(|lead| match lead {
            Lead::Post { post, .. } => match record.post(*post) {
                Some(post) => match post.reachable(day).next() {
                    Some(refused) => no_address(refused),
                    None if post.holders(day).next().is_none() => format!("nobody holds {}", post.name),
                    None => format!("{} has no address in use", post.name),
                },
                None => "the lead’s post is not known".to_owned(),
            },
            Lead::Person(person) => no_address(person),
            Lead::OutsideBody(body) => format!("{body} has no account"),
        })
        .collect();
    match (words.is_empty(), action.lead_wording.trim()) {
        (false, _) => words.join("; "),
        (true, "") => "no lead is named".to_owned(),
        (true, wording) => format!("the lead is “{wording}”"),
    }
}
