//! Draws up the pack of a round from a plan's record.
//!
//! Owns what of the record belongs into a pack: what is published once this round is, without people's names, as at one day.
//! `draw_up/cover.rs` has the figures and the keys, `draw_up/lists.rs` what stands before the table, `draw_up/table.rs` the
//! table. What is complete, late or at odds is [`crate::domain`]'s to say.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::pack::{Cell, Kind, Pack, Part, Stands};
use crate::domain::{
    action::Action,
    dashboard::Dashboard,
    id::{ActionId, RoundId},
    plan::Record,
    rating::Rating,
    round::{Round, RoundState},
    standing::Standing,
    text,
    update::{Cleared, Update},
};

mod cover;
mod lists;
mod table;

/// What stands in the place of an update that no manager has accepted.
const NOT_ACCEPTED: &str = "Update received, not yet accepted";

/// The pack of a round for a plan as it stands, from the whole record: a draft while the round is open, else as at the day on
/// which it was closed.
///
/// None: the round is not this plan's, or nobody has been asked for updates yet.
pub fn draw_up(record: Record, round: &Round, council: &str, today: NaiveDate) -> Option<Pack> {
    let stands = match round.state {
        RoundState::Planned => return None,
        RoundState::Open => Stands::Draft(today),
        RoundState::Closed | RoundState::Published => Stands::DrawnUp(round.frozen_on()),
    };
    draw(record, round, council, stands)
}

/// The pack of a round for a plan, on the day on which the round is closed: what it says from then on.
pub fn freeze(record: Record, round: &Round, council: &str, today: NaiveDate) -> Option<Pack> {
    draw(record, round, council, Stands::Frozen(today))
}

fn draw(record: Record, round: &Round, council: &str, stands: Stands) -> Option<Pack> {
    let round = record.round(round.id)?.clone();
    let (Stands::Draft(day) | Stands::Frozen(day) | Stands::DrawnUp(day)) = stands;
    let waiting = not_accepted(&record, day);
    let record = as_published(record, &round, day);
    let round = record.round(round.id)?;
    let board = Dashboard::at(&record, day, |_| true);
    let drawer = Drawer { record: &record, round, board: &board, waiting: &waiting, day };
    let mut pack = Pack::new(Kind::Pack, stands, council, &record.plan.title, &round.label);
    pack.facts = drawer.facts(stands);
    pack.sentence = board.sentence();
    pack.cover = drawer.cover();
    pack.sections = drawer.sections();
    pack.table = Some(drawer.table());
    pack.notes = drawer.notes(stands);
    Some(pack)
}

/// What the panel may read once this round is published, as at a day: nothing of other rounds that are not, and nothing that
/// was written between rounds.
fn as_published(mut record: Record, round: &Round, day: NaiveDate) -> Record {
    let as_it_is = round.clone();
    for one in record.rounds.iter_mut().filter(|one| one.id == as_it_is.id) {
        one.state = RoundState::Published;
        one.opened_on = Some(one.opened_on.unwrap_or(day).min(day));
        one.closed_on = Some(one.frozen_on().min(day));
        one.published_on = Some(day);
    }
    // What came late is in an addendum.
    for update in record.actions.iter_mut().flat_map(|action| &mut action.updates) {
        update.released_on = None;
    }
    let mut record = record.published_at(day).without_names();
    for action in &mut record.actions {
        action.updates.retain(|update| update.is_in_papers_at(day));
    }
    // An open round is judged as open: what is awaited is not missing yet.
    for one in record.rounds.iter_mut().filter(|one| one.id == as_it_is.id) {
        *one = as_it_is.clone();
    }
    record
}

/// Where an update was received by a day that no manager had accepted by then: it is not in the papers, and not missing.
fn not_accepted(record: &Record, day: NaiveDate) -> HashSet<(ActionId, RoundId)> {
    let of = |action: &Action| -> Vec<(ActionId, RoundId)> {
        let waiting = action.updates_at(day).filter(|update| !update.is_in_papers_at(day));
        waiting.filter_map(|update| Some((action.id, action.began_as(update).round?))).collect()
    };
    record.actions.iter().flat_map(of).collect()
}

/// What every part of a pack is drawn from.
struct Drawer<'a> {
    record: &'a Record,
    round: &'a Round,
    board: &'a Dashboard<'a>,
    /// See [`not_accepted`].
    waiting: &'a HashSet<(ActionId, RoundId)>,
    day: NaiveDate,
}

impl Drawer<'_> {
    /// A rating in the plan's word.
    fn rating(&self, rating: Rating) -> Part {
        rating_of(self.record, rating)
    }

    /// What stands where an action has no update in a round, though one was expected.
    fn gap(&self, action: &Action, round: &Round) -> &'static str {
        if self.waits(action, round) { NOT_ACCEPTED } else { round.gap_words(self.day) }
    }

    /// Whether an update was received and is not accepted.
    fn waits(&self, action: &Action, round: &Round) -> bool {
        self.waiting.contains(&(action.id, round.id))
    }

    /// The actions that have no update in the round though one was asked for: those whose update waits to be accepted, and those
    /// of whom nothing came.
    fn unanswered(&self) -> (Vec<&Standing<'_>>, Vec<&Standing<'_>>) {
        self.board.without_update().into_iter().partition(|s| self.waits(s.action, self.round))
    }

    /// A sentence in the words of this installation.
    fn say(&self, sentence: &'static str) -> String {
        self.record.words.say(sentence)
    }
}

pub(super) fn rating_of(record: &Record, rating: Rating) -> Part {
    let entry = record.plan.key.entry(rating);
    Part::Rating { word: entry.word, colour: entry.colour }
}

/// What an update says, under its number.
pub(super) fn said(action: &Action, update: &Update) -> Part {
    let mut parts = vec![Part::Text(update.narrative.clone())];
    let outcome =
        update.outcome.clone().or_else(|| update.outcome_not_known.then(|| "Not known yet".to_owned()));
    let named = [
        ("What was promised last time happened", update.promise.map(|promise| promise.word().to_owned())),
        ("Next", update.next_steps.clone()),
        ("To put it right", update.put_right.clone()),
        ("What difference it made", outcome),
        ("Cleared by", update.cleared.as_ref().map(cleared)),
    ];
    let named = named.into_iter().filter_map(|(name, words)| Some((name, words?)));
    parts.extend(named.map(|(name, words)| Part::Named(name.to_owned(), words)));
    Part::Said { update: update.id.0, exempt: action.exempt(update), parts }
}

/// "Head of Service, 4 December 2017".
fn cleared(by: &Cleared) -> String {
    match by.on {
        Some(on) => format!("{}, {}", by.by, text::day(on)),
        None => by.by.clone(),
    }
}

/// An action as the head of a row: what it is called, and its title.
pub(super) fn named(standing: &Standing<'_>) -> Cell {
    Cell(vec![Part::Strong(standing.action.label.clone()), Part::Text(standing.action.title())])
}

/// What the facts say of an action.
fn suggested(standing: &Standing<'_>) -> Part {
    let says = &standing.suggestion;
    Part::Suggested { words: says.rating.words().to_owned(), reason: text::initial_capital(&says.reason) }
}

#[cfg(test)]
mod tests;
