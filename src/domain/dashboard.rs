//! A plan's figures at the end of a day: counts, comparisons, and the sentence that says how things stand.
//!
//! Counts what [`super::standing`] found; makes no rule of its own about a rating, and never corrects a person. Which
//! rounds and updates a reader may see is settled before: what comes in is what they may read.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::{
    action::{Action, Recommendation},
    agenda,
    id::{ActionId, PostId},
    plan::Record,
    post::Lead,
    rating::{Disagreement, Rating, Suggested},
    round::Round,
    standing::{Standing, stand},
    text::{self, plural},
    update::{Promise, Update},
};

mod answer;
mod change;
mod dates;
mod later;
mod recommended;
mod sentence;
mod several;
#[cfg(test)]
mod tests;
mod travel;

pub use answer::{Answer, Heat, answer};
pub use change::{Change, Changes};
pub use dates::{Dated, Dates, no_date_words};
pub use later::RecordedLater;
pub use recommended::Recommended;
pub use several::Several;
pub use travel::{Direction, Past, Step, travel_words};

/// What was promised in the update before the latest, over all actions, and what became of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Promises {
    /// Actions whose update before the latest had next steps.
    pub made: usize,
    /// It happened.
    pub kept: usize,
    /// Some of it happened.
    pub partly: usize,
    /// It did not happen.
    pub not_kept: usize,
}

impl Promises {
    /// Those of which the latest update does not say what became.
    pub fn unanswered(&self) -> usize {
        self.made - self.kept - self.partly - self.not_kept
    }
}

/// Actions that have a lead or a theme in common.
#[derive(Clone, Debug)]
pub struct Group<'d, 'a> {
    /// The post, person, body or theme; for actions without a lead the wording ("N/A").
    pub name: String,
    /// The post, where the lead is one.
    pub post: Option<PostId>,
    /// Its actions, in the order of the table. A joint action is in the group of each of its leads.
    pub actions: Vec<&'d Standing<'a>>,
}

/// A plan's figures at the end of a day.
#[derive(Clone, Debug)]
pub struct Dashboard<'a> {
    /// The day.
    pub day: NaiveDate,
    /// Where every action stands, in the order of the table.
    pub standings: Vec<Standing<'a>>,
    /// The rounds that had begun by that day and that the reader may read, oldest first.
    pub rounds: Vec<&'a Round>,
    record: &'a Record,
    /// What every action has for every round.
    answers: Vec<Vec<Answer<'a>>>,
}

impl<'a> Dashboard<'a> {
    /// The figures of a record at the end of a day. `may_read` says which of the rounds count for this reader.
    pub fn at(record: &'a Record, day: NaiveDate, may_read: impl Fn(&Round) -> bool) -> Self {
        let begun = |r: &&Round| r.state_at(day) != super::round::RoundState::Planned;
        let rounds: Vec<&Round> = record.rounds.iter().filter(begun).filter(|r| may_read(r)).collect();
        let standings = stand(record, day);
        let answers = standings.iter().map(|s| answer::of_action(record, s.action, &rounds, day)).collect();
        Self { day, standings, rounds, record, answers }
    }

    /// How many actions there are.
    pub fn total(&self) -> usize {
        self.standings.len()
    }

    /// The actions of which something holds.
    pub fn having(&self, holds: impl Fn(&Standing<'a>) -> bool) -> Vec<&Standing<'a>> {
        self.standings.iter().filter(|s| holds(s)).collect()
    }

    /// The actions of which the facts suggest this.
    pub fn suggested(&self, rating: Suggested) -> Vec<&Standing<'a>> {
        self.having(|s| s.suggestion.rating == rating)
    }

    /// The rated actions of which this is reported.
    pub fn reported(&self, rating: Rating) -> Vec<&Standing<'a>> {
        self.having(|s| s.suggestion.rating != Suggested::NotRated && s.reported == rating)
    }

