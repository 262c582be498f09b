//! Whom an action's mail goes to on a day: whoever leads it, whoever stands in for them, else whoever manages the plan.
//!
//! A lead can be reached who has an account in use and an address that the mail server takes. Whoever is away has said who is
//! asked instead; one step, not a chain: where the deputy can't be asked either, or could not write, the manager is.

use chrono::NaiveDate;

use crate::domain::{
    action::Action,
    id::PersonId,
    plan::Record,
    post::{Lead, Person, Post},
    preference::{Away, Snooze, StandIn},
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
    /// The action is put off: by them, or by all instead of whom they are asked.
    pub put_off: Option<&'a Snooze>,
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
        let (person, instead_of) = match deputy(record, person, day) {
            Some((deputy, away)) => (deputy, Some(stands_in_words(&person.name, away))),
            None => {
                let covers = covers_for(record, post, person, day);
                (person, covers.map(|(_, away)| stands_in_words(&post.name, away)))
            }
        };
        let stands_in = instead_of.is_some();
        if people.iter().all(|known| known.person.id != person.id) {
            let post = Some(post.name.as_str());
            people.push(Recipient { person, post, instead_of, stands_in, put_off: None });
        }
    }
    people
}

/// Whether somebody manages the plan on a day, whether they can be mailed or not.
pub fn manages(record: &Record, person: PersonId, day: NaiveDate) -> bool {
    record.post(record.plan.manager).is_some_and(|post| post.holders(day).any(|holder| holder.id == person))
}

/// Somebody, and the days on which somebody is away.
type WithDays<'a> = (&'a Person, &'a Away);

/// Who stands in for somebody on a day, where they are away, have named a deputy and the deputy can be asked.
pub(super) fn deputy<'a>(record: &'a Record, person: &Person, day: NaiveDate) -> Option<WithDays<'a>> {
    let away = record.preferences.away(person.id, day)?;
    match &away.stand_in {
        StandIn::Deputy(deputy) if can_stand_in(record, deputy, day) => Some((deputy, away)),
        _ => None,
    }
}

/// For whom somebody covers a post, and the days, where its holder is away.
fn covers_for<'a>(
    record: &'a Record,
    post: &'a Post,
    person: &Person,
    day: NaiveDate,
) -> Option<WithDays<'a>> {
    post.holdings.iter().filter(|h| h.covers(day) && !h.acting).find_map(|h| {
        let away = record.preferences.away(h.person.id, day)?;
        matches!(&away.stand_in, StandIn::Deputy(deputy) if deputy.id == person.id)
            .then_some((&h.person, away))
    })
}

/// Why somebody stands in for a post or a person, whoever reads it and whoever noted the days.
pub(super) fn stands_in_words(who: &str, away: &Away) -> String {
    format!("{who} is away until {}, so their deputy is asked", text::day(away.until))
}

/// Whether somebody answers for an action on a day, and so can write on it.
pub fn answers_for(record: &Record, action: &Action, person: PersonId, day: NaiveDate) -> bool {
    let holds = |post| record.post(post).is_some_and(|post| post.holders(day).any(|h| h.id == person));
    action.is_answered_for_by(person, holds)
}

fn can_stand_in(record: &Record, deputy: &Person, day: NaiveDate) -> bool {
    is_reachable(record, deputy) && record.preferences.away(deputy.id, day).is_none()
}

/// Whoever leads the action on that day, or stands in for them; where nobody can be reached, whoever manages the plan, with
/// the reason.
pub fn recipients<'a>(record: &'a Record, action: &'a Action, day: NaiveDate) -> Recipients<'a> {
    let put_off_by = |person: &Person| record.preferences.snooze(person.id, action.id, day);
    let mut leads: Vec<(&Person, Option<&str>, Option<WithDays<'_>>)> = Vec::new();
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
    let mut gone: Vec<(String, Option<&Snooze>)> = Vec::new();
    for (person, post, covers) in leads {
        let who = post.unwrap_or(&person.name);
        let lead = covers.map_or(person, |(holder, _)| holder);
        let mut add = |person: &'a Person, instead_of: Option<String>| {
            let put_off = put_off_by(person).or_else(|| put_off_by(lead));
            if let Some(known) = people.iter_mut().find(|known| known.person.id == person.id) {
                known.put_off = known.put_off.and(put_off);
            } else {
                let stands_in = instead_of.is_some();
                people.push(Recipient { person, post, instead_of, stands_in, put_off });
            }
        };
        let Some(away) = record.preferences.away(person.id, day) else {
            add(person, covers.map(|(_, away)| stands_in_words(who, away)));
            continue;
        };
        // Whoever covers while the holder is away has a deputy for their own posts, not for this one.
        let why = format!("{who} is away until {}", text::day(covers.map_or(away, |(_, away)| away).until));
        let instead: Vec<(&Person, String)> = match &away.stand_in {
            _ if covers.is_some() => Vec::new(),
            StandIn::Deputy(deputy) if answers_for(record, action, deputy.id, day) => {
                vec![(deputy, stands_in_words(who, away))]
            }
            StandIn::Contributors => {
                let people = action.contributors.iter().filter_map(|id| record.preferences.people.get(id));
                people.map(|person| (person, format!("{why}, so the contributors are asked"))).collect()
            }
            StandIn::Deputy(_) | StandIn::Manager => Vec::new(),
        };
        let mut asked = false;
        for (person, why) in
            instead.into_iter().filter(|(p, _)| p.id != person.id && can_stand_in(record, p, day))
        {
            add(person, Some(why));
            asked = true;
        }
        if !asked {
            gone.push((why, put_off_by(lead)));
        }
    }
    if !people.is_empty() {
        return Recipients { people, nobody: None };
    }
    let (away, put_off): (Vec<String>, Vec<Option<&Snooze>>) = gone.into_iter().unzip();
    let put_off = put_off.into_iter().reduce(Option::and).flatten();
    let why = if away.is_empty() { why_unreachable(record, action, day) } else { away.join("; ") };
    let asked = format!("{why}, so the plan’s manager is asked");
    let people = managers(record, day)
        .into_iter()
        .map(|manager| Recipient {
            instead_of: Some(asked.clone()),
            put_off: put_off_by(manager.person).or(put_off),
            ..manager
        })
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
