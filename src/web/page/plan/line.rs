//! The plan's table as data: its update columns, its lines, which of them are shown, and in which order.
//!
//! Owns no words and no markup; what it judges by was worked out in [`crate::domain::standing`].

use chrono::NaiveDate;

use super::lens::{LedBy, Lens, Show, Sort};
use crate::domain::{
    action::{Action, Recommendation, State},
    id::ActionId,
    plan::Record,
    post::Lead,
    rating::{Rating, Suggested},
    round::{Round, RoundState},
    standing::{Standing, stand},
    text,
    update::Update,
};

/// How many rounds stand in the table unless all are asked for.
const LATEST_ROUNDS: usize = 2;

/// One update column.
#[derive(Clone, Copy, Debug)]
pub(super) enum Column<'a> {
    /// What was reported for a round.
    Round(&'a Round),
    /// What was written after the last closed round, and belongs to none. None closed yet: everything so far.
    Since(Option<&'a Round>),
}

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
    pub(super) standing: Option<Standing<'a>>,
}

/// The rounds that this reader can see in the table at the end of a day, oldest first.
pub(super) fn rounds(record: &Record, day: NaiveDate, today: NaiveDate, unpublished: bool) -> Vec<&Round> {
    let readable =
        |r: &&Round| unpublished || record.plan.live_to_panel || r.state_at(today) == RoundState::Published;
    record.rounds.iter().filter(|r| r.state_at(day) != RoundState::Planned).filter(readable).collect()
}

/// The update columns: the latest rounds (or all), and what was written since the last closed one if there is any.
pub(super) fn columns<'a>(
    record: &'a Record,
    rounds: &[&'a Round],
    day: NaiveDate,
    all: bool,
) -> Vec<Column<'a>> {
    let left_out = if all { 0 } else { rounds.len().saturating_sub(LATEST_ROUNDS) };
    let mut columns: Vec<Column<'a>> = rounds.iter().skip(left_out).map(|r| Column::Round(r)).collect();
    let closed = rounds.iter().copied().rfind(|r| r.state_at(day).is_closed());
    if record.actions.iter().any(|a| since(a, closed, day).next().is_some()) {
        let after =
            columns.iter().rposition(|c| matches!(c, Column::Round(r) if r.state_at(day).is_closed()));
        columns.insert(after.map_or(0, |at| at + 1), Column::Since(closed));
    }
    columns
}

fn since<'a>(
    action: &'a Action,
    closed: Option<&Round>,
    day: NaiveDate,
) -> impl DoubleEndedIterator<Item = &'a Update> {
    let from = closed.map(|r| r.closed_on.unwrap_or_else(|| r.counts_from()));
    action.updates_at(day).filter(move |u| u.round.is_none() && from.is_none_or(|from| u.known_from >= from))
}

/// What stands in a cell.
pub(super) fn cell<'a>(standing: &Standing<'a>, column: Column<'a>, day: NaiveDate) -> Cell<'a> {
    let action = standing.action;
    let round = match column {
        Column::Since(closed) => {
            let mut written: Vec<_> = since(action, closed, day).collect();
            return written.pop().map_or(Cell::Blank, |latest| Cell::Update(latest, written.len()));
        }
        Column::Round(round) => round,
    };
    let mut written: Vec<_> = action.updates_at(day).filter(|u| u.round == Some(round.id)).collect();
    if let Some(latest) = written.pop() {
        return Cell::Update(latest, written.len());
    }
    // A closed round asks how things stood when it was closed, an open one how they stand.
    let at = match round.state_at(day).is_closed() {
        true => round.closed_on.unwrap_or_else(|| round.counts_from()).min(day),
        false => day,
    };
    match action.state_at(at) {
        _ if standing.suggestion.rating == Suggested::NotRated && standing.state == State::Open => {
            Cell::Blank
        }
        State::Open if action.added_on.is_some_and(|added| added > at) => Cell::NotYet,
        State::Open => Cell::Gap(round.gap_words(day)),
        state => Cell::Settled(state, action.merged_into_at(at)),
    }
}

/// Every line of the plan at the end of a day, in the order of the table. A recommendation without an action has a line
/// of its own, after those of the recommendations printed before it.
pub(super) fn lines(record: &Record, day: NaiveDate) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = stand(record, day)
        .into_iter()
        .map(|standing| Line {
            recommendation: standing.action.recommendation.and_then(|id| record.recommendation(id)),
            standing: Some(standing),
        })
        .collect();
    for alone in &record.recommendations {
        if record.actions.iter().any(|a| a.recommendation == Some(alone.id)) {
            continue;
        }
        let before =
            lines.iter().rposition(|l| l.recommendation.is_some_and(|r| r.position < alone.position));
        let line = Line { recommendation: Some(alone), standing: None };
        lines.insert(before.map_or(0, |at| at + 1), line);
    }
    lines
}

