//! The paper table of a plan: which UPDATE / RAG columns it has at the end of a day, and what stands in each.
//!
//! Owns no words beyond a column's head, and judges nothing: see [`super::standing`] for that.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::{
    action::{Action, Recommendation, State},
    dashboard::{Answer, answer},
    id::{ActionId, RecommendationId},
    plan::Record,
    round::{Round, RoundState},
    text,
    update::Update,
};

/// One UPDATE / RAG column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column<'a> {
    /// What was reported for a round.
    Round(&'a Round),
    /// What was written after the last closed round and belongs to none; none closed yet: everything so far.
    Since(Option<&'a Round>),
}

impl Column<'_> {
    /// What its head says after UPDATE / RAG: "Sept 2017", "since 7 December 2017", "so far".
    pub fn label(self) -> String {
        match self {
            Self::Round(round) => round.label.clone(),
            Self::Since(None) => "so far".to_owned(),
            Self::Since(Some(round)) => match round.closed_on {
                None if round.span.is_month() => format!("since {}", text::month(round.span.latest)),
                _ => format!("since {}", text::day(round.frozen_on())),
            },
        }
    }
}

/// The columns at the end of a day, oldest first: one for every round that leads were asked for by then, and, if there are
/// any, one for updates since the last that was closed.
pub fn columns(record: &Record, day: NaiveDate) -> Vec<Column<'_>> {
    let asked = record.rounds.iter().filter(|r| r.state_at(day) != RoundState::Planned);
    let mut columns: Vec<_> = asked.map(Column::Round).collect();
    let closed = record.closed_rounds_at(day).next_back();
    let since = Column::Since(closed);
    if record.actions.iter().any(|action| written_in(action, since, day).is_some()) {
        let last =
            columns.iter().rposition(|c| matches!((c, closed), (Column::Round(r), Some(l)) if r.id == l.id));
        columns.insert(last.map_or(0, |at| at + 1), since);
    }
    columns
}

/// What stands in an action's cell at the end of a day: the latest update of the column.
pub fn written_in<'a>(action: &'a Action, column: Column<'_>, day: NaiveDate) -> Option<&'a Update> {
    all_in(action, column, day).next_back()
}

/// The updates of an action that belong to a column at the end of a day, oldest first. A correction stands in the place of
/// what it corrects, in whatever round it was written.
pub fn all_in<'a>(
    action: &'a Action,
    column: Column<'_>,
    day: NaiveDate,
) -> impl DoubleEndedIterator<Item = &'a Update> {
    action.updates_at(day).filter(move |update| {
        let first = action.began_as(update);
        match column {
            Column::Round(round) => first.round == Some(round.id),
            Column::Since(closed) => {
                first.round.is_none() && closed.is_none_or(|r| first.known_from >= r.frozen_on())
            }
        }
    })
}

/// The updates of an action that were written since the last round that was closed by a day, and belong to none: among them
/// corrections of what stands in an earlier round, which are read only when a later one takes them in.
pub fn since_last_round<'a>(
    record: &'a Record,
    action: &'a Action,
    day: NaiveDate,
) -> impl DoubleEndedIterator<Item = &'a Update> {
    let closed = record.closed_rounds_at(day).next_back();
    action.updates_at(day).filter(move |update| {
        let first = action.began_as(update);
        let from = if first.round.is_none() { first.known_from } else { update.known_from };
        update.round.is_none() && closed.is_none_or(|round| from >= round.frozen_on())
    })
}

/// The updates for a round that no manager has accepted by the end of a day, in the order of the table: they are not in its
/// papers if it is closed then.
pub fn not_accepted<'a>(record: &'a Record, round: &Round, day: NaiveDate) -> Vec<(&'a Action, &'a Update)> {
    let of = |action: &'a Action| {
        let waits = |u: &&Update| action.began_as(u).round == Some(round.id) && !u.is_in_papers_at(day);
        action.updates_at(day).filter(waits).map(move |update| (action, update))
    };
    record.actions.iter().flat_map(of).collect()
}

