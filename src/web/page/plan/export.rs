//! What of a plan is on the screen, as a file: CSV, Excel or JSON.
//!
//! The rows are those of the page at the same address, in its order, and the columns are its columns; what a cell of the page
//! says beside its text has a column of its own, so that it can be sorted and counted. Who holds a post now is left out: files
//! travel, and papers say posts.

use std::{collections::HashSet, io};

use axum::{
    extract::{RawQuery, State},
    http::header,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;

use super::{
    Opened, filter,
    lens::Lens,
    line::{self, Cell as LineCell, Line},
    open, panel,
};
use crate::{
    domain::{
        action::{Recommendation, State as ActionState, Variation},
        agenda,
        dashboard::Dashboard,
        exempt,
        id::ActionId,
        plan::Record,
        standing::Standing,
        text,
        update::Update,
    },
    export::table::{Cell, Table, Width},
    store::StoreError,
    web::{App, address::Path, error::WebError, guard::Me, page::update::review},
};

type Answer = Result<Response, WebError>;

pub(in crate::web) async fn csv(app: State<App>, me: Me, slug: Path<String>, query: RawQuery) -> Answer {
    file(app, me, slug, query, "csv", "text/csv; charset=utf-8; header=present", |table, _| table.csv()).await
}

pub(in crate::web) async fn xlsx(app: State<App>, me: Me, slug: Path<String>, query: RawQuery) -> Answer {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    file(app, me, slug, query, "xlsx", kind, Table::xlsx).await
}

pub(in crate::web) async fn json(app: State<App>, me: Me, slug: Path<String>, query: RawQuery) -> Answer {
    file(app, me, slug, query, "json", "application/json; charset=utf-8", |table, _| table.json()).await
}

async fn file<F: IntoResponse>(
    State(app): State<App>,
    Me(actor): Me,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
    ending: &str,
    kind: &str,
    written: impl Fn(&Table, NaiveDate) -> io::Result<F>,
) -> Answer {
    let lens = Lens::read(&query.unwrap_or_default());
    let opened = open(&app, &actor, &slug, &lens).await?;
    let today = app.cx.clock.today();
    let seen = Seen::of(&opened, &lens, today)?;
    let file = written(&seen.table(), today).map_err(StoreError::File)?;
    Ok(seen.download(ending, kind, file))
}

/// A plan as a reader sees it through a lens.
struct Seen<'a> {
    record: &'a Record,
    evidenced: &'a HashSet<ActionId>,
    lens: &'a Lens,
    day: NaiveDate,
}

impl<'a> Seen<'a> {
    fn of(opened: &'a Opened, lens: &'a Lens, today: NaiveDate) -> Result<Self, WebError> {
        // A file that silently shows another day than the one asked for would be worse than none.
        let day = lens.day(today).map_err(|_| WebError::NotFound)?.unwrap_or(today);
        Ok(Self { record: &opened.record, evidenced: &opened.evidenced, lens, day })
    }