/// Leaves the lines that a lens lets through, in its order.
pub(super) fn seen_through<'a>(
    lens: &Lens,
    lines: Vec<Line<'a>>,
    columns: &[Column<'a>],
    day: NaiveDate,
) -> Vec<Line<'a>> {
    let wanted = plain(&lens.words);
    let mut lines: Vec<Line<'a>> = lines
        .into_iter()
        .filter(|line| match &line.standing {
            Some(standing) => lets_through(lens, standing, columns, day),
            None => !lens.narrows_actions(),
        })
        .filter(|line| wanted.is_empty() || says(line, columns, day, &wanted))
        .collect();
    // A stable sort: lines that are equal stay in the order of the table.
    match lens.sort {
        Sort::Table => {}
        Sort::Deadline => lines.sort_by_key(|l| {
            let latest = l.standing.as_ref().and_then(|s| s.deadline?.latest());
            (latest.is_none(), latest)
        }),
        Sort::Lead => lines.sort_by_key(|l| {
            let lead = l.standing.as_ref().map_or("", |s| s.action.lead_wording.trim()).to_lowercase();
            (lead.is_empty(), lead)
        }),
        Sort::Rating => lines.sort_by_key(worst),
    }
    lines
}

fn lets_through(lens: &Lens, standing: &Standing<'_>, columns: &[Column<'_>], day: NaiveDate) -> bool {
    let action = standing.action;
    let led = match lens.lead {
        None => true,
        Some(LedBy::Post(id)) => {
            action.leads.iter().any(|l| matches!(l, Lead::Post { post, .. } if *post == id))
        }
        Some(LedBy::NoPost) => !action.leads.iter().any(|l| matches!(l, Lead::Post { .. })),
    };
    let shown = match lens.show {
        None => true,
        Some(Show::Overdue) => standing.overdue_days.is_some(),
        Some(Show::Passed) => standing.passed,
        Some(Show::NoUpdate) => lacks_update(standing, columns, day),
        Some(Show::Asked) => standing.asked.is_some(),
        Some(Show::Disagree) => standing.disagreement().is_some(),
        Some(Show::Unknown) => columns.iter().any(|column| match cell(standing, *column, day) {
            Cell::Update(update, _) => text::unknown_facts(&update.narrative) > 0,
            _ => false,
        }),
    };
    let is = |theme: &String| theme.eq_ignore_ascii_case(&lens.theme);
    led && shown
        && lens.reported.is_none_or(|r| r == standing.reported)
        && lens.suggested.is_none_or(|s| s == standing.suggestion.rating)
        && lens.state.is_none_or(|s| s == standing.state)
        && (lens.theme.is_empty() || action.themes.iter().any(is))
}

/// Whether the latest round has a gap where this action's update should stand.
pub(super) fn lacks_update(standing: &Standing<'_>, columns: &[Column<'_>], day: NaiveDate) -> bool {
    columns
        .iter()
        .rfind(|c| matches!(c, Column::Round(_)))
        .is_some_and(|latest| matches!(cell(standing, *latest, day), Cell::Gap(_)))
}

/// Off track before everything else, by what is said or by what the facts say, whichever is worse.
fn worst(line: &Line<'_>) -> u8 {
    let Some(standing) = &line.standing else { return u8::MAX };
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
fn says(line: &Line<'_>, columns: &[Column<'_>], day: NaiveDate, wanted: &str) -> bool {
    let holds = |text: &str| plain(text).contains(wanted);
    let of_recommendation = line.recommendation.is_some_and(|r| {
        [r.printed.as_deref(), r.reference.as_deref(), Some(&r.text), r.response_text.as_deref()]
            .into_iter()
            .flatten()
            .any(holds)
    });
    let of_action = line.standing.as_ref().is_some_and(|s| {
        let a = s.action;
        let own =
            [&*a.label, &a.text, &a.lead_wording, &a.resource, a.short_title.as_deref().unwrap_or_default()];
        own.into_iter().any(holds)
            || columns.iter().any(|column| match cell(s, *column, day) {
                Cell::Update(update, _) => holds(&update.narrative),
                _ => false,
            })
    });
    of_recommendation || of_action
}

/// Text for comparing: one line, small letters, and straight quotes, as people type them.
fn plain(text: &str) -> String {
    text::fold(text).to_lowercase().replace(['’', '‘'], "'").replace(['“', '”'], "\"")
}
