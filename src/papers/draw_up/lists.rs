//! What stands before the table: what changed, what the panel is asked to agree, and where it may want to look.

use super::{Drawer, NOT_ACCEPTED, named, said, suggested};
use crate::{
    domain::{
        action::State,
        dashboard::Change,
        question::QuestionState,
        rating::{Rating, Suggested},
        standing::Standing,
        text::{self, plural},
    },
    papers::pack::{Cell, List, Part, Section},
};

impl Drawer<'_> {
    pub(super) fn sections(&self) -> Vec<Section> {
        vec![self.changed(), self.completions(), self.extensions(), self.exceptions(), self.questions()]
    }

    fn changed(&self) -> Section {
        let title = "Changed since last time".to_owned();
        // A draft may stand on the very day on which the round before was frozen.
        let before = self.board.rounds.iter().take_while(|round| round.id != self.round.id);
        let earlier = before.copied().filter(|round| round.state_at(self.day).is_closed()).last();
        let Some(since) = earlier else {
            let words = vec!["There is no earlier round to compare with.".to_owned()];
            return Section { title, words, lists: Vec::new() };
        };
        let changes = self.board.changes_since(since);
        let mut rows = Vec::new();
        let lists =
            [("Worse", &changes.worse), ("Better", &changes.better), ("Newly complete", &changes.completed)];
        for (kind, list) in lists {
            rows.extend(list.iter().map(|change| self.change(kind, change)));
        }
        rows.extend(changes.moved.iter().map(moved));
        let row = |kind: &str, standing: &Standing<'_>, then: &str, now: Cell| {
            vec![Cell::of(Part::Strong(kind.to_owned())), named(standing), Cell::text(then), now]
        };
        rows.extend(changes.newly_without_update.iter().map(|standing| {
            let gap = Cell::of(Part::Flag(self.gap(standing.action, self.round).to_owned()));
            row("Newly without an update", standing, "An update in the round before", gap)
        }));
        rows.extend(
            changes
                .added
                .iter()
                .map(|standing| row("Added", standing, "Not in the plan", Cell::of(suggested(standing)))),
        );
        let from = text::day(since.frozen_on());
        let mut words = vec![format!("Since {} ({from}).", since.label)];
        if rows.is_empty() {
            words.push("Nothing has changed.".to_owned());
        }
        list(title, words, [("Change", 2), ("Action", 4), ("Then", 4), ("Now", 5)], rows)
    }

    fn change(&self, kind: &str, change: &Change<'_, '_>) -> Vec<Cell> {
        let sides = [&change.before, change.now].map(|standing| {
            let mut parts = Vec::new();
            if change.before.reported != change.now.reported {
                parts.push(self.rating(standing.reported));
            }
            parts.push(suggested(standing));
            Cell(parts)
        });
        [Cell::of(Part::Strong(kind.to_owned())), named(change.now)].into_iter().chain(sides).collect()
    }

    fn completions(&self) -> Section {
        let title = "Completions to agree".to_owned();
        if !self.record.plan.panel_confirms_completion {
            let words = vec![self.say("In this plan completions are not the {panel’s} to agree.")];
            return Section { title, words, lists: Vec::new() };
        }
        let agreed = |s: &Standing<'_>| {
            s.change.and_then(|c| c.agreed.as_ref()).is_some_and(|agreed| agreed.on <= self.day)
        };
        let waiting = self.board.having(|s| s.state.is_complete() && !agreed(s));
        let rows = waiting.iter().map(|standing| {
            let update = standing.latest.filter(|u| u.reported == Rating::Complete);
            let mut what = Vec::new();
            if standing.state == State::CompleteContinuing {
                what.push(Part::Flag(State::CompleteContinuing.words().to_owned()));
            }
            what.extend(update.map(|update| said(standing.action, update)));
            let difference = match update {
                Some(update) if update.outcome.is_some() => "Stated in the update",
                Some(update) if update.outcome_not_known => "Not known yet",
                _ => "Not said",
            };
            vec![
                named(standing),
                Cell::text(standing.action.lead_wording.clone()),
                Cell(what),
                Cell::text(difference),
            ]
        });
        let heads = [("Action", 4), ("Lead", 2), ("What was done", 9), ("What difference it made", 2)];
        let words = match waiting.len() {
            0 => vec!["None.".to_owned()],
            n => vec![format!(
                "{} said to be complete, and not yet agreed: {}.",
                plural(n, "action is", "actions are"),
                self.say("the {panel} decides")
            )],
        };
        list(title, words, heads, rows.collect())
    }

    fn extensions(&self) -> Section {
        let asked = self.board.having(|s| s.asked.is_some());
        let rows = asked.iter().filter_map(|standing| {
            let asked = standing.asked?;
            let mut by_when = vec![Part::Text(wording(standing))];
            let first =
                standing.action.original().filter(|o| standing.deadline.is_some_and(|d| d.id != o.id));
            by_when.extend(first.map(|first| Part::Soft(format!("First agreed: {}", first.wording))));
            let mut wanted = vec![Part::Text(asked.wording.clone())];
            wanted.extend(asked.asked_on.map(|on| Part::Soft(format!("Asked for on {}", text::day(on)))));
            Some(vec![
                named(standing),
                Cell::text(standing.action.lead_wording.clone()),
                Cell(by_when),
                Cell(wanted),
                Cell::text(asked.reason.clone().unwrap_or_else(|| "No reason recorded".to_owned())),
            ])
        });
        let heads = [("Action", 4), ("Lead", 3), ("By when", 2), ("Asked for", 2), ("Why", 6)];
        let words = if asked.is_empty() {
            vec!["None.".to_owned()]
        } else if self.record.plan.panel_grants_dates {
            vec![self.say("A date that is asked for changes nothing until the {panel} grants it.")]
        } else {
            vec!["A date that is asked for changes nothing until it is granted.".to_owned()]
        };
        list("Extensions asked for".to_owned(), words, heads, rows.collect())
    }

    fn exceptions(&self) -> Section {
        let board = self.board;
        let late = board.having(|s| {
            s.overdue_days.is_some()
                || s.suggestion.rating == Suggested::OffTrack
                || s.reported == Rating::OffTrack
        });
        let (waiting, silent) = self.unanswered();
        let at_odds = board.having(|s| s.disagreement().is_some());
        let undated = board.suggested(Suggested::NoDate);
        let lists: Vec<List> = [
            ("Overdue or off track", late),
            (self.round.gap_words(self.day), silent),
            (NOT_ACCEPTED, waiting),
            ("Where the rating and the facts disagree", at_odds),
            ("No date to judge by", undated),
        ]
        .into_iter()
        .filter(|(_, standings)| !standings.is_empty())
        .map(|(title, standings)| {
            List::new(
                title,
                [("Action", 5), ("By when", 2), ("Lead", 3), ("Reported", 2), ("What the facts say", 5)],
            )
            .rows(standings.iter().map(|standing| self.exception(standing)))
        })
        .collect();
        let words = if lists.is_empty() { vec!["None.".to_owned()] } else { Vec::new() };
        Section { title: "Exceptions".to_owned(), words, lists }
    }

    fn exception(&self, standing: &Standing<'_>) -> Vec<Cell> {
        let mut facts = vec![suggested(standing)];
        if let Some(days) = standing.overdue_days {
            facts.insert(0, Part::Flag(format!("Overdue by {}", plural(days, "day", "days"))));
        }
        vec![
            named(standing),
            Cell::text(wording(standing)),
            Cell::text(standing.action.lead_wording.clone()),
            Cell::of(self.rating(standing.reported)),
            Cell(facts),
        ]
    }

    fn questions(&self) -> Section {
        let mut rows = Vec::new();
        for standing in &self.board.standings {
            for question in standing.action.questions.iter().filter_map(|q| q.clone().as_at(self.day)) {
                let Some(passed_on) = question.passed_on_on else { continue };
                let answer = match question.answered_on.zip(question.answer) {
                    Some((on, answer)) => {
                        vec![Part::Text(answer), Part::Soft(format!("Answered on {}", text::day(on)))]
                    }
                    None => vec![Part::Flag(QuestionState::PassedOn.words().to_owned())],
                };
                rows.push(vec![
                    named(standing),
                    Cell(vec![
                        Part::Text(question.text),
                        Part::Soft(format!("Passed to officers on {}", text::day(passed_on))),
                    ]),
                    Cell(answer),
                ]);
            }
        }
        let words = if rows.is_empty() { vec!["None.".to_owned()] } else { Vec::new() };
        let title = self.say("Questions from the {panel}");
        list(title, words, [("Action", 4), ("Question", 6), ("Answer", 8)], rows)
    }
}

