//! What changed between the day on which an earlier round was frozen and a day. It compares two standings; it never says why.

use super::{Answer, Dashboard, Direction, travel};
use crate::domain::{
    action::Revision,
    round::Round,
    standing::{Standing, stand_one},
};

/// One action, then and now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<'d, 'a> {
    /// When the earlier round was frozen.
    pub before: Standing<'a>,
    /// On the day.
    pub now: &'d Standing<'a>,
}

impl Change<'_, '_> {
    /// Where it went.
    pub fn direction(&self) -> Direction {
        travel::direction((&self.before).into(), self.now.into())
    }

    /// Whether another deadline is in force.
    pub fn deadline_moved(&self) -> bool {
        self.before.deadline.map(|d| d.id) != self.now.deadline.map(|d| d.id)
    }

    /// The date that is asked for now and was not then.
    pub fn newly_asked(&self) -> Option<&Revision> {
        self.now.asked.filter(|asked| self.before.asked.map(|b| b.id) != Some(asked.id))
    }
}

/// What changed since an earlier round was frozen. An action stands under the first heading that fits of completed, worse and
/// better; its dates and updates are said beside that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes<'d, 'a> {
    /// The earlier round.
    pub since: &'a Round,
    /// Complete now, and not then.
    pub completed: Vec<Change<'d, 'a>>,
    /// Worse, by what is reported or by the facts.
    pub worse: Vec<Change<'d, 'a>>,
    /// Better.
    pub better: Vec<Change<'d, 'a>>,
    /// How many are neither.
    pub same: usize,
    /// With another deadline, or with a date that is newly asked for.
    pub moved: Vec<Change<'d, 'a>>,
    /// With an update for the earlier round, and none for the latest; empty while that is still awaited.
    pub newly_without_update: Vec<&'d Standing<'a>>,
    /// Added since.
    pub added: Vec<&'d Standing<'a>>,
}

impl Changes<'_, '_> {
    /// "3 better, 2 worse, 11 newly complete and 6 without change".
    pub fn travel_words(&self) -> String {
        travel::travel_words(&Direction::ALL.map(|direction| match direction {
            Direction::Better => self.better.len(),
            Direction::Worse => self.worse.len(),
            Direction::Completed => self.completed.len(),
            Direction::Same => self.same,
            Direction::Added => self.added.len(),
        }))
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.completed.is_empty()
            && self.worse.is_empty()
            && self.better.is_empty()
            && self.moved.is_empty()
            && self.newly_without_update.is_empty()
            && self.added.is_empty()
    }
}

pub(super) fn since<'d, 'a>(dashboard: &'d Dashboard<'a>, since: &'a Round) -> Changes<'d, 'a> {
    let then = since.frozen_on();
    let mut changes = Changes {
        since,
        completed: Vec::new(),
        worse: Vec::new(),
        better: Vec::new(),
        same: 0,
        moved: Vec::new(),
        newly_without_update: newly_without_update(dashboard, since),
        added: Vec::new(),
    };
    for now in &dashboard.standings {
        if now.action.added_on.is_some_and(|added| added > then) {
            changes.added.push(now);
            continue;
        }
        let change = Change { before: stand_one(dashboard.record, now.action, then), now };
        if change.deadline_moved() || change.newly_asked().is_some() {
            changes.moved.push(change.clone());
        }
        match change.direction() {
            Direction::Completed => changes.completed.push(change),
            Direction::Worse => changes.worse.push(change),
            Direction::Better => changes.better.push(change),
            Direction::Same | Direction::Added => changes.same += 1,
        }
    }
    changes
}

/// None where the earlier round is the latest: nobody has been asked since.
fn newly_without_update<'d, 'a>(dashboard: &'d Dashboard<'a>, since: &Round) -> Vec<&'d Standing<'a>> {
    let Some(before) = dashboard.rounds.iter().position(|r| r.id == since.id) else { return Vec::new() };
    if dashboard.still_awaits_updates() {
        return Vec::new();
    }
    let had_one = |cells: &[Answer<'_>]| matches!(cells.get(before), Some(Answer::Update(_)));
    dashboard.answering(|cells| had_one(cells) && cells.last() == Some(&Answer::Gap))
}
