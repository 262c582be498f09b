//! What changed between an earlier round's date and a day. It compares two standings; it never says why.

use super::{Answer, Dashboard};
use crate::domain::{
    action::Revision,
    rating::Suggested,
    round::Round,
    standing::{Standing, stand_one},
};

/// One action, then and now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<'d, 'a> {
    /// At the earlier round's date.
    pub before: Standing<'a>,
    /// On the day.
    pub now: &'d Standing<'a>,
}

impl Change<'_, '_> {
    fn completed(&self) -> bool {
        let is = |s: &Standing<'_>| s.suggestion.rating == Suggested::Complete;
        is(self.now) && !is(&self.before)
    }

    /// Whether what is reported or what the facts say is worse than before; no longer complete is worse.
    fn worse(&self) -> bool {
        let no_longer = self.before.suggestion.rating == Suggested::Complete
            && !matches!(self.now.suggestion.rating, Suggested::Complete | Suggested::NotRated);
        no_longer || self.parts(|before, now| now > before)
    }

    fn better(&self) -> bool {
        self.parts(|before, now| now < before)
    }

    fn parts(&self, how: impl Fn(u8, u8) -> bool) -> bool {
        let both =
            |before: Option<u8>, now: Option<u8>| matches!((before, now), (Some(b), Some(n)) if how(b, n));
        both(self.before.suggestion.rating.severity(), self.now.suggestion.rating.severity())
            || both(self.before.reported.severity(), self.now.reported.severity())
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

/// What changed since an earlier round's date. An action stands under the first heading that fits of completed, worse and
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
    /// With another deadline, or with a date that is newly asked for.
    pub moved: Vec<Change<'d, 'a>>,
    /// With an update in the round before the latest, and none in the latest.
    pub newly_without_update: Vec<&'d Standing<'a>>,
    /// Added since.
    pub added: Vec<&'d Standing<'a>>,
}

impl Changes<'_, '_> {
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
    let then = since.counts_from();
    let mut changes = Changes {
        since,
        completed: Vec::new(),
        worse: Vec::new(),
        better: Vec::new(),
        moved: Vec::new(),
        newly_without_update: newly_without_update(dashboard),
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
        if change.completed() {
            changes.completed.push(change);
        } else if change.worse() {
            changes.worse.push(change);
        } else if change.better() {
            changes.better.push(change);
        }
    }
    changes
}

fn newly_without_update<'d, 'a>(dashboard: &'d Dashboard<'a>) -> Vec<&'d Standing<'a>> {
    let [.., before, latest] = dashboard.rounds.as_slice() else { return Vec::new() };
    dashboard.having(|s| {
        dashboard.answer(s.action, latest) == Answer::Gap
            && matches!(dashboard.answer(s.action, before), Answer::Update(_))
    })
}
