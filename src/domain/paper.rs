//! The paper table of a plan: which UPDATE / RAG columns it has at the end of a day, and what stands in each.
//!
//! Owns no words beyond a column's head, and judges nothing: see [`super::standing`] for that.

use chrono::NaiveDate;

use super::{
    action::{Action, Recommendation},
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
                _ => format!("since {}", text::day(closed_from(round))),
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
                first.round.is_none() && closed.is_none_or(|r| first.known_from >= closed_from(r))
            }
        }
    })
}

fn closed_from(round: &Round) -> NaiveDate {
    round.closed_on.unwrap_or_else(|| round.counts_from())
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
    let mut rows: Vec<Row<'_>> = record
        .actions
        .iter()
        .filter(|a| a.added_on.is_none_or(|added| added <= day))
        .map(|action| Row {
            recommendation: action.recommendation.and_then(|id| record.recommendation(id)),
            action: Some(action),
        })
        .collect();
    for alone in &record.recommendations {
        if rows.iter().any(|row| row.recommendation.is_some_and(|r| r.id == alone.id)) {
            continue;
        }
        let before =
            rows.iter().rposition(|row| row.recommendation.is_some_and(|r| r.position < alone.position));
        rows.insert(before.map_or(0, |at| at + 1), Row { recommendation: Some(alone), action: None });
    }
    rows
}
