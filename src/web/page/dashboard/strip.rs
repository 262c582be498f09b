//! The dashboard's heat strip: from what each action has for each round to the kit's cells.

use maud::{Markup, html};

use super::Page;
use crate::{
    domain::{dashboard::Heat, rating::Rating, text::plural},
    link::path,
    web::view::heat_strip::{HeatCell, HeatRow, HeatStrip, heat_strip},
};

impl Page<'_> {
    pub(super) fn heat(&self) -> Markup {
        let board = self.board;
        if board.rounds.is_empty() {
            return html! { p { "There is no round yet for which anybody was asked." } };
        }
        let cells = board.heat();
        let texts: Vec<(String, String)> =
            board.standings.iter().map(|s| (s.action.title(), path::action(s.action.id))).collect();
        let rows: Vec<HeatRow<'_>> = board
            .standings
            .iter()
            .zip(&texts)
            .zip(&cells)
            .map(|((standing, (title, href)), cells)| HeatRow {
                label: &standing.action.label,
                title,
                href,
                cells: cells.iter().map(|cell| self.cell(*cell)).collect(),
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
            key: &self.key,
            rows: &rows,
        })
    }

    fn cell(&self, heat: Heat) -> HeatCell<'_> {
        match heat {
            Heat::Reported(Rating::NotRecorded) | Heat::Empty => HeatCell::Empty,
            Heat::Reported(rating) => HeatCell::Reported(self.entry(rating)),
            Heat::Suggested(suggested) => HeatCell::Hollow(suggested),
            Heat::NotApplicable => HeatCell::NotApplicable,
        }
    }
}
