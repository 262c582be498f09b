//! The dashboard's heat strip: from what each action has for each round to the kit's cells.

use maud::{Markup, html};

use super::Page;
use crate::{
    domain::{
        dashboard::{Direction, Heat},
        rating::Rating,
        round::Round,
        text::{self, plural},
    },
    link::path,
    web::view::{
        heat_strip::{HeatCell, HeatRow, HeatStrip, heat_strip},
        table::{Column, Row, Table, Width},
    },
};

impl Page<'_> {
    /// The strip; where it is only to be looked at, without links.
    pub(super) fn heat(&self, linked: bool) -> Markup {
        let board = self.board;
        if board.rounds.is_empty() {
            return html! { p { "There is no round yet for which anybody was asked." } };
        }
        let cells = self.past.heat();
        let went = self.since.map(|since| self.past.directions_since(since));
        let texts: Vec<(String, String)> =
            board.standings.iter().map(|s| (s.action.title(), path::action(s.action.id))).collect();
        let rows: Vec<HeatRow<'_>> = board
            .standings
            .iter()
            .zip(&texts)
            .zip(&cells)
            .enumerate()
            .map(|(n, ((standing, (title, href)), cells))| HeatRow {
                label: &standing.action.label,
                title,
                href: linked.then_some(href),
                went: went.as_ref().and_then(|went| went.get(n).copied()),
                cells: std::iter::zip(cells, &board.rounds)
                    .map(|(cell, round)| self.cell(*cell, round))
                    .collect(),
            })
            .collect();
        let rounds: Vec<&str> = board.rounds.iter().map(|r| r.label.as_str()).collect();
        let reported = cells.iter().filter(|row| matches!(row.last(), Some(Heat::Reported(_)))).count();
        let empty = cells.iter().flatten().filter(|cell| **cell == Heat::Empty).count();
        let description = format!(
            "{} in {}. A rating was reported for {reported} in the latest; {} without an update.",
            plural(rows.len(), "action", "actions"),
            plural(rounds.len(), "round", "rounds"),
            plural(empty, "box is", "boxes are"),
        );
        heat_strip(&HeatStrip {
            id: "heat",
            title: &format!("Ratings by round, {}", self.record.plan.title),
            description: &description,
            rounds: &rounds,
            since: self.since.map(|since| since.label.as_str()),
            key: &self.key,
            rows: &rows,
        })
    }

    /// How the whole plan went from each round to the next, and from the last to the day.
    pub(super) fn travel(&self) -> Markup {
        let steps = self.past.travel();
        let columns = std::iter::once(Column::new("From")).chain(
            Direction::ALL.iter().map(|direction| Column::new(direction.words()).width(Width::Number)),
        );
        let day = text::day(self.board.day);
        let rows = steps.iter().map(|step| {
            let until = step.until.map_or(day.as_str(), |round| round.label.as_str());
            let counts = Direction::ALL.map(|direction| {
                let n = step.count(direction);
                html! { @if n > 0 { span aria-hidden="true" { (direction.symbol()) " " } } (n) }
            });
            Row::new(std::iter::once(html! { (step.from.label) " to " (until) }).chain(counts))
        });
        html! {
            @if !steps.is_empty() {
                (Table::new("Direction of travel, round by round", columns).row_head(0).rows(rows))
            }
        }
    }

    fn cell(&self, heat: Heat, round: &Round) -> HeatCell<'_> {
        match heat {
            Heat::Reported(Rating::NotRecorded) | Heat::Empty => {
                HeatCell::Empty(round.gap_words(self.board.day))
            }
            Heat::Reported(rating) => HeatCell::Reported(self.entry(rating)),
            Heat::Suggested(suggested) => HeatCell::Hollow(suggested),
            Heat::NotApplicable => HeatCell::NotApplicable,
        }
    }
}
