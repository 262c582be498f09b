//! Reporting rounds: the list of them over all plans, and one round with who has updated and who is awaited.
//!
//! Owns reading. Planning and changing a round is in `round/form.rs`; opening, closing and publishing it, each with the
//! question before it, in `round/step.rs`. Who may not read unpublished updates does not learn here who wrote one.

use axum::extract::State;
use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    domain::{
        access::{self, Actor, Permission, may, may_in, may_on},
        dashboard::{Answer, Dashboard, answer},
        id::RoundId,
        plan::Record,
        round::{Round, RoundState},
        standing::Standing,
        text::{self, plural},
    },
    link::path,
    store::{self, Store, record::Depth, round::RoundRow},
    web::{
        App,
        address::Path,
        error::WebError,
        guard::Me,
        page::pack,
        sheet::Sheet,
        view::{
            button::{Kind, button_group, link_button},
            count::Count,
            kit::{Fact, Link, day, empty, notice, summary_list},
            table::{Column, Row, Table, Width},
        },
    },
};

mod form;
mod step;

pub(in crate::web) use form::{create, edit, new, update};
pub(in crate::web) use step::{close, new_closure, new_opening, new_publication, open, publish};

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
        @if may_run { (button_group([link_button(Link::new(NEW, "Plan a round"), Kind::Primary)])) }
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

