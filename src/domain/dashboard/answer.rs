//! What each action has for each round: an update, a gap, or nothing that was asked for; and the heat strip made of that.

use chrono::NaiveDate;

use super::Dashboard;
use crate::domain::{
    action::Action,
    plan::Record,
    rating::{Rating, Suggested},
    round::Round,
    standing::{Standing, expects_updates},
    update::Update,
};

/// What an action has for a round, at the end of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    /// The latest of the round's updates.
    Update(&'a Update),
    /// Nothing, though an update was expected: [`Round::gap_words`] says it in words.
    Gap,
    /// Nothing, and none was expected: complete, merged, closed, of a rejected recommendation, or not there yet.
    NotAsked,
}

/// One cell of the heat strip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heat {
    /// The rating that was reported.
    Reported(Rating),
    /// An update without a rating: what the facts said at the round's date.
    Suggested(Suggested),
    /// No update, though one was expected.
    Empty,
    /// None was expected.
    NotApplicable,
}

/// What an action has for a round, at the end of a day: what stands in its cell in the papers. Whether an update was expected is judged on the day on which
/// the round was closed, or on the day itself as long as it is not.
pub fn answer<'a>(record: &'a Record, action: &'a Action, round: &Round, day: NaiveDate) -> Answer<'a> {
    of_action(record, action, &[round], day).pop().unwrap_or(Answer::NotAsked)
}

/// The same for several rounds, in their order. What was said is read once, however many there are.
pub(super) fn of_action<'a>(
    record: &'a Record,
    action: &'a Action,
    rounds: &[&Round],
    day: NaiveDate,
) -> Vec<Answer<'a>> {
    let mut said: Vec<Option<&Update>> = vec![None; rounds.len()];
    // Oldest first, so that the latest stays. A correction belongs where the update began that it corrects.
    for update in action.updates_at(day) {
        let of = action.began_as(update).round;
        let place = of.and_then(|of| rounds.iter().position(|r| r.id == of));
        if let Some(cell) = place.and_then(|place| said.get_mut(place)) {
            *cell = Some(update);
        }
    }
    let cell = |(said, round): (Option<&'a Update>, &&Round)| match said {
        Some(update) => Answer::Update(update),
        None if is_expected(record, action, round, day) => Answer::Gap,
        None => Answer::NotAsked,
    };
    said.into_iter().zip(rounds).map(cell).collect()
}

fn is_expected(record: &Record, action: &Action, round: &Round, day: NaiveDate) -> bool {
    let judged_on = if round.state_at(day).is_closed() { round.frozen_on().min(day) } else { day };
    let there = action.added_on.is_none_or(|added| added <= judged_on);
    there && expects_updates(record, action, judged_on)
}

impl<'a> Dashboard<'a> {
    /// What an action has for a round.
    pub fn answer(&self, action: &'a Action, round: &Round) -> Answer<'a> {
        answer(self.record, action, round, self.day)
    }

    /// What every action has for every round: a row per action in the order of the table, a cell per round.
    pub fn answers(&self) -> &[Vec<Answer<'a>>] {
        &self.answers
    }

    /// The actions of whose answers, a cell per round, something holds.
    pub(super) fn answering(&self, holds: impl Fn(&[Answer<'a>]) -> bool) -> Vec<&Standing<'a>> {
        self.standings.iter().zip(&self.answers).filter(|(_, cells)| holds(cells)).map(|(s, _)| s).collect()
    }

    /// The actions that have no update in the latest round, though one was expected.
    pub fn without_update(&self) -> Vec<&Standing<'a>> {
        self.answering(|cells| cells.last() == Some(&Answer::Gap))
    }

    /// The heat strip: a row per action, a cell per round.
    pub fn heat(&self) -> Vec<Vec<Heat>> {
        self.past().heat()
    }
}
