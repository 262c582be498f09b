//! Who is told of what a panel decided: one notice to each person who leads something of it, without the reasons.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Decisions;
use crate::{
    command::{
        CommandError, Cx, Now,
        notice::{self, Manager, with_article},
    },
    domain::{
        action::Action,
        agenda::{self, Put, consequence},
        id::{ActionId, PersonId, PlanId, ResolutionId},
        plan::Record,
        post::Person,
        reminder::recipients,
        text,
    },
    link::path,
    mail::notice::{About, Item, Notice},
    store::{Tx, decision::Sitting, outbox::about::Subject},
};

/// What one person is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Letter {
    person: Person,
    /// The posts for which they are told.
    posts: Vec<String>,
    /// Who manages the first of the plans.
    manager: Manager,
    items: Vec<Item>,
    /// Where each leads.
    actions: Vec<ActionId>,
    plans: Vec<PlanId>,
}

/// Who will be told, by name: one mail each.
pub fn readers(sitting: &Sitting, decisions: &Decisions, today: NaiveDate) -> Vec<String> {
    let letters = letters(sitting, decisions, today);
    letters.into_values().map(|letter| letter.person.name).collect()
}

/// One letter to each person who leads something that was decided on; where nobody can be reached, to whoever manages it.
pub(super) fn letters(
    sitting: &Sitting,
    decisions: &Decisions,
    today: NaiveDate,
) -> BTreeMap<PersonId, Letter> {
    let mut letters = BTreeMap::new();
    for record in sitting.records.iter().filter(|r| r.is_monitored(today)) {
        for action in &record.actions {
            let lines = lines(record, action, decisions, today);
            if !lines.is_empty() {
                tell(&mut letters, record, action, lines, today);
            }
        }
    }
    letters
}

fn tell(
    letters: &mut BTreeMap<PersonId, Letter>,
    record: &Record,
    action: &Action,
    lines: Vec<String>,
    today: NaiveDate,
) {
    let to = recipients(record, action, today);
    for (person, post) in to.people {
        let letter = letters.entry(person.id).or_insert_with(|| Letter {
            person: person.clone(),
            posts: Vec::new(),
            manager: Manager::of(record, today),
            items: Vec::new(),
            actions: Vec::new(),
            plans: Vec::new(),
        });
        letter.posts.extend(post.filter(|p| !letter.posts.iter().any(|known| known == p)).map(str::to_owned));
        letter.actions.push(action.id);
        if !letter.plans.contains(&record.plan.id) {
            letter.plans.push(record.plan.id);
        }
        letter.items.push(Item {
            label: action.label.clone(),
            title: action.title(),
            plan: record.plan.title.clone(),
            lines: lines.clone(),
            link: String::new(),
            instead_of: to.instead_of.clone(),
        });
    }
}

/// What was decided on one action and on its recommendation, without reasons.
fn lines(record: &Record, action: &Action, decisions: &Decisions, today: NaiveDate) -> Vec<String> {
    let about_it = |put: Put| match put {
        Put::Variation(recommendation, _) => action.recommendation == Some(recommendation),
        other => other.action() == Some(action.id),
    };
    let said = decisions.said.iter().filter(|said| about_it(said.put));
    let mut lines: Vec<String> =
        said.map(|said| consequence(record, said.put, said.outcome, today)).collect();
    let own = record.words.say("The {panel’s} own rating");
    let rated = decisions.ratings.iter().filter(|rated| rated.action == action.id);
    lines.extend(rated.map(|rated| format!("{own}: {}", record.plan.key.word(rated.rating))));
    let concluded = decisions.conclusions.iter().filter(|c| action.recommendation == Some(c.recommendation));
    lines.extend(concluded.map(|c| {
        let name = agenda::name(record, c.recommendation);
        format!("Conclusion on recommendation {name}: {}", c.verdict.words().to_lowercase())
    }));
    lines
}

pub(super) async fn send(
    cx: &Cx,
    tx: &Tx,
    sitting: &Sitting,
    resolution: ResolutionId,
    letters: &BTreeMap<PersonId, Letter>,
    now: Now,
) -> Result<usize, CommandError> {
    let mut told = 0;
    for letter in letters.values() {
        let posts = text::list(&letter.posts);
        let link = |(item, action): (&Item, &ActionId)| Item {
            link: cx.links.full(&path::action(*action)),
            ..item.clone()
        };
        let notice = Notice {
            council: cx.installation().council.clone(),
            panel: with_article(&sitting.meeting.panel_name),
            about: About::Decisions { held_on: sitting.meeting.held_on },
            items: letter.items.iter().zip(&letter.actions).map(link).collect(),
            manager: letter.manager.named_to(&letter.person),
            because: notice::because(Some(posts.as_str()).filter(|p| !p.is_empty())),
        };
        let of = (Subject::Decisions(resolution), letter.plans.as_slice());
        if notice::queue(cx, tx, of, &letter.person, &notice, &letter.manager, now).await? {
            told += 1;
        }
    }
    Ok(told)
}
