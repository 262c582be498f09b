//! One round: its dates, what can be done with it, who has updated and who is awaited, what was sent and asked.

use std::collections::HashSet;

use axum::extract::State;
use chrono::NaiveDate;
use maud::{Markup, html};

use super::{Read, asked, link, load};
use crate::{
    domain::{
        access::{Actor, Permission, may_in, may_on},
        asking::may_be_asked,
        calendar::Calendar,
        dashboard::{Answer, Dashboard},
        id::{PersonId, RoundId},
        paper,
        round::RoundState,
        standing::Standing,
        text::{self, plural},
        words::Words,
    },
    link::path,
    store::{self, phone::Call, record::Depth, round::RoundRow, round_mail::Sent},
    web::{
        App,
        address::Path,
        error::WebError,
        guard::Me,
        page::{pack, update::review},
        sheet::Sheet,
        view::{
            button::{Kind, button_group, link_button},
            count::Count,
            kit::{Fact, Link, day, notice, summary_list},
            table::{Column, Row, Table, Width},
        },
    },
};

/// A round as one reader sees it.
struct Shown<'a> {
    row: &'a RoundRow,
    read: &'a [Read],
    today: NaiveDate,
    actor: &'a Actor,
    calendar: &'a Calendar,
    words: &'a Words,
    /// Whether the reader runs it: in all of its plans.
    runs: bool,
    /// Whether the reader sees what was sent and who was called: who runs rounds or manages one of the plans.
    helps: bool,
    mails: &'a [Sent],
    calls: &'a [Call],
    /// Those whose link to write by works, by name.
    linked: &'a [(PersonId, String)],
}

pub(in crate::web) async fn show(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let (store, today) = (&app.cx.store, app.cx.clock.today());
    let (row, records) = load(store, &actor, RoundId(id), Depth::Everything).await?;
    let read: Vec<Read> = records.into_iter().map(|r| Read::new(r, &actor, today)).collect();
    let runs_in = |r: &Read| may_in(&actor, Permission::RunRounds, &r.record.plan).is_ok();
    let mut mails = store::round_mail::list(store, row.round.id).await?;
    let helps_in = |r: &&Read| may_in(&actor, Permission::NoteCalls, &r.record.plan).is_ok();
    // Who helps in some of its plans sees to whom mail went there, and not who answers for others.
    if read.iter().filter(helps_in).count() < row.plans.len() {
        let asked: HashSet<PersonId> =
            read.iter().filter(helps_in).flat_map(|r| may_be_asked(&r.record)).collect();
        mails.retain(|sent| sent.person.is_some_and(|person| asked.contains(&person)));
    }
    let calls = store::phone::list(store, row.round.id).await?;
    let linked = link::holders(&app, &row.round, read.iter().filter(helps_in).map(|r| &r.record)).await?;
    let shown = Shown {
        runs: read.len() == row.plans.len() && read.iter().all(runs_in),
        helps: read.iter().any(|r| helps_in(&r)),
        row: &row,
        read: &read,
        today,
        actor: &actor,
        calendar: &app.cx.calendar(),
        words: &app.cx.words(),
        mails: &mails,
        calls: &calls,
        linked: &linked,
    };
    let title = [row.round.label.as_str(), "Rounds"];
    Ok(Sheet::new(title, shown.view()).crumbs([(path::ROUNDS, "Rounds")]))
}

