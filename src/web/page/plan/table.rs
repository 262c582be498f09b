//! The plan's table: one row per action, in the columns of the paper that it replaces.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::{
    Reader, cell,
    lens::{Lens, Sort},
    line::Line,
};
use crate::{
    domain::{paper::Column, plan::Record},
    web::view::{
        kit::Link,
        rating::grey_words,
        table::{self, Row, Sorted, Table, Width, sort_links},
    },
};

/// What the whole table is drawn from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sight<'a> {
    pub(super) record: &'a Record,
    pub(super) reader: &'a Reader,
    pub(super) columns: &'a [Column<'a>],
    /// The day at whose end things are shown.
    pub(super) day: NaiveDate,
}

/// "Sort by", as links that keep the filter.
pub(super) fn order(record: &Record, lens: &Lens) -> Markup {
    let links = Sort::ALL.map(|sort| (lens.with(|l| l.sort = sort).address(&record.plan.slug), sort.words()));
    sort_links(links.iter().map(|(href, words)| Link::new(href, words)), lens.sort.words())
}

/// The table.
pub(super) fn table(sight: Sight<'_>, lens: &Lens, lines: &[Line<'_>]) -> Markup {
    let heads: Vec<String> = sight.columns.iter().map(|c| head(*c)).collect();
    let sorted = |column: table::Column<'static>, by: Sort| match lens.sort == by {
        true => column.sorted(Sorted::Ascending),
        false => column,
    };
    let mut columns = vec![
        table::Column::new("Recommendation").width(Width::Prose),
        table::Column::new("Action").width(Width::Prose),
        sorted(table::Column::new("By when").width(Width::Narrow), Sort::Deadline),
        sorted(table::Column::new("Lead").width(Width::Medium), Sort::Lead),
        table::Column::new("Resource required").width(Width::Narrow),
    ];
    columns.extend(heads.iter().map(|head| table::Column::new(head).width(Width::Prose)));
    let ids: Vec<String> = lines.iter().map(row_id).collect();
    let rows = lines.iter().zip(&ids).map(|(line, id)| Row::new(row(sight, line)).id(id));
    html! {
        (Table::new("Recommendations and actions, with their updates by round", columns)
            .plan()
            .caption_hidden()
            .row_head(0)
            .rows(rows))
    }
}

fn row_id(line: &Line<'_>) -> String {
    match (line.standing, line.recommendation) {
        (Some(standing), _) => format!("action-{}", standing.action.id),
        (None, Some(alone)) => format!("recommendation-{}", alone.id),
        (None, None) => String::new(),
    }
}

/// "Update / RAG Sept 2017", "Update / RAG since 7 December 2017".
fn head(column: Column<'_>) -> String {
    format!("Update / RAG {}", column.label())
}

fn row(sight: Sight<'_>, line: &Line<'_>) -> Vec<Markup> {
    let mut cells = vec![match line.recommendation {
        Some(one) => cell::recommendation(sight, one),
        None => grey_words("No recommendation"),
    }];
    match line.standing {
        Some(standing) => {
            cells.push(cell::action(sight, standing));
            cells.push(cell::by_when(standing));
            cells.push(cell::lead(sight, standing));
            cells.push(cell::resource(standing));
            cells.extend(line.cells.iter().map(|one| cell::update(sight, standing, *one)));
        }
        None => {
            cells.push(cell::no_action(sight, line.recommendation));
            cells.extend(std::iter::repeat_with(Markup::default).take(3 + sight.columns.len()));
        }
    }
    cells
}
