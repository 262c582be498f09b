//! Reporting rounds: the list of them over all plans, and one round with who has updated and who is awaited.
//!
//! Owns the list; one round is shown by `round/show.rs`. Planning and changing a round is in `round/form.rs`; opening, closing
//! and publishing it, each with the question before it, in `round/step.rs`; reminding in `round/reminder.rs`, and what was
//! asked by phone in `round/phone.rs`; taking back somebody's link to write by in `round/link.rs`. Who may not read unpublished updates does not learn here who wrote one.

use axum::extract::State;
use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    domain::{
        access::{self, Actor, Permission, may, may_in},
        dashboard::{Answer, answer},
        id::RoundId,
        plan::Record,
        round::{Round, RoundState},
        text,
    },
    link::path,
    store::{self, Store, record::Depth, round::RoundRow},
    web::{
        App,
        error::WebError,
        guard::Me,
        sheet::Sheet,
        view::{
            button::{Kind, button_group, link_button},
            kit::{Link, day, empty},
            table::{Column, Row, Table},
        },
    },
};

mod asked;
mod form;
mod link;
mod phone;
mod reminder;
mod show;
mod step;

pub(in crate::web) use form::{create, edit, new, update};
pub(in crate::web) use link::{new as new_taking_back, take_back as take_link_back};
pub(in crate::web) use phone::{create as note_call, new as new_call};
pub(in crate::web) use reminder::{new as new_reminder, send as remind};
pub(in crate::web) use show::show;
pub(in crate::web) use step::{
    close, new_closure, new_opening, new_publication, new_removal, open, publish, remove,
};

/// The address of the form for a new round.
const NEW: &str = "/rounds/new";

/// A plan's record as one reader may read it.
struct Read {
    record: Record,
    /// Whether updates that are not published are in it.
    unpublished: bool,
}

impl Read {
    fn new(record: Record, actor: &Actor, today: NaiveDate) -> Self {
        // Everyone may know of a round, though not of what was written for it.
        let rounds = record.rounds.clone();
        let (record, unpublished) = access::readable(actor, record, today);
        Self { record: Record { rounds, ..record }, unpublished }
    }

    /// Whether the reader may know who has written for a round.
    fn shows(&self, round: &Round, today: NaiveDate) -> bool {
        self.unpublished || round.state_at(today) == RoundState::Published
    }

    /// How many actions were asked and have no update, and how many have one.
    fn gaps(&self, round: &Round, today: NaiveDate) -> (usize, usize) {
        let answers = |holds: fn(&Answer<'_>) -> bool| {
            let of = self.record.actions.iter().map(|a| answer(&self.record, a, round, today));
            of.filter(holds).count()
        };
        (answers(|a| *a == Answer::Gap), answers(|a| matches!(a, Answer::Update(_))))
    }
}

pub(in crate::web) async fn list(State(app): State<App>, Me(actor): Me) -> Result<Sheet, WebError> {
    let today = app.cx.clock.today();
    let records = store::record::all(&app.cx.store, &actor, Depth::Everything).await?;
    let read: Vec<Read> = records.into_iter().map(|r| Read::new(r, &actor, today)).collect();
    let may_run = may(&actor, Permission::RunRounds).is_ok();
    Ok(Sheet::new(["Rounds"], list_view(&read, today, may_run)))
}

fn list_view(read: &[Read], today: NaiveDate, may_run: bool) -> Markup {
    let mut rounds: Vec<&Round> = read.iter().flat_map(|r| &r.record.rounds).collect();
    rounds.sort_by_key(|r| std::cmp::Reverse((r.counts_from(), r.id)));
    rounds.dedup_by_key(|r| r.id);
    let rows = rounds.iter().map(|round| {
        let covered: Vec<&Read> =
            read.iter().filter(|r| r.record.rounds.iter().any(|of| of.id == round.id)).collect();
        Row::new([
            html! { a href=(path::round(round.id)) { (round.label) } },
            html! { (round.span) },
            html! { (round.state.word()) },
            html! {
                @for (index, read) in covered.iter().enumerate() {
                    @if index > 0 { br; }
                    (read.record.plan.title)
                }
            },
            html! { @if let Some(due) = round.updates_due_on { (day(due)) } @else { "Not set" } },
            gap_cell(&covered, round, today),
        ])
    });
    let columns = ["Round", "Date", "State", "Plans", "Updates due", "Without an update"].map(Column::new);
    html! {
        h1 { "Rounds" }
        p { "A reporting round asks the leads of one or more plans for their updates, for one meeting." }
        @if may_run {
            (button_group([
                link_button(Link::new(NEW, "Plan a round"), Kind::Primary),
                html! { (Link::new(path::MEETINGS, "Meetings")) },
            ]))
        }
        @if rounds.is_empty() {
            (empty("There are no rounds yet", "A round stands here from the day it is planned.", None))
        } @else {
            (Table::new("Rounds, latest first", columns).row_head(0).rows(rows))
        }
    }
}

fn gap_cell(covered: &[&Read], round: &Round, today: NaiveDate) -> Markup {
    let shown: Vec<_> = covered.iter().filter(|r| r.shows(round, today)).collect();
    if round.state_at(today) == RoundState::Planned {
        return html! { "Nobody is asked yet" };
    }
    if shown.is_empty() {
        return html! { "Shown when it is published" };
    }
    let gaps: usize = shown.iter().map(|r| r.gaps(round, today).0).sum();
    html! { @if gaps == 0 { "None" } @else { (gaps) ": " (round.gap_words(today).to_lowercase()) } }
}

/// A round with the records of its plans.
async fn load(
    store: &Store,
    actor: &Actor,
    id: RoundId,
    depth: Depth,
) -> Result<(RoundRow, Vec<Record>), WebError> {
    let row = store::round::by_id(store, id).await?.ok_or(WebError::NotFound)?;
    let mut records = store::record::all(store, actor, depth).await?;
    records.retain(|r| row.plans.contains(&r.plan.id));
    if records.is_empty() {
        return Err(WebError::NotFound);
    }
    Ok((row, records))
}

/// The same for somebody who may run rounds in all of its plans.
async fn runnable(
    store: &Store,
    actor: &Actor,
    id: RoundId,
    depth: Depth,
) -> Result<(RoundRow, Vec<Record>), WebError> {
    let (row, records) = load(store, actor, id, depth).await?;
    for record in &records {
        may_in(actor, Permission::RunRounds, &record.plan)?;
    }
    Ok((row, records))
}

/// "Digital safeguarding and Road safety".
fn titles(records: &[Record]) -> String {
    text::list(&records.iter().map(|r| r.plan.title.as_str()).collect::<Vec<_>>())
}
