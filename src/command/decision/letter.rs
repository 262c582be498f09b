//! Who is told of what a panel decided: each person who leads something of it, without the reasons.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Decisions;
use crate::{
    command::{
        CommandError, Now,
        notice::{self, with_article},
    },
    domain::{
        action::Action,
        agenda::{self, Put, consequence},
        id::{PersonId, ResolutionId},
        plan::Record,
        post::Person,
        reminder::{notice::About, recipients},
        text,
    },
    store::{Tx, decision::Sitting},
};

/// What one person is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Letter<'a> {
    person: Person,
    /// On each action, what was decided, a line each.
    items: Vec<(&'a Record, &'a Action, Vec<String>)>,
}

/// Who will be told, by name.
pub fn readers(sitting: &Sitting, decisions: &Decisions, today: NaiveDate) -> Vec<String> {
    let letters = letters(sitting, decisions, today);
    letters.into_values().map(|letter| letter.person.name).collect()
}

/// One letter to each person who leads something that was decided on; where nobody can be reached, to whoever manages it.
pub(super) fn letters<'a>(
    sitting: &'a Sitting,
    decisions: &Decisions,
    today: NaiveDate,
) -> BTreeMap<PersonId, Letter<'a>> {
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

fn tell<'a>(
    letters: &mut BTreeMap<PersonId, Letter<'a>>,
    record: &'a Record,
    action: &'a Action,
    lines: Vec<String>,
    today: NaiveDate,
) {
    for person in recipients(record, action, today).people.iter().map(|to| to.person) {
        let letter =
            letters.entry(person.id).or_insert_with(|| Letter { person: person.clone(), items: Vec::new() });
        letter.items.push((record, action, lines.clone()));
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

/// Notes it for each of them, and says for how many.
pub(super) async fn send(
    tx: &Tx,
    sitting: &Sitting,
    resolution: ResolutionId,
    letters: &BTreeMap<PersonId, Letter<'_>>,
    now: Now,
) -> Result<usize, CommandError> {
    let panel = text::initial_capital(&with_article(&sitting.meeting.panel_name));
    let sentence = format!("{panel} met on {} and decided:", text::weekday_day(sitting.meeting.held_on));
    let about = About::Decision(resolution);
    for letter in letters.values() {
        for (record, action, lines) in &letter.items {
            notice::note(tx, about, (record, action), &letter.person, (&sentence, lines), now).await?;
        }
    }
    Ok(letters.len())
}