/// Why a round's cell has no update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Without {
    /// One was or is expected: [`Round::gap_words`] says it in words.
    Gap,
    /// The action came later.
    NotYet,
    /// The action was in this state already, and merged into this one.
    Settled(State, Option<ActionId>),
    /// None was expected of an open action.
    NotAsked,
}

/// Why an action has no update in a round at the end of a day.
pub fn without_update(record: &Record, action: &Action, round: &Round, day: NaiveDate) -> Without {
    if answer(record, action, round, day) == Answer::Gap {
        return Without::Gap;
    }
    // A closed round asks how things stood when it was closed, an open one how they stand.
    let at = if round.state_at(day).is_closed() { round.frozen_on().min(day) } else { day };
    match action.state_at(at) {
        State::Open if action.added_on.is_some_and(|added| added > at) => Without::NotYet,
        State::Open => Without::NotAsked,
        state => Without::Settled(state, action.merged_into_at(at)),
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// None: the action answers no recommendation.
    pub recommendation: Option<&'a Recommendation>,
    /// None: the recommendation has no action, and stays in the table all the same.
    pub action: Option<&'a Action>,
}

/// The rows at the end of a day, in the order of the table: one per action, and one for every recommendation without any,
/// after those of the recommendations printed before it.
pub fn rows(record: &Record, day: NaiveDate) -> Vec<Row<'_>> {
    let by_id: HashMap<RecommendationId, &Recommendation> =
        record.recommendations.iter().map(|r| (r.id, r)).collect();
    let there = |action: &&Action| action.added_on.is_none_or(|added| added <= day);
    let mut rows: Vec<Row<'_>> = record
        .actions
        .iter()
        .filter(there)
        .map(|action| Row {
            recommendation: action.recommendation.and_then(|id| by_id.get(&id).copied()),
            action: Some(action),
        })
        .collect();
    let answered: HashSet<RecommendationId> =
        rows.iter().filter_map(|row| row.recommendation.map(|r| r.id)).collect();
    for alone in record.recommendations.iter().filter(|r| !answered.contains(&r.id)) {
        let before =
            rows.iter().rposition(|row| row.recommendation.is_some_and(|r| r.position < alone.position));
        rows.insert(before.map_or(0, |at| at + 1), Row { recommendation: Some(alone), action: None });
    }
    rows
}

/// The round for which an update is late: written after its papers closed, up to the day of its meeting. It never enters
/// the papers, and stands in their addendum.
///
/// So is what was written in time and accepted only after the papers closed, where a manager looks first. None also for what
/// else belongs to a round that was open when it was written. What was taken into a later round stays late for
/// the earlier one.
pub fn late_for<'a>(record: &'a Record, update: &Update) -> Option<&'a Round> {
    let written = update.written_on?;
    let own = update.round.and_then(|id| record.round(id));
    if let Some(own) = own.filter(|round| round.opened_on.is_none_or(|opened| opened <= written)) {
        let missed = |closed| update.is_accepted() && !update.is_in_papers_at(closed);
        return (own.state.is_closed() && own.closed_on.is_some_and(missed)).then_some(own);
    }
    record.rounds.iter().rfind(|round| {
        round.state.is_closed()
            && round.closed_on.is_some_and(|closed| closed <= written)
            && round.meeting_on.is_some_and(|meeting| written <= meeting)
    })
}

/// The round for which an update that belongs to none is late when it is written on a day.
pub fn late_on(record: &Record, day: NaiveDate) -> Option<&Round> {
    record.rounds.iter().rfind(|round| {
        round.state.is_closed()
            && round.closed_on.is_some_and(|closed| closed <= day)
            && round.meeting_on.is_some_and(|meeting| day <= meeting)
    })
}

/// What was received late for a round by the end of a day, in the order of the table: see [`late_for`]. What has been
/// corrected since is not in it, but its correction is.
pub fn late<'a>(record: &'a Record, round: &Round, day: NaiveDate) -> Vec<(&'a Action, &'a Update)> {
    let is_late = |update: &&Update| late_for(record, update).is_some_and(|of| of.id == round.id);
    let of = |action: &'a Action| action.updates_at(day).filter(is_late).map(move |update| (action, update));
    record.actions.iter().flat_map(of).collect()
}

