//! The recommendation that an action answers: the panel's words, the executive response, and what was varied.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::say;
use crate::{
    domain::{
        action::{Action, Recommendation},
        agenda,
        plan::Record,
        text,
    },
    web::view::{
        kit::{self, inset},
        table::{Column, Row, Table, Width},
    },
};

/// The recommendation, or that there is none.
pub(super) fn render(record: &Record, action: &Action, day: NaiveDate) -> Markup {
    let Some(recommendation) = action.recommendation.and_then(|id| record.recommendation(id)) else {
        return html! {
            h2 { "Recommendation" }
            p class="soft" { "This action belongs to the plan as a whole: it answers no single recommendation." }
        };
    };
    html! {
        h2 {
            "Recommendation"
            @if let Some(reference) = &recommendation.reference { " " (reference) }
        }
        (inset(html! {
            (say::prose(&recommendation.text))
            (response(record, recommendation, day))
            (say::conclusion(record, recommendation, day))
        }))
        @if !recommendation.variations.is_empty() { (variations(record, recommendation, day)) }
    }
}

fn response(record: &Record, recommendation: &Recommendation, day: NaiveDate) -> Markup {
    let said = &record.words;
    html! {
        @if let Some(response) = recommendation.response {
            p {
                strong { (said.say("{Executive} response: ")) (response.words()) }
                @if let Some(on) = recommendation.response_on { ", " (kit::day(on)) }
            }
        } @else if let Some(due) = record.response_due_on(recommendation, day) {
            p { strong { (said.say("{Executive} response: none yet")) } ", due by " (kit::day(due)) }
        }
        @if let Some(words) = &recommendation.response_text { (say::prose(words)) }
    }
}

/// The old words beside the new.
fn variations(record: &Record, recommendation: &Recommendation, day: NaiveDate) -> Markup {
    let columns = [
        Column::new("It was").width(Width::Prose),
        Column::new("It is now").width(Width::Prose),
        Column::new("Agreed by"),
    ];
    let rows = agenda::variations(record, recommendation, day).map(|varied| {
        let v = varied.variation;
        let on = match v.agreed_on {
            Some(on) => text::day(on),
            None => "day not recorded".to_owned(),
        };
        Row::new([
            kit::paragraphs(&v.was),
            kit::paragraphs(&v.now),
            html! { p { (v.agreed_by) ", " (on) } (say::said_to_variation(varied)) },
        ])
    });
    html! { (Table::new("Changes of the recommendation’s words", columns).rows(rows)) }
}