impl Shown<'_> {
    fn view(&self) -> Markup {
        let round = &self.row.round;
        html! {
            h1 { span class="caption" { "Reporting round" } " " (round.label) }
            (self.facts())
            (self.buttons())
            @if round.state_at(self.today) == RoundState::Planned {
                (notice("Planned", "Nobody is asked for an update until this round is opened."))
            } @else {
                @for read in self.read { (self.plan(read)) }
                @if self.helps { (asked::mails(self.mails)) (link::list(round.id, self.linked)) }
            }
            (pack::section(self.read.iter().map(|r| (&r.record, r.unpublished)), round, self.actor, self.today))
        }
    }

    fn facts(&self) -> Markup {
        let (round, today) = (&self.row.round, self.today);
        let when = |on: Option<NaiveDate>| on.map_or_else(|| html! { "Not recorded" }, day);
        let mut facts = vec![
            Fact::new("State", round.state.word()),
            Fact::new("Date", html! { (round.span) }),
            Fact::new(
                "Plans",
                html! {
                    @for (index, read) in self.read.iter().enumerate() {
                        @if index > 0 { br; }
                        a href=(path::plan(&read.record.plan.slug)) { (read.record.plan.title) }
                    }
                },
            ),
            Fact::new(
                "Updates due",
                match round.updates_due_on {
                    None => html! { "Not set" },
                    Some(due) => html! {
                        (day(due))
                        @if !round.state.is_closed() { ": " (time_left(due, today, self.calendar)) }
                    },
                },
            ),
        ];
        let papers = self.words.say("Papers to {Democratic Services}");
        if let Some(meeting) = &round.meeting {
            let dates = meeting.dates;
            // Between whoever runs the round and Democratic Services: leads have one date to keep.
            if let Some(on) = dates.papers_due_on.filter(|_| self.helps) {
                facts.push(Fact::new(&papers, day(on)));
            }
            if let Some(on) = dates.agenda_on {
                facts.push(Fact::new("Agenda published", day(on)));
            }
            let name = html! { (day(meeting.held_on)) ", " (meeting.panel_name) };
            facts.push(Fact::new(
                "Meeting",
                html! {
                    @if self.runs { a href=(path::meeting(meeting.id)) { (name) } } @else { (name) }
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

    fn buttons(&self) -> Markup {
        let round = &self.row.round;
        let id = round.id;
        let (open, close) = (path::open_round(id), path::close_round(id));
        let (publish, edit) = (path::publish_round(id), path::edit_round(id));
        let (remind, enter) = (path::remind_round(id), path::enter_updates(id));
        let remove = path::remove_round(id);
        let button = |href: &str, label: &str, kind| link_button(Link::new(href, label), kind);
        let mut items = Vec::new();
        let enters = |read: &Read| may_in(self.actor, Permission::EnterForOthers, &read.record.plan).is_ok();
        let takes_updates = matches!(round.state, RoundState::Open | RoundState::Closed);
        if takes_updates && self.read.iter().any(enters) {
            let kind = if round.state == RoundState::Open { Kind::Primary } else { Kind::Secondary };
            items.push(button(&enter, "Enter updates", kind));
        }
        if self.runs {
            match round.state {
                RoundState::Planned => {
                    items.push(button(&open, "Open this round", Kind::Primary));
                    items.push(button(&edit, "Change this round", Kind::Secondary));
                    items.push(html! { (Link::new(&remove, "Take this round out")) });
                }
                RoundState::Open => {
                    items.push(button(&remind, "Send a reminder", Kind::Secondary));
                    items.push(button(&close, "Close this round", Kind::Secondary));
                    items.push(button(&edit, "Change this round", Kind::Secondary));
                }
                RoundState::Closed => items.push(button(&publish, "Publish this round", Kind::Primary)),
                RoundState::Published => {}
            }
        }
        let records =
            self.read.iter().any(|r| may_in(self.actor, Permission::RecordDecisions, &r.record.plan).is_ok());
        if let Some(held) = round.meeting.as_ref().filter(|m| records && m.held_on <= self.today) {
            items.push(button(&path::decisions(held.id), "Record decisions", Kind::Secondary));
        }
        html! { @if !items.is_empty() { (button_group(items)) } }
    }

    fn plan(&self, read: &Read) -> Markup {
        let (round, today) = (&self.row.round, self.today);
        let record = &read.record;
        let board = Dashboard::at(record, today, |r| r.id == round.id);
        let (gaps, updated) = read.gaps(round, today);
        let asked = gaps + updated;
        let words = format!("{updated} of {} received", plural(asked, "update", "updates"));
        html! {
            h2 { (record.plan.title) }
            @if !read.shows(round, today) {
                p { "You can read this round’s updates, and who has sent one, when it is published." }
            } @else {
                @if asked == 0 {
                    p { "No action of this plan was asked for an update." }
                } @else {
                    p { (Count::new(&words, updated, asked)) }
                    (self.who(&board, read))
                }
                (self.to_look_at(read))
                (self.late(read))
            }
        }
    }

    /// The updates of this plan that wait for the reader to look at them.
    fn to_look_at(&self, read: &Read) -> Markup {
        let waiting = review::waiting(&[&read.record], self.actor, self.today);
        html! {
            @if !waiting.is_empty() {
                h3 { "Updates to look at" }
                (review::list(&waiting))
            }
        }
    }

    /// What came after the round was closed and up to the day of its meeting: never in the papers, always here.
    fn late(&self, read: &Read) -> Markup {
        let round = &self.row.round;
        let record = &read.record;
        let late = paper::late(record, round, self.today);
        html! {
            @if !late.is_empty() {
                h3 { "Received after the papers closed" }
                ul {
                    @for (action, update) in late {
                        li {
                            a href=(path::action(action.id)) { (action.label) }
                            @if let Some(on) = update.written_on { ", " (day(on)) }
                            @if update.awaits_review() { " (waits for the manager’s look)" }
                        }
                    }
                }
            }
        }
    }

    /// By lead: who is awaited for what, and for what they have written.
    fn who(&self, board: &Dashboard<'_>, read: &Read) -> Markup {
        let round = &self.row.round;
        let record = &read.record;
        let helps = may_in(self.actor, Permission::NoteCalls, &record.plan).is_ok();
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
                let mut cells = vec![
                    html! { (group.name) },
                    html! {
                        @if awaited.is_empty() { "None" }
                        @for (index, standing) in awaited.iter().map(|i| group.actions[*i]).enumerate() {
                            @if index > 0 { br; }
                            (self.awaited(read, standing))
                        }
                    },
                    html! {
                        @if updated.is_empty() { "None" }
                        @for (index, standing) in updated.iter().enumerate() {
                            @if index > 0 { ", " }
                            a href=(path::action(standing.action.id)) { (standing.action.label) }
                            @if let Answer::Update(update) = board.answer(standing.action, round)
                                && update.awaits_review()
                            { " (waits for the manager’s look)" }
                        }
                    },
                ];
                if helps {
                    let offered = round.state == RoundState::Open && !awaited.is_empty();
                    let note = offered.then(|| path::asked_by_phone(round.id, record.plan.id, &group.name));
                    cells.push(asked::calls(self.calls, record.plan.id, &group.name, note.as_deref()));
                }
                Row::new(cells)
            })
        });
        let others = self
            .calls
            .iter()
            .filter(|call| call.plan == record.plan.id && groups.iter().all(|group| group.name != call.whom));
        let gap = round.gap_words(board.day);
        let mut columns =
            vec![Column::new("Lead"), Column::new(gap), Column::new("Updated").width(Width::Prose)];
        if helps {
            columns.push(Column::new("Asked by phone"));
        }
        html! {
            (Table::new("Who has updated and who has not", columns).row_head(0).rows(rows))
            // A lead that was called and is written otherwise now.
            @if helps { @for call in others { (asked::other_call(call)) } }
        }
    }

    fn awaited(&self, read: &Read, standing: &Standing<'_>) -> Markup {
        let action = standing.action;
        let may_write = self.row.round.state == RoundState::Open
            && may_on(self.actor, Permission::WriteUpdate, &read.record.plan, action).is_ok();
        html! {
            a href=(path::action(action.id)) { (action.label) } " " (action.title())
            @if action.returned(None).is_some_and(|u| u.round == Some(self.row.round.id)) { " (returned with a comment)" }
            @if may_write {
                " – " a href=(path::new_update(action.id)) {
                    "Add update" span class="visually-hidden" { " to " (action.label) }
                }
            }
        }
    }
}

/// "34 working days left", "today is the last day", "3 days ago".
pub(super) fn time_left(due: NaiveDate, today: NaiveDate, calendar: &Calendar) -> String {
    match (due - today).num_days() {
        0 => "today is the last day".to_owned(),
        n if n > 0 => {
            let left = calendar.working_days_between(today, due);
            format!("{} left", plural(left, "working day", "working days"))
        }
        n => format!("{} ago", text::plural(-n, "day", "days")),
    }
}
