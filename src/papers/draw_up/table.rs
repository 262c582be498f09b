//! The table: the paper's own columns, and one UPDATE / RAG column for every round that can be read.

use std::collections::HashMap;

use super::{Drawer, said, suggested};
use crate::{
    domain::{
        action::{Action, Recommendation, State},
        agenda,
        id::{ActionId, RoundId},
        paper::{self, Column, Without},
        rating::{Rating, Suggested},
        round::Round,
        standing::Standing,
        text::{self, plural},
        update::Update,
    },
    papers::pack::{Cell, Head, List, Part},
};

/// The paper's columns, and the share of the width that each has.
const COLUMNS: [(&str, u32); 5] =
    [("RECOMMENDATION", 16), ("ACTION", 18), ("BY WHEN", 8), ("LEAD", 11), ("RESOURCE REQUIRED", 9)];
/// The share of each UPDATE / RAG column.
const UPDATE: u32 = 20;

impl Drawer<'_> {
    pub(super) fn table(&self) -> List {
        let rounds: Vec<&Round> = paper::columns(self.record, self.day)
            .into_iter()
            .filter_map(|column| match column {
                Column::Round(round) => Some(round),
                // What belongs to no round is in no pack.
                Column::Since(_) => None,
            })
            .collect();
        let mut table = List::new("Action plan", COLUMNS);
        table.heads.extend(rounds.iter().map(|round| Head {
            words: format!("UPDATE / RAG {}", round.label),
            share: UPDATE,
            round: true,
        }));
        let standings: HashMap<ActionId, &Standing<'_>> =
            self.board.standings.iter().map(|s| (s.action.id, s)).collect();
        let width = table.heads.len();
        let rows = paper::rows(self.record, self.day).into_iter().map(|row| {
            let mut cells = vec![row.recommendation.map(|r| self.recommendation(r)).unwrap_or_default()];
            match row.action.and_then(|action| standings.get(&action.id)) {
                Some(standing) => {
                    cells.extend([
                        self.action(standing, row.recommendation),
                        by_when(standing),
                        Cell::text(standing.action.lead_wording.clone()),
                        Cell::text(resource(standing.action)),
                    ]);
                    cells.extend(self.updates(standing.action, &rounds));
                }
                None => cells.push(Cell::of(Part::Soft("No action".to_owned()))),
            }
            cells.resize(width, Cell::default());
            cells
        });
        table.rows(rows)
    }

    fn recommendation(&self, one: &Recommendation) -> Cell {
        let mut parts: Vec<Part> =
            one.printed.iter().map(|printed| Part::Strong(format!("{printed})"))).collect();
        parts.push(Part::Text(one.text.clone()));
        for varied in agenda::variations(self.record, one, self.day) {
            let by = &varied.variation.agreed_by;
            if varied.is_refused() {
                let now = varied.variation.now.clone();
                parts.push(Part::Named(self.say("Variation put to the {panel}") + ", agreed by " + by, now));
            } else {
                let was = varied.variation.was.clone();
                parts.push(Part::Named(format!("Varied, agreed by {by}; was"), was));
                parts.push(Part::Named("Now".to_owned(), varied.variation.now.clone()));
            }
            parts.extend(varied.said_words().map(Part::Soft));
        }
        let given = one.response.filter(|_| one.response_on.is_none_or(|on| on <= self.day));
        if let Some(response) = given {
            let name = self.say("{Executive} response");
            let words = match &one.response_text {
                Some(why) => format!("{}: {why}", response.words()),
                None => response.words().to_owned(),
            };
            parts.push(Part::Named(name, words));
        }
        if let Some(conclusion) = one.conclusion_at(self.day) {
            let words = match &conclusion.reason {
                Some(why) => format!("{}: {why}", conclusion.verdict.words()),
                None => conclusion.verdict.words().to_owned(),
            };
            parts.push(Part::Named(self.say("The {panel’s} conclusion"), words));
        }
        Cell(parts)
    }

    fn action(&self, standing: &Standing<'_>, recommendation: Option<&Recommendation>) -> Cell {
        let action = standing.action;
        let mut parts = Vec::new();
        // Without a printed reference the row would have no name to speak of it.
        let printed = recommendation.and_then(|one| one.reference.as_ref());
        if printed.is_none_or(|reference| *reference != action.label) {
            parts.push(Part::Strong(action.label.clone()));
        }
        parts.extend(action.short_title.clone().map(Part::Strong));
        parts.push(Part::Text(action.text.clone()));
        let says = &standing.suggestion;
        match standing.state {
            State::Merged => {
                let into = standing.change.and_then(|change| change.into);
                let words = into.map_or_else(
                    || "Merged".to_owned(),
                    |id| format!("Merged into {}", self.record.label(id)),
                );
                parts.push(Part::Soft(words));
            }
            State::NoFurtherAction => {
                let agreed = standing.change.and_then(|change| change.agreed.as_ref());
                parts.push(Part::Soft(match agreed {
                    Some(agreed) => {
                        format!("No further action, agreed by {} on {}", agreed.by, text::day(agreed.on))
                    }
                    None => "No further action".to_owned(),
                }));
            }
            State::Complete | State::CompleteContinuing => {
                parts.push(Part::Soft(text::initial_capital(&says.reason)));
            }
            State::Open => {}
        }
        let agrees = says.rating == Suggested::Complete && standing.reported == Rating::Complete;
        if says.rating != Suggested::NotRated && !agrees && !standing.state.is_complete() {
            parts.push(suggested(standing));
        }
        if standing.disagreement().is_some() {
            parts.push(Part::Flag("The rating and the facts disagree".to_owned()));
        }
        if let Some(panel) = standing.panel {
            let word = self.record.plan.key.word(panel.rating);
            parts
                .push(Part::Named(self.say("The {panel’s} own rating"), format!("{word}: {}", panel.reason)));
        }
        Cell(parts)
    }

    /// An action's cells, one for each round. Its updates are sorted into rounds once, however many there are.
    fn updates(&self, action: &Action, rounds: &[&Round]) -> Vec<Cell> {
        let mut written: HashMap<RoundId, (&Update, usize)> = HashMap::new();
        for update in action.updates_at(self.day) {
            if let Some(round) = action.began_as(update).round {
                let cell = written.entry(round).or_insert((update, 0));
                *cell = (update, cell.1 + 1);
            }
        }
        rounds
            .iter()
            .map(|round| match written.get(&round.id) {
                Some((update, number)) => self.update(action, update, number - 1),
                None => self.without_update(action, round),
            })
            .collect()
    }

    fn update(&self, action: &Action, update: &Update, earlier: usize) -> Cell {
        let mut parts = vec![self.rating(update.reported), said(action, update)];
        if earlier > 0 {
            let updates = plural(earlier, "earlier update", "earlier updates");
            parts.push(Part::Soft(format!("{updates} in this round")));
        }
        Cell(parts)
    }

    fn without_update(&self, action: &Action, round: &Round) -> Cell {
        let words = match paper::without_update(self.record, action, round, self.day) {
            Without::Gap => return Cell::of(Part::Flag(self.gap(action, round).to_owned())),
            Without::NotAsked | Without::Settled(State::Open, _) => return Cell::default(),
            Without::NotYet => "Not yet in the plan".to_owned(),
            Without::Settled(State::Merged, Some(into)) => {
                format!("Merged into {}", self.record.label(into))
            }
            Without::Settled(State::Merged, None) => "Merged".to_owned(),
            Without::Settled(State::NoFurtherAction, _) => "No further action".to_owned(),
            Without::Settled(State::Complete | State::CompleteContinuing, _) => {
                "Complete before this round".to_owned()
            }
        };
        Cell::of(Part::Soft(words))
    }
}

fn by_when(standing: &Standing<'_>) -> Cell {
    let mut parts = vec![match standing.deadline.map(|d| d.wording.trim()).filter(|w| !w.is_empty()) {
        Some(wording) => Part::Text(wording.to_owned()),
        None => Part::Soft("No date given".to_owned()),
    }];
    if let Some(days) = standing.overdue_days {
        parts.push(Part::Flag(format!("Overdue by {}", plural(days, "day", "days"))));
    }
    let first = standing.action.original().filter(|o| standing.deadline.is_some_and(|now| now.id != o.id));
    parts.extend(first.map(|first| Part::Soft(format!("First agreed: {}", first.wording))));
    parts.extend(standing.slippage.as_ref().map(|words| Part::Soft(text::initial_capital(words))));
    parts.extend(standing.asked.map(|asked| Part::Soft(format!("{} asked for", asked.wording))));
    Cell(parts)
}

fn resource(action: &Action) -> String {
    match action.resource_kind {
        Some(kind) if action.resource.is_empty() => kind.words().to_owned(),
        _ => action.resource.clone(),
    }
}
