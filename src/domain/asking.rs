//! Whom a round asks: everyone with an awaited action, once, with all of theirs over all of the round's plans.
//!
//! Pure: the facts go in, the people come out. It is asked when a round is opened, when somebody sends a reminder, and once
//! more when a mail is about to go out, so that nobody is asked for what has arrived meanwhile.

use chrono::NaiveDate;

use super::{
    action::Action,
    dashboard::{Answer, answer},
    id::PersonId,
    plan::Record,
    post::{Lead, Person},
    preference::Snooze,
    reminder::{
        recipients,
        to::{Recipient, holders, is_reachable},
    },
    round::Round,
    text,
};

/// An action that is awaited, as one person is asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// The plan.
    pub record: &'a Record,
    /// The action.
    pub action: &'a Action,
    /// Set where they are asked instead of the lead: see [`Recipient::instead_of`].
    pub instead_of: Option<String>,
    /// Set where it is put off: see [`Recipient::put_off`].
    pub put_off: Option<&'a Snooze>,
}

/// Somebody who is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// Who.
    pub person: &'a Person,
    /// The posts for which they are asked, by name; none: the actions name them in person.
    pub posts: Vec<&'a str>,
    /// What they are asked for, plan by plan in the order of the table.
    pub actions: Vec<Wanted<'a>>,
}

/// An action for which nobody can be asked, not even a manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unasked<'a> {
    /// The plan.
    pub record: &'a Record,
    /// The action.
    pub action: &'a Action,
    /// Why the lead can't be asked.
    pub why: String,
}

/// Whom a round asks on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asking<'a> {
    /// The people, by name.
    pub people: Vec<Asked<'a>>,
    /// What nobody can be asked for.
    pub nobody: Vec<Unasked<'a>>,
}

impl Asking<'_> {
    /// Whether nothing is awaited any more.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty() && self.nobody.is_empty()
    }
}

/// Everybody who may be asked about a plan: who holds, or held, a post that leads one of its actions or manages it.
pub fn may_be_asked(record: &Record) -> Vec<PersonId> {
    let leads = || record.actions.iter().flat_map(|action| &action.leads);
    let posts = leads().filter_map(|lead| match lead {
        Lead::Post { post, .. } => Some(*post),
        Lead::Person(_) | Lead::OutsideBody(_) => None,
    });
    let holders = posts
        .chain([record.plan.manager])
        .filter_map(|post| record.post(post))
        .flat_map(|post| post.holdings.iter().map(|holding| holding.person.id));
    let persons = leads().filter_map(|lead| match lead {
        Lead::Person(person) => Some(person.id),
        Lead::Post { .. } | Lead::OutsideBody(_) => None,
    });
    let contributors = record.actions.iter().flat_map(|action| action.contributors.iter().copied());
    holders.chain(persons).chain(contributors).collect()
}

/// The actions of a plan of which an update for a round is awaited on a day. None of a plan that is not monitored any more.
pub fn awaited<'a>(record: &'a Record, round: &Round, day: NaiveDate) -> impl Iterator<Item = &'a Action> {
    let monitored = record.is_monitored(day);
    record.actions.iter().filter(move |a| monitored && answer(record, a, round, day) == Answer::Gap)
}

/// Whom a round asks on a day, given the records of its plans. A joint action is asked of each of its leads: one update is
/// enough.
pub fn asking<'a>(
    records: impl IntoIterator<Item = &'a Record>,
    round: &Round,
    day: NaiveDate,
) -> Asking<'a> {
    let mut asking = Asking::default();
    for record in records {
        for action in awaited(record, round, day) {
            let to = recipients(record, action, day);
            if to.people.is_empty() {
                let why = to.nobody.unwrap_or_default();
                asking.nobody.push(Unasked { record, action, why });
                continue;
            }
            for Recipient { person, post, instead_of, put_off, .. } in to.people {
                asking.add(person, post, Wanted { record, action, instead_of, put_off });
            }
        }
    }
    asking.people.sort_by(|a, b| (&a.person.name, a.person.id).cmp(&(&b.person.name, b.person.id)));
    asking
}

impl<'a> Asking<'a> {
    fn add(&mut self, person: &'a Person, post: Option<&'a str>, wanted: Wanted<'a>) {
        let known = self.people.iter().position(|asked| asked.person.id == person.id);
        let at = known.unwrap_or_else(|| {
            self.people.push(Asked { person, posts: Vec::new(), actions: Vec::new() });
            self.people.len() - 1
        });
        let Some(asked) = self.people.get_mut(at) else { return };
        if let Some(post) = post
            && !asked.posts.contains(&post)
        {
            asked.posts.push(post);
        }
        asked.actions.push(wanted);
    }
}