pub(in crate::web) async fn show(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let today = app.cx.clock.today();
    let (row, records) = load(&app.cx.store, &actor, RoundId(id), Depth::Everything).await?;
    let read: Vec<Read> = records.into_iter().map(|r| Read::new(r, &actor, today)).collect();
    let content = show_view(&row, &read, today, &actor);
    Ok(Sheet::new([row.round.label.as_str(), "Rounds"], content).crumbs([(path::ROUNDS, "Rounds")]))
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

fn show_view(row: &RoundRow, read: &[Read], today: NaiveDate, actor: &Actor) -> Markup {
    let round = &row.round;
    html! {
        h1 { span class="caption" { "Reporting round" } " " (round.label) }
        (facts(row, read, today))
        @if read.iter().all(|r| may_in(actor, Permission::RunRounds, &r.record.plan).is_ok()) { (buttons(round)) }
        @if round.state_at(today) == RoundState::Planned {
            (notice("Planned", "Nobody is asked for an update until this round is opened."))
        } @else {
            @for read in read { (plan_view(read, round, today, actor)) }
        }
        (pack::section(read.iter().map(|r| (&r.record, r.unpublished)), round, actor, today))
    }
}

fn facts(row: &RoundRow, read: &[Read], today: NaiveDate) -> Markup {
    let round = &row.round;
    let when = |on: Option<NaiveDate>| on.map_or_else(|| html! { "Not recorded" }, day);
    let mut facts = vec![
        Fact::new("State", round.state.word()),
        Fact::new("Date", html! { (round.span) }),
        Fact::new(
            "Plans",
            html! {
                @for (index, read) in read.iter().enumerate() {
                    @if index > 0 { br; }
                    a href=(path::plan(&read.record.plan.slug)) { (read.record.plan.title) }
                }
            },
        ),
    ];
    facts.push(Fact::new(
        "Updates due",
        match round.updates_due_on {
            None => html! { "Not set" },
            Some(due) => html! {
                (day(due))
                @if matches!(round.state, RoundState::Planned | RoundState::Open) { ", " (distance(due, today)) }
            },
        },
    ));
    if round.meeting_on.is_some() || row.meeting_of.is_some() {
        facts.push(Fact::new(
            "Meeting",
            html! {
                @if let Some(on) = round.meeting_on { (day(on)) }
                @if round.meeting_on.is_some() && row.meeting_of.is_some() { ", " }
                @if let Some(of) = &row.meeting_of { (of) }
            },
        ));
    }
    for (label, state, on) in [
        ("Opened", RoundState::Open, round.opened_on),
        ("Closed", RoundState::Closed, round.closed_on),
        ("Published", RoundState::Published, round.published_on),
    ] {
        if round.state >= state {
            facts.push(Fact::new(label, when(on)));
        }
    }
    summary_list(facts)
}

/// "in 5 days", "today", "3 days ago".
fn distance(due: NaiveDate, today: NaiveDate) -> String {
    match (due - today).num_days() {
        0 => "today".to_owned(),
        n if n > 0 => format!("in {}", plural(n, "day", "days")),
        n => format!("{} ago", plural(-n, "day", "days")),
    }
}

fn buttons(round: &Round) -> Markup {
    let id = round.id;
    let (open, close) = (path::open_round(id), path::close_round(id));
    let (publish, edit) = (path::publish_round(id), path::edit_round(id));
    let edit = || link_button(Link::new(&edit, "Change dates"), Kind::Secondary);
    match round.state {
        RoundState::Planned => {
            button_group([link_button(Link::new(&open, "Open this round"), Kind::Primary), edit()])
        }
        RoundState::Open => {
            button_group([link_button(Link::new(&close, "Close this round"), Kind::Primary), edit()])
        }
        RoundState::Closed => {
            button_group([link_button(Link::new(&publish, "Publish this round"), Kind::Primary)])
        }
        RoundState::Published => Markup::default(),
    }
}

fn plan_view(read: &Read, round: &Round, today: NaiveDate, actor: &Actor) -> Markup {
    let record = &read.record;
    let board = Dashboard::at(record, today, |r| r.id == round.id);
    let (gaps, updated) = read.gaps(round, today);
    let asked = gaps + updated;
    let words = format!("{updated} of {} received", plural(asked, "update", "updates"));
    html! {
        h2 { (record.plan.title) }
        @if !read.shows(round, today) {
            p { "You can read this round’s updates, and who has sent one, when it is published." }
        } @else if asked == 0 {
            p { "No action of this plan was asked for an update." }
        } @else {
            p { (Count::new(&words, updated, asked)) }
            (who_table(&board, round, actor, &read.record))
        }
    }
}

/// By lead: who is awaited for what, and for what they have written.
fn who_table(board: &Dashboard<'_>, round: &Round, actor: &Actor, record: &Record) -> Markup {
    let gap = round.gap_words(board.day);
    let mut groups = board.by_lead();
    let gaps = |actions: &[&Standing<'_>]| -> Vec<usize> {
        (0..actions.len()).filter(|i| board.answer(actions[*i].action, round) == Answer::Gap).collect()
    };
    // Those who are awaited first, and among them who owes most.
    groups.sort_by_key(|g| std::cmp::Reverse(gaps(&g.actions).len()));
    let rows = groups.iter().filter_map(|group| {
        let awaited = gaps(&group.actions);
        let updated: Vec<&&Standing<'_>> = group
            .actions
            .iter()
            .filter(|s| matches!(board.answer(s.action, round), Answer::Update(_)))
            .collect();
        (!awaited.is_empty() || !updated.is_empty()).then(|| {
            Row::new([
                html! { (group.name) },
                html! {
                    @if awaited.is_empty() { "None" }
                    @for (index, standing) in awaited.iter().map(|i| group.actions[*i]).enumerate() {
                        @if index > 0 { br; }
                        (awaited_action(record, standing, round, actor))
                    }
                },
                html! {
                    @if updated.is_empty() { "None" }
                    @for (index, standing) in updated.iter().enumerate() {
                        @if index > 0 { ", " }
                        a href=(path::action(standing.action.id)) { (standing.action.label) }
                    }
                },
            ])
        })
    });
    let columns = [Column::new("Lead"), Column::new(gap), Column::new("Updated").width(Width::Prose)];
    html! { (Table::new("Who has updated and who has not", columns).row_head(0).rows(rows)) }
}

fn awaited_action(record: &Record, standing: &Standing<'_>, round: &Round, actor: &Actor) -> Markup {
    let action = standing.action;
    let may_write = round.state == RoundState::Open
        && may_on(actor, Permission::WriteUpdate, &record.plan, action).is_ok();
    html! {
        a href=(path::action(action.id)) { (action.label) } " " (action.title())
        @if may_write {
            " – " a href=(path::new_update(action.id)) {
                "Add update" span class="visually-hidden" { " to " (action.label) }
            }
        }
    }
}

/// "Digital safeguarding and Road safety".
fn titles(records: &[Record]) -> String {
    text::list(&records.iter().map(|r| r.plan.title.as_str()).collect::<Vec<_>>())
}