/// What of that an addendum can publish: the round is published, a manager has accepted it, and nobody reads it yet who reads
/// only what is published.
pub fn unreleased<'a>(record: &'a Record, round: &Round, day: NaiveDate) -> Vec<(&'a Action, &'a Update)> {
    if round.state_at(day) != RoundState::Published {
        return Vec::new();
    }
    let mut late = late(record, round, day);
    late.retain(|(_, update)| update.is_accepted() && !record.is_published(update, day));
    late
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        rating::Rating,
        sample::{action, day, record, round, update},
    };

    /// Closed on 9 February for the meeting on the 19th; the next one opened on 5 March.
    fn plan(updates: Vec<Update>) -> Record {
        let closed = Round {
            opened_on: Some(day("2018-01-15")),
            closed_on: Some(day("2018-02-09")),
            meeting_on: Some(day("2018-02-19")),
            ..round(1, "19 Feb 2018", "2018-02-19", RoundState::Published)
        };
        let open = Round {
            opened_on: Some(day("2018-03-05")),
            ..round(2, "June 2018", "2018-06-04", RoundState::Open)
        };
        let of = Action { updates, ..action(1, None) };
        Record { rounds: vec![closed, open], ..record([of]) }
    }

    fn late_on(update: Update) -> bool {
        let record = plan(Vec::new());
        late_for(&record, &update).is_some_and(|round| round.label == "19 Feb 2018")
    }

    #[test]
    fn an_update_is_late_from_the_day_the_papers_closed_to_the_day_of_the_meeting() {
        for (on, late) in
            [("2018-02-08", false), ("2018-02-09", true), ("2018-02-19", true), ("2018-02-20", false)]
        {
            assert_eq!(late_on(update(1, None, on, Rating::NotRecorded)), late, "on {on}");
        }
    }

    #[test]
    fn what_belongs_to_the_round_is_not_late_and_what_a_later_round_took_in_stays_late() {
        let on = "2018-02-12";
        assert!(!late_on(update(1, Some(1), on, Rating::NotRecorded)));
        assert!(late_on(update(1, Some(2), on, Rating::NotRecorded)));
        let without_day = Update { written_on: None, ..update(1, None, on, Rating::NotRecorded) };
        assert!(!late_on(without_day));
    }

    #[test]
    fn a_correction_between_rounds_of_what_an_earlier_round_says_is_taken_in_by_the_next() {
        let said = update(1, Some(1), "2018-02-01", Rating::NotRecorded);
        let corrected =
            Update { supersedes: Some(said.id), ..update(2, None, "2018-02-27", Rating::NotRecorded) };
        let between = update(3, None, "2018-02-28", Rating::NotRecorded);
        let before = update(4, None, "2018-01-02", Rating::NotRecorded);
        let record = plan(vec![before, said, corrected, between]);
        let taken: Vec<i64> =
            since_last_round(&record, &record.actions[0], day("2018-03-01")).map(|u| u.id.0).collect();
        assert_eq!(taken, [2, 3]);
    }

    #[test]
    fn a_round_without_a_meeting_has_nothing_late() {
        let mut record = plan(Vec::new());
        record.rounds[0].meeting_on = None;
        assert_eq!(late_for(&record, &update(1, None, "2018-02-12", Rating::NotRecorded)), None);
    }

    #[test]
    fn of_late_updates_the_correction_is_listed_and_what_it_corrects_is_not() {
        let first = update(1, None, "2018-02-12", Rating::NotRecorded);
        let correction =
            Update { supersedes: Some(first.id), ..update(2, None, "2018-02-13", Rating::NotRecorded) };
        let record = plan(vec![first, correction]);
        let ids = |on: &str| {
            late(&record, &record.rounds[0], day(on)).iter().map(|(_, u)| u.id.0).collect::<Vec<_>>()
        };
        assert_eq!(ids("2018-02-12"), [1]);
        assert_eq!(ids("2018-02-19"), [2]);
    }
}
