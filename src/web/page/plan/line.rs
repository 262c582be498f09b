//! The lines of the plan's table: what stands in each cell, which lines are shown, and in which order.
//!
//! Owns no words and no markup. The table's columns and rows are [`paper`]'s, the judgements [`Dashboard`]'s.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::lens::{LedBy, Lens, Show, Sort};
use crate::domain::{
    action::{Recommendation, State},
    dashboard::Dashboard,
    id::ActionId,
    paper::{self, Column, Without},
    plan::Record,
    post::Lead,
    rating::{Disagreement, Rating, Suggested},
    standing::Standing,
    text,
    update::Update,
};

/// How many rounds stand in the table unless all are asked for.
pub(super) const LATEST_ROUNDS: usize = 2;

/// What stands in one cell of an update column.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cell<'a> {
    /// The latest update, and how many others the round has.
    Update(&'a Update, usize),
    /// An update was or is expected, and there is none: "No update received".
    Gap(&'static str),
    /// None was expected: the action was in this state already.
    Settled(State, Option<ActionId>),
    /// None was expected: the action came later.
    NotYet,
    /// Nothing to say.
    Blank,
}

/// One line: a recommendation with one of its actions, or one of the two alone.
#[derive(Clone, Debug)]
pub(super) struct Line<'a> {
    pub(super) recommendation: Option<&'a Recommendation>,
    pub(super) standing: Option<&'a Standing<'a>>,
    /// One for each column.
    pub(super) cells: Vec<Cell<'a>>,
}

/// The update columns shown: those of the latest rounds (or all), and what was written since the last closed one.
pub(super) fn columns<'a>(board: &Dashboard<'a>, record: &'a Record, all: bool) -> Vec<Column<'a>> {
    let left_out = if all { 0 } else { board.rounds.len().saturating_sub(LATEST_ROUNDS) };
    let shown = |column: &Column<'_>| match column {
        Column::Round(round) => board.rounds.iter().skip(left_out).any(|r| r.id == round.id),
        Column::Since(_) => true,
    };
    paper::columns(record, board.day).into_iter().filter(shown).collect()
}

/// Every line of the plan, in the order of the table.
pub(super) fn lines<'a>(
    board: &'a Dashboard<'a>,
    record: &'a Record,
    columns: &[Column<'a>],
) -> Vec<Line<'a>> {
    paper::rows(record, board.day)
        .into_iter()
        .map(|row| {
            let standing = row.action.and_then(|a| board.standings.iter().find(|s| s.action.id == a.id));
            let cells = standing
                .map_or_else(Vec::new, |s| columns.iter().map(|c| cell(record, s, *c, board.day)).collect());
            Line { recommendation: row.recommendation, standing, cells }
        })
        .collect()
}

fn cell<'a>(record: &Record, standing: &Standing<'a>, column: Column<'a>, day: NaiveDate) -> Cell<'a> {
    let action = standing.action;
    if let Some(latest) = paper::written_in(action, column, day) {
        let others = match column {
            Column::Round(_) => paper::all_in(action, column, day).count(),
            Column::Since(_) => 1,
        };
        return Cell::Update(latest, others.saturating_sub(1));
    }
    let Column::Round(round) = column else { return Cell::Blank };
    match paper::without_update(record, action, round, day) {
        Without::Gap => Cell::Gap(round.gap_words(day)),
        Without::NotYet => Cell::NotYet,
        Without::NotAsked => Cell::Blank,
        Without::Settled(state, into) => Cell::Settled(state, into),
    }
}

/// Leaves the lines that a lens lets through, in its order.
pub(super) fn seen_through<'a>(
    lens: &Lens,
    board: &Dashboard<'a>,
    evidenced: &HashSet<ActionId>,
    lines: Vec<Line<'a>>,
) -> Vec<Line<'a>> {
    let wanted = plain(&lens.words);
    let listed = Listed::of(lens, board, evidenced);
    let mut lines: Vec<Line<'a>> = lines
        .into_iter()
        .filter(|line| match line.standing {
            Some(standing) => listed.has(standing) && lets_through(lens, standing, board.day),
            None => !lens.narrows_actions(),
        })
        .filter(|line| wanted.is_empty() || says(line, &wanted))
        .collect();
    // A stable sort: lines that are equal stay in the order of the table.
    match lens.sort {
        Sort::Table => {}
        Sort::Deadline => lines.sort_by_key(|l| {
            let latest = l.standing.and_then(|s| s.deadline?.latest());
            (latest.is_none(), latest)
        }),
        Sort::Lead => lines.sort_by_key(|l| {
            let lead = l.standing.map_or("", |s| s.action.lead_wording.trim()).to_lowercase();
            (lead.is_empty(), lead)
        }),
        Sort::Rating => lines.sort_by_key(worst),
    }
    lines
}

