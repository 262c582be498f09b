//! The cover: what the pack is about, the figures, and what its words mean.

use super::{Drawer, NOT_ACCEPTED, suggested};
use crate::{
    domain::{
        rating::{Rating, Suggested},
        text,
    },
    papers::pack::{Cell, List, Part, RATINGS_MEAN, SUGGESTIONS_MEAN, Stands},
};

impl Drawer<'_> {
    pub(super) fn facts(&self, stands: Stands) -> Vec<(String, String)> {
        let (plan, round) = (&self.record.plan, self.round);
        let state = match stands {
            Stands::Draft(on) => format!("Draft: the round is open. As things stood on {}", text::day(on)),
            Stands::Frozen(on) => format!("Closed on {}, and not changed since", text::day(on)),
            Stands::DrawnUp(at) => format!("Drawn up from the record, as at {}", text::day(at)),
        };
        let meeting = round.meeting_on.map(|on| match &round.meeting {
            Some(meeting) if plan.panel.as_ref() != Some(&meeting.panel_name) => {
                format!("{}, {}", meeting.panel_name, text::day(on))
            }
            _ => text::day(on),
        });
        let report = plan.origin_report.clone().map(|report| match plan.origin_on {
            Some(on) => format!("{report}, {}", text::day(on)),
            None => report,
        });
        let agreed = plan.agreed_by.clone().map(|by| match plan.agreed_on {
            Some(on) => format!("{by}, {}", text::day(on)),
            None => by,
        });
        [
            ("Plan".to_owned(), Some(plan.title.clone())),
            (self.say("{Panel}"), plan.panel.clone()),
            ("Meeting".to_owned(), meeting),
            ("Reporting round".to_owned(), Some(round.label.clone())),
            ("These papers".to_owned(), Some(state)),
            ("Report".to_owned(), report),
            ("Agreed by".to_owned(), agreed),
        ]
        .into_iter()
        .filter_map(|(name, words)| Some((name, words?)))
        .collect()
    }

    pub(super) fn cover(&self) -> Vec<List> {
        let mut cover = vec![self.facts_say(), self.reported(), self.figures()];
        let plan_key = List::new(RATINGS_MEAN, [("Rating", 1), ("Meaning in this plan", 3)]);
        let key = &self.record.plan.key;
        let entries = key.entries().map(|entry| entry.rating).chain([Rating::NotRecorded]);
        cover.push(plan_key.rows(
            entries.map(|rating| vec![Cell::of(self.rating(rating)), Cell::text(key.entry(rating).meaning)]),
        ));
        let suggestions = List::new(SUGGESTIONS_MEAN, [("Suggestion", 1), ("What the facts say", 3)]);
        cover.push(suggestions.rows(Suggested::ALL.iter().map(|one| {
            let words = Part::Suggested { words: one.words().to_owned(), reason: String::new() };
            vec![Cell::of(words), Cell::text(one.meaning(&self.record.words))]
        })));
        cover
    }

    fn facts_say(&self) -> List {
        let rows = Suggested::ALL.iter().filter_map(|one| {
            let standings = self.board.suggested(*one);
            let tag = suggested(standings.first()?);
            let Part::Suggested { words, .. } = tag else { return None };
            let tag = Part::Suggested { words, reason: String::new() };
            Some(vec![Cell::of(tag), self.count(standings.len()), Cell::text(labels(&standings))])
        });
        List::new("What the facts say", [("Suggestion", 3), ("Actions", 2), ("Which", 8)]).rows(rows)
    }

    fn reported(&self) -> List {
        let key = &self.record.plan.key;
        let ratings = key.entries().map(|entry| entry.rating).chain([Rating::NotRecorded]);
        let rows = ratings.filter_map(|rating| {
            let standings = self.board.reported(rating);
            (!standings.is_empty()).then(|| {
                vec![
                    Cell::of(self.rating(rating)),
                    self.count(standings.len()),
                    Cell::text(labels(&standings)),
                ]
            })
        });
        List::new("What is reported", [("Rating", 3), ("Actions", 2), ("Which", 8)]).rows(rows)
    }

    fn figures(&self) -> List {
        let board = self.board;
        let (waiting, silent) = self.unanswered();
        let gap = match self.round.is_awaited(self.day) {
            true => self.round.gap_words(self.day),
            false => "Without an update in this round, though one was asked for",
        };
        let mut figures = vec![
            ("Deadline passed, whatever became of the action", board.having(|s| s.passed)),
            ("Overdue", board.having(|s| s.overdue_days.is_some())),
            ("Overdue on the date first agreed", board.having(|s| s.overdue_on_original_days.is_some())),
            (gap, silent),
        ];
        if !waiting.is_empty() {
            figures.push((NOT_ACCEPTED, waiting));
        }
        let rows = figures.into_iter().map(|(words, standings)| {
            vec![Cell::text(words), self.count(standings.len()), Cell::text(labels(&standings))]
        });
        List::new("Deadlines and updates", [("What", 3), ("Actions", 2), ("Which", 8)]).rows(rows)
    }

    fn count(&self, n: usize) -> Cell {
        Cell::text(format!("{n} of {}", self.board.total()))
    }

    pub(super) fn notes(&self, stands: Stands) -> Vec<String> {
        let mut notes = Vec::new();
        if let Stands::DrawnUp(at) = stands {
            notes.push(format!(
                "These papers were drawn up from the record, as at {}: the round was closed before papers were kept here.",
                text::day(at)
            ));
        }
        if self.board.has_undated_updates() {
            notes.push(
                "Updates whose day of writing is not recorded count from their round’s date; a round that names only a \
                 month counts from the last day of that month."
                    .to_owned(),
            );
        }
        notes.extend(self.record.plan.key.note.clone());
        notes
    }
}

/// "Aiii, Avii and D".
fn labels(standings: &[&crate::domain::standing::Standing<'_>]) -> String {
    if standings.is_empty() {
        return "None".to_owned();
    }
    text::list(&standings.iter().map(|s| s.action.label.as_str()).collect::<Vec<_>>())
}
