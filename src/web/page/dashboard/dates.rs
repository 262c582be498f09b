//! The dashboard's slippage: the dates first agreed, in force and asked for, and the actions that have none.

use maud::{Markup, html};

use super::{Page, table::with_words};
use crate::{
    domain::{
        dashboard::{Dated, no_date_words},
        text,
    },
    link::path,
    web::view::slippage::{SlippageChart, SlippageRow, slippage_chart},
};

/// What a row of the chart borrows.
struct Words {
    title: String,
    href: String,
    note: String,
    later: String,
    wanted: String,
}

impl Words {
    fn of(dated: &Dated<'_, '_>) -> Self {
        let action = dated.standing.action;
        let later = dated.words();
        let asked = dated.asked_words();
        // Beside the marks stands only what they do not show by lying on each other.
        let note = match &asked {
            Some(asked) => format!("{} asked for", short(asked)),
            None if dated.days_later() != 0 => short(&later).to_owned(),
            None => String::new(),
        };
        let wanted = match (dated.asked, asked) {
            (Some((revision, _)), Some(words)) => format!("{}: {words}", text::fold(&revision.wording)),
            (Some((revision, _)), None) => text::fold(&revision.wording),
            (None, _) => dated
                .standing
                .asked
                .map_or_else(String::new, |asked| format!("{}: no date", text::fold(&asked.wording))),
        };
        Self { title: action.title(), href: path::action(action.id), note, later, wanted }
    }
}

/// "5 months later", of "5 months later than first agreed".
fn short(words: &str) -> &str {
    words.strip_suffix(" than first agreed").unwrap_or(words)
}

impl Page<'_> {
    pub(super) fn dates(&self) -> Markup {
        let dates = self.board.dates();
        let words: Vec<Words> = dates.dated.iter().map(Words::of).collect();
        let rows: Vec<SlippageRow<'_>> = dates
            .dated
            .iter()
            .zip(&words)
            .map(|(dated, words)| SlippageRow {
                label: &dated.standing.action.label,
                title: &words.title,
                href: &words.href,
                original: dated.original.map(|(_, span)| span.latest),
                current: dated.current.1.latest,
                asked: dated.asked.map(|(_, span)| span.latest),
                note: &words.note,
                first: dated.standing.action.original().map_or("", |first| first.wording.as_str()),
                now: &dated.current.0.wording,
                later: &words.later,
                wanted: &words.wanted,
            })
            .collect();
        let sentence = dates.sentence();
        html! {
            @if rows.is_empty() {
                p { "No action has a date." }
            } @else {
                p { (sentence) }
                p class="soft small" { "Each date stands at the last day that its wording can mean." }
                (slippage_chart(&SlippageChart {
                    id: "dates",
                    title: &format!("Deadlines, first agreed and now, {}", self.record.plan.title),
                    description: &sentence,
                    day: self.board.day,
                    rows: &rows,
                }))
            }
            @if !dates.undated.is_empty() {
                p {
                    "Without a date: "
                    (with_words(&dates.undated, Some(&self.plan_link("suggested=no_date")), |s| Some(no_date_words(s)))) "."
                }
            }
        }
    }
}