    /// The rated actions to which the panel has given this rating of its own.
    pub fn panel(&self, rating: Rating) -> Vec<&Standing<'a>> {
        self.having(|s| {
            s.suggestion.rating != Suggested::NotRated && s.panel.is_some_and(|p| p.rating == rating)
        })
    }

    /// Whether the panel has given any rating of its own.
    pub fn has_panel_ratings(&self) -> bool {
        self.standings.iter().any(|s| s.panel.is_some())
    }

    /// How many actions are rated: all but those with no further action or of a rejected recommendation.
    pub fn rated(&self) -> usize {
        self.total() - self.suggested(Suggested::NotRated).len()
    }

    /// The actions whose reported rating and facts part in one way.
    pub fn disagreeing(&self, how: Disagreement) -> Vec<&Standing<'a>> {
        self.having(|s| s.disagreement() == Some(how))
    }

    /// The latest round that has begun.
    pub fn latest_round(&self) -> Option<&'a Round> {
        self.rounds.last().copied()
    }

    /// Whether the updates of the latest round are still in time, so that none is missing yet.
    pub fn still_awaits_updates(&self) -> bool {
        self.latest_round().is_some_and(|round| round.is_awaited(self.day))
    }

    /// The completions that a body has agreed, merged actions with their target.
    pub fn agreed_complete(&self) -> usize {
        let agreed = |s: &&Standing<'a>| {
            let change = match s.fate == s.action.id {
                true => s.change,
                false => self.record.action(s.fate).and_then(|a| a.change_at(self.day)),
            };
            change.and_then(|c| c.agreed.as_ref()).is_some_and(|a| a.on <= self.day)
        };
        self.suggested(Suggested::Complete).into_iter().filter(agreed).count()
    }

    /// The actions whose completion the panel did not agree to, and that nobody has said since to be complete.
    pub fn refused_completions(&self) -> Vec<&Standing<'a>> {
        self.having(|s| agenda::refused_completion(self.record, s.action, self.day).is_some())
    }

    /// The actions said to be complete of which neither an outcome nor evidence is recorded.
    pub fn nothing_to_show(&self, has_evidence: impl Fn(ActionId) -> bool) -> Vec<&Standing<'a>> {
        self.having(|s| {
            let answered = |u: &Update| u.outcome.is_some() || u.outcome_not_known;
            s.state.is_complete()
                && !s.action.updates_at(self.day).any(answered)
                && !has_evidence(s.action.id)
        })
    }

    /// The actions said to be complete whose lead does not know yet what difference it made.
    pub fn outcome_not_known(&self) -> Vec<&Standing<'a>> {
        self.having(Standing::outcome_is_not_known)
    }

    /// What became of what was promised last time.
    pub fn promises(&self) -> Promises {
        let mut promises = Promises::default();
        for answer in self.standings.iter().filter_map(|s| self.promise_of(s)) {
            promises.made += 1;
            match answer {
                Some(Promise::Kept) => promises.kept += 1,
                Some(Promise::Partly) => promises.partly += 1,
                Some(Promise::NotKept) => promises.not_kept += 1,
                None => {}
            }
        }
        promises
    }

    /// The actions of whose promise this became; none: of which nobody said what became.
    pub fn promised(&self, answer: Option<Promise>) -> Vec<&Standing<'a>> {
        self.having(|s| self.promise_of(s) == Some(answer))
    }

    /// What became of an action's promise, if its update before the latest made one.
    fn promise_of(&self, standing: &Standing<'a>) -> Option<Option<Promise>> {
        let mut said = standing.action.updates_at(self.day).rev();
        let (latest, before) = (said.next()?, said.next()?);
        before.next_steps.as_ref()?;
        Some(latest.promise)
    }

    /// The actions with facts that their texts say are not known (`??`), each with how many. Counted are the
    /// recommendation's words (with its first action), the action's, and every update that was not corrected.
    pub fn unknown_facts(&self) -> Vec<(&Standing<'a>, usize)> {
        let mut counted = HashSet::new();
        let count = |standing: &Standing<'a>| -> usize {
            let action = standing.action;
            let first = action.recommendation.filter(|id| counted.insert(*id));
            let words = first.and_then(|id| self.record.recommendation(id)).map(|r| &r.text);
            let updates = action.updates_at(self.day).flat_map(|u| {
                [Some(&u.narrative), u.next_steps.as_ref(), u.put_right.as_ref(), u.outcome.as_ref()]
            });
            let texts = words.into_iter().chain([&action.text]).chain(updates.flatten());
            texts.map(|words| text::unknown_facts(words)).sum()
        };
        self.standings.iter().zip(self.standings.iter().map(count)).filter(|(_, n)| *n > 0).collect()
    }

    /// The same in the words of recommendations that have no action.
    pub fn unknown_facts_without_action(&self) -> Vec<(&'a Recommendation, usize)> {
        let answered: HashSet<_> = self.standings.iter().filter_map(|s| s.action.recommendation).collect();
        let alone = self.record.recommendations.iter().filter(|r| !answered.contains(&r.id));
        alone.map(|r| (r, text::unknown_facts(&r.text))).filter(|(_, n)| *n > 0).collect()
    }

    /// Whether an update counts from its round's date, because the day on which it was written is not recorded.
    pub fn has_undated_updates(&self) -> bool {
        self.standings.iter().flat_map(|s| s.action.updates_at(self.day)).any(|u| u.written_on.is_none())
    }

    /// The actions by lead: the one with most actions first.
    pub fn by_lead(&self) -> Vec<Group<'_, 'a>> {
        self.grouped(|action| {
            if action.leads.is_empty() {
                let wording = action.lead_wording.trim();
                let name = if wording.is_empty() { "No lead" } else { wording };
                return vec![(name.to_owned(), None)];
            }
            let name = |lead: &Lead| match lead {
                Lead::Post { post, .. } => {
                    let name =
                        self.record.post(*post).map_or_else(|| format!("post {post}"), |p| p.name.clone());
                    (name, Some(*post))
                }
                Lead::Person(person) => (person.name.clone(), None),
                Lead::OutsideBody(body) => (body.clone(), None),
            };
            action.leads.iter().map(name).collect()
        })
    }

    /// The actions by theme: the one with most actions first. Empty where no action has a theme.
    pub fn by_theme(&self) -> Vec<Group<'_, 'a>> {
        self.grouped(|action| action.themes.iter().map(|theme| (theme.clone(), None)).collect())
    }

    fn grouped(&self, names: impl Fn(&Action) -> Vec<(String, Option<PostId>)>) -> Vec<Group<'_, 'a>> {
        let mut groups: Vec<Group<'_, 'a>> = Vec::new();
        for standing in &self.standings {
            for (name, post) in names(standing.action) {
                match groups.iter_mut().find(|g| g.name == name && g.post == post) {
                    // The same post named twice on one action leads it once.
                    Some(group)
                        if group.actions.last().is_some_and(|s| s.action.id == standing.action.id) => {}
                    Some(group) => group.actions.push(standing),
                    None => groups.push(Group { name, post, actions: vec![standing] }),
                }
            }
        }
        groups.sort_by(|a, b| b.actions.len().cmp(&a.actions.len()).then_with(|| a.name.cmp(&b.name)));
        groups
    }

    /// The rounds that closed before the day, of those that the reader may read, oldest first: what a change can be
    /// counted from.
    pub fn earlier_rounds(&self) -> impl DoubleEndedIterator<Item = &'a Round> {
        self.rounds.iter().copied().filter(|r| r.state_at(self.day).is_closed() && r.frozen_on() < self.day)
    }

    /// What changed since an earlier round was frozen: since what its papers said.
    pub fn changes_since(&self, round: &'a Round) -> Changes<'_, 'a> {
        change::since(self, round)
    }

    /// How things stand, in one or two sentences that can be read aloud.
    pub fn sentence(&self) -> String {
        sentence::say(self)
    }
}

/// "of 14 things promised last time, 9 happened".
impl std::fmt::Display for Promises {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let made = plural(self.made, "thing", "things");
        write!(f, "Of {made} promised last time, {} happened", self.kept)?;
        for (count, words) in [
            (self.partly, "happened in part"),
            (self.not_kept, "did not happen"),
            (self.unanswered(), "not answered for"),
        ] {
            if count > 0 {
                write!(f, ", {count} {words}")?;
            }
        }
        Ok(())
    }
}