/// Another deadline in force, or asked for.
fn moved(change: &Change<'_, '_>) -> Vec<Cell> {
    let mut now = vec![Part::Text(wording(change.now))];
    if let Some(slippage) = change.now.slippage.as_ref().filter(|_| change.deadline_moved()) {
        now.push(Part::Soft(text::initial_capital(slippage)));
    }
    now.extend(change.newly_asked().map(|asked| Part::Flag(format!("{} asked for", asked.wording))));
    let kind = if change.deadline_moved() { "Date moved" } else { "Date asked for" };
    vec![
        Cell::of(Part::Strong(kind.to_owned())),
        named(change.now),
        Cell::text(wording(&change.before)),
        Cell(now),
    ]
}

/// The deadline in force, as written.
fn wording(standing: &Standing<'_>) -> String {
    let wording = standing.deadline.map_or("", |deadline| deadline.wording.trim());
    if wording.is_empty() { "No date given".to_owned() } else { wording.to_owned() }
}

/// A section of one list, which is left out where it has no rows.
fn list<'a>(
    title: String,
    words: Vec<String>,
    heads: impl IntoIterator<Item = (&'a str, u32)>,
    rows: Vec<Vec<Cell>>,
) -> Section {
    let lists = if rows.is_empty() { Vec::new() } else { vec![List::new(title.clone(), heads).rows(rows)] };
    Section { title, words, lists }
}