/// The lists that take the whole plan to make; none: not asked for.
struct Listed {
    without_update: Option<Vec<ActionId>>,
    shown: Option<Vec<ActionId>>,
}

impl Listed {
    fn of(lens: &Lens, board: &Dashboard<'_>, evidenced: &HashSet<ActionId>) -> Self {
        let without_update = || board.without_update().iter().map(|s| s.action.id).collect();
        let shown = match lens.show {
            Some(Show::Unknown) => Some(board.unknown_facts().iter().map(|(s, _)| s.action.id).collect()),
            Some(Show::Unproven) => {
                let nothing = board.nothing_to_show(|action| evidenced.contains(&action));
                Some(nothing.iter().map(|s| s.action.id).collect())
            }
            _ => None,
        };
        Self { without_update: lens.no_update.then(without_update), shown }
    }

    fn has(&self, standing: &Standing<'_>) -> bool {
        let in_list =
            |list: &Option<Vec<ActionId>>| list.as_ref().is_none_or(|l| l.contains(&standing.action.id));
        in_list(&self.without_update) && in_list(&self.shown)
    }
}

fn lets_through(lens: &Lens, standing: &Standing<'_>, day: NaiveDate) -> bool {
    let action = standing.action;
    let led = match lens.lead {
        None => true,
        Some(LedBy::Post(id)) => {
            action.leads.iter().any(|l| matches!(l, Lead::Post { post, .. } if *post == id))
        }
        Some(LedBy::NoPost) => !action.leads.iter().any(|l| matches!(l, Lead::Post { .. })),
    };
    let shown = match lens.show {
        None | Some(Show::Unknown | Show::Unproven) => true,
        Some(Show::Passed) => standing.passed,
        Some(Show::Asked) => standing.asked.is_some(),
        Some(Show::OverdueFirst) => standing.overdue_on_original_days.is_some(),
        Some(Show::Disagree) => standing.disagreement().is_some(),
        Some(Show::Question) => action.questions.iter().any(|q| q.awaits_answer_at(day)),
        Some(Show::FactsWorse) => standing.disagreement() == Some(Disagreement::FactsWorse),
        Some(Show::NotKnown) => standing.outcome_is_not_known(),
    };
    let is_rated = standing.suggestion.rating != Suggested::NotRated;
    let is = |theme: &String| theme.to_lowercase() == lens.theme.to_lowercase();
    led && shown
        && (!lens.overdue || standing.overdue_days.is_some())
        // What is not rated counts under no rating.
        && lens.rating.is_none_or(|r| is_rated && r == standing.reported)
        && lens.panel.is_none_or(|r| is_rated && standing.panel.is_some_and(|p| p.rating == r))
        && lens.suggested.is_none_or(|s| s == standing.suggestion.rating)
        && lens.state.is_none_or(|s| s == standing.state)
        && (lens.theme.is_empty() || action.themes.iter().any(is))
}

/// Off track before everything else, by what is said or by what the facts say, whichever is worse.
fn worst(line: &Line<'_>) -> u8 {
    let Some(standing) = line.standing else { return u8::MAX };
    let facts = match standing.suggestion.rating {
        Suggested::OffTrack => 0,
        Suggested::AtRisk => 1,
        Suggested::NoDate => 2,
        Suggested::NothingAgainst => 3,
        Suggested::Complete => 4,
        Suggested::NotRated => 5,
    };
    let said = match standing.reported {
        Rating::OffTrack => 0,
        Rating::AtRisk => 1,
        Rating::NotStarted | Rating::OnTrack => 3,
        Rating::Complete => 4,
        Rating::Closed | Rating::NotRecorded => 5,
    };
    facts.min(said)
}

/// Whether anything that the line shows holds the words.
fn says(line: &Line<'_>, wanted: &str) -> bool {
    let holds = |text: &str| plain(text).contains(wanted);
    let of_recommendation = line.recommendation.is_some_and(|r| {
        [r.printed.as_deref(), r.reference.as_deref(), Some(&r.text), r.response_text.as_deref()]
            .into_iter()
            .flatten()
            .any(holds)
    });
    let of_action = line.standing.is_some_and(|s| {
        let a = s.action;
        let title = a.short_title.as_deref().unwrap_or_default();
        [&*a.label, title, &a.text, &a.lead_wording, &a.resource].into_iter().any(holds)
    });
    let written = |cell: &Cell<'_>| match cell {
        Cell::Update(update, _) => holds(&update.narrative),
        _ => false,
    };
    of_recommendation || of_action || line.cells.iter().any(written)
}

/// Text for comparing: one line, small letters, and straight quotes, as people type them.
fn plain(text: &str) -> String {
    text::fold(text).to_lowercase().replace(['’', '‘'], "'").replace(['“', '”'], "\"")
}