    fn download(&self, ending: &str, kind: &str, file: impl IntoResponse) -> Response {
        let part = if self.lens.is_filtered() { "-filtered" } else { "" };
        let name = format!("{}-{}{part}.{ending}", self.record.plan.slug, self.day);
        let headers = [
            (header::CONTENT_TYPE, kind.to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        ];
        (headers, file).into_response()
    }

    fn table(&self) -> Table {
        let (record, lens) = (self.record, self.lens);
        let board = Dashboard::at(record, self.day, |_| true);
        let columns = line::columns(&board, record, lens.all_rounds);
        let shown = line::seen_through(lens, &board, self.evidenced, line::lines(&board, record, &columns));
        let mut table = Table { title: record.plan.title.clone(), ..Table::default() };
        table.about.push(("As at", text::day(self.day)));
        let filter = filter::words(record, lens);
        table.about.push(("Filter", if filter.is_empty() { "none".to_owned() } else { filter.join("; ") }));
        table.about.push(("Order", lens.sort.words().to_owned()));
        table.about.push(("Shown", panel::showing(record, &shown)));
        let response = record.words.say("{Executive} response");
        let conclusion = record.words.say("Conclusion of the {panel}");
        let of_panel = record.words.say("{Panel’s} rating");
        for (head, width) in [
            ("Recommendation", Width::Prose),
            (&response, Width::Medium),
            (&conclusion, Width::Medium),
            ("Reference", Width::Narrow),
            ("Action", Width::Prose),
            ("Where it stands", Width::Medium),
            ("By when", Width::Narrow),
            ("Last day", Width::Narrow),
            ("Days overdue", Width::Narrow),
            ("First agreed", Width::Narrow),
            ("Asked for", Width::Narrow),
            ("Lead", Width::Medium),
            ("Resource required", Width::Medium),
            (&of_panel, Width::Narrow),
            ("What the facts say", Width::Narrow),
            ("Why", Width::Medium),
        ] {
            table.column(head, width);
        }
        for column in &columns {
            table.column(&format!("Rating {}", column.label()), Width::Narrow);
            table.column(&format!("Update / RAG {}", column.label()), Width::Prose);
        }
        let width = table.columns.len();
        table.rows = shown
            .iter()
            .map(|line| {
                let mut row = self.row(line);
                row.resize(width, Cell::Empty);
                row
            })
            .collect();
        table
    }

    fn row(&self, line: &Line<'_>) -> Vec<Cell> {
        let mut row = vec![
            Cell::text(line.recommendation.map(|r| recommendation(self.record, r, self.day))),
            Cell::text(line.recommendation.and_then(|r| response(self.record, r, self.day))),
            Cell::text(line.recommendation.and_then(|r| conclusion(r, self.day))),
        ];
        let Some(standing) = line.standing else { return row };
        let action = standing.action;
        let first = action.original().filter(|o| standing.deadline.is_some_and(|now| now.id != o.id));
        row.extend([
            Cell::text(action.label.clone()),
            Cell::text(match &action.short_title {
                Some(title) => format!("{title}\n\n{}", action.text),
                None => action.text.clone(),
            }),
            Cell::text(self.state(standing)),
            Cell::text(standing.deadline.map(|d| d.wording.clone())),
            Cell::day(standing.deadline.and_then(|d| d.latest())),
            standing.overdue_days.and_then(|n| n.try_into().ok()).map_or(Cell::Empty, Cell::Number),
            Cell::text(first.map(|o| o.wording.clone())),
            Cell::text(standing.asked.map(|a| a.wording.clone())),
            Cell::text(action.lead_wording.clone()),
            Cell::text(action.resource.clone()),
            Cell::text(standing.panel.map(|own| self.record.plan.key.word(own.rating))),
            Cell::text(standing.suggestion.rating.words().to_owned()),
            Cell::text(text::initial_capital(&standing.suggestion.reason)),
        ]);
        for cell in &line.cells {
            let (rating, said) = match cell {
                LineCell::Update(update, _) => (self.record.plan.key.word(update.reported), said(update)),
                LineCell::Gap(words) => ((*words).to_owned(), String::new()),
                LineCell::Settled(ActionState::Merged, Some(into)) => {
                    (format!("Merged into {}", self.record.label(*into)), String::new())
                }
                LineCell::Settled(state, _) => (state.words().to_owned(), String::new()),
                LineCell::NotYet => ("Not yet in the plan".to_owned(), String::new()),
                LineCell::Blank => Default::default(),
            };
            row.extend([Cell::text(rating), Cell::text(said)]);
        }
        row
    }

    /// "Open", "Merged into Aiii", "Complete".
    fn state(&self, standing: &Standing<'_>) -> String {
        match (standing.state, standing.change.and_then(|c| c.into)) {
            (ActionState::Merged, Some(into)) => format!("Merged into {}", self.record.label(into)),
            (state, _) => state.words().to_owned(),
        }
    }
}

/// `Ai) That all schools ...`, and how it was varied.
fn recommendation(record: &Record, one: &Recommendation, day: NaiveDate) -> String {
    let mut words = match &one.printed {
        Some(printed) => format!("{printed}) {}", one.text),
        None => one.text.clone(),
    };
    for varied in agenda::variations(record, one, day) {
        let Variation { agreed_by, agreed_on, now, .. } = varied.variation;
        let on = agreed_on.map_or(String::new(), |on| format!(" on {}", text::day(on)));
        words.push_str(&if varied.is_refused() {
            format!(
                "\n\n{}, agreed by {agreed_by}{on}: {now}",
                record.words.say("Variation put to the {panel}")
            )
        } else {
            format!("\n\nVaried, agreed by {agreed_by}{on}. Now: {now}")
        });
        words.extend(varied.said_words().map(|said| format!("\n\n{said}")));
    }
    words
}

/// "Accepted, 5 September 2017", or by when it is due.
fn response(record: &Record, one: &Recommendation, day: NaiveDate) -> Option<String> {
    let Some(given) = one.response.filter(|_| one.response_on.is_none_or(|on| on <= day)) else {
        let due = record.response_due_on(one, day)?;
        return Some(format!("{} {}", record.words.say("{Executive} response due by"), text::day(due)));
    };
    let on = one.response_on.map_or(String::new(), |on| format!(", {}", text::day(on)));
    let why = one.response_text.as_ref().map_or(String::new(), |why| format!("\n\n{why}"));
    Some(format!("{}{on}{why}", given.words()))
}

/// "Partly met, 26 March 2018", with its reason.
fn conclusion(one: &Recommendation, day: NaiveDate) -> Option<String> {
    let concluded = one.conclusion_at(day)?;
    let why = concluded.reason.as_ref().map_or(String::new(), |why| format!("\n\n{why}"));
    Some(format!("{}, {}{why}", concluded.verdict.words(), text::day(concluded.from)))
}

/// What an update says, with what is to follow; first what whoever passes it on must know of it.
fn said(update: &Update) -> String {
    let marks = [update.exempt.map(exempt::tag), review::state_words(update).map(str::to_owned)];
    let mut words: String = marks.into_iter().flatten().map(|mark| format!("[{mark}]\n\n")).collect();
    words.push_str(&update.narrative);
    for (name, more) in [("Next", &update.next_steps), ("To put it right", &update.put_right)] {
        if let Some(more) = more {
            words.push_str(&format!("\n\n{name}: {more}"));
        }
    }
    words
}