/// A lead whom nobody can reach on any day until updates are due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Away<'a> {
    /// The post or the person.
    pub who: &'a str,
    /// "nobody holds or covers it", "whoever holds it has no address in use", "they are away".
    pub why: &'static str,
    /// The labels of what is awaited of them.
    pub labels: Vec<&'a str>,
    /// Who is asked in their place on the first day, by name; none: nobody.
    pub instead: Vec<&'a str>,
}

/// The leads of awaited actions who are away all through a round: on no day from its opening to the day on which updates
/// are due (both included) can anybody be reached for them. Bodies outside, which have no account, are not meant.
pub fn away<'a>(records: &'a [Record], round: &'a Round, opening: NaiveDate) -> Vec<Away<'a>> {
    let until = round.updates_due_on.map_or(opening, |due| due.max(opening));
    let days = || opening.iter_days().take_while(move |day| *day <= until);
    let mut all: Vec<Away<'a>> = Vec::new();
    for record in records {
        for action in awaited(record, round, opening) {
            for lead in &action.leads {
                let (who, why) = match lead {
                    Lead::Post { post, .. } => {
                        let Some(post) = record.post(*post) else { continue };
                        let is_there = |day: NaiveDate| {
                            holders(record, post, day).any(|p| record.preferences.away(p.id, day).is_none())
                        };
                        if days().any(is_there) {
                            continue;
                        }
                        let held = days().any(|day| post.holders(day).next().is_some());
                        let reachable = days().any(|day| holders(record, post, day).next().is_some());
                        let why = if reachable {
                            "whoever holds it is away"
                        } else if held {
                            "whoever holds it has no address in use"
                        } else {
                            "nobody holds or covers it"
                        };
                        (post.name.as_str(), why)
                    }
                    Lead::Person(person) if !person.active => {
                        (person.name.as_str(), "their account is deactivated")
                    }
                    Lead::Person(person) if person.email.is_empty() => {
                        (person.name.as_str(), "they have no address")
                    }
                    Lead::Person(person) if !is_reachable(record, person) => {
                        (person.name.as_str(), "the mail server has refused their address")
                    }
                    Lead::Person(person)
                        if days().all(|day| record.preferences.away(person.id, day).is_some()) =>
                    {
                        (person.name.as_str(), "they are away")
                    }
                    Lead::Person(_) | Lead::OutsideBody(_) => continue,
                };
                let to = recipients(record, action, opening);
                let instead = to.people.iter().map(|to| to.person.name.as_str());
                match all.iter_mut().find(|away| away.who == who) {
                    Some(away) => {
                        away.labels.push(&action.label);
                        let new: Vec<_> = instead.filter(|name| !away.instead.contains(name)).collect();
                        away.instead.extend(new);
                    }
                    None => {
                        all.push(Away { who, why, labels: vec![&action.label], instead: instead.collect() });
                    }
                }
            }
        }
    }
    all
}

/// Who else leads an action, for one of those who are asked for it: "Jointly with LSCB Manager: one update is enough".
pub fn jointly(record: &Record, action: &Action, person: PersonId, day: NaiveDate) -> Option<String> {
    if action.leads.len() < 2 {
        return None;
    }
    let to = recipients(record, action, day);
    // Where no lead can be asked, whoever manages the plan leads nothing jointly.
    if to.nobody.is_some() {
        return None;
    }
    let own = to.people.iter().find(|to| to.person.id == person)?;
    let mut others: Vec<&str> = Vec::new();
    for lead in &action.leads {
        let (name, is_own) = match lead {
            Lead::Post { post, .. } => {
                let Some(post) = record.post(*post) else { continue };
                let is_own =
                    own.post == Some(post.name.as_str()) || post.holders(day).any(|h| h.id == person);
                (post.name.as_str(), is_own)
            }
            Lead::Person(lead) => (lead.name.as_str(), lead.id == person),
            Lead::OutsideBody(body) => (body.as_str(), false),
        };
        if !is_own && !others.contains(&name) {
            others.push(name);
        }
    }
    (!others.is_empty()).then(|| format!("Jointly with {}: one update is enough", text::list(&others)))
}

/// "you hold the post MAP Coordinator"; "these actions name you as their lead".
pub fn because(asked: &Asked<'_>) -> String {
    match asked.posts.as_slice() {
        [] if asked.actions.len() == 1 => "this action names you as its lead".to_owned(),
        [] => "these actions name you as their lead".to_owned(),
        [post] => format!("you hold the post {post}"),
        posts => format!("you hold the posts {}", text::list(posts)),
    }
}

#[cfg(test)]
mod tests;
