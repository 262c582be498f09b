//! A round's three steps: opening, closing, publishing. Each asks first and says what will follow.
//!
//! Pressing twice does nothing twice: who comes too late is shown the round as it now is, and told who was there first.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use maud::{Markup, html};

use super::{Read, runnable, show::time_left};
use crate::{
    command::{self, CommandError},
    domain::{
        access::Actor,
        action::Action,
        asking::{Asked, Asking, asking, away},
        dashboard::{Answer, answer},
        id::{RoundId, UpdateId},
        paper,
        plan::Record,
        round::{Round, RoundState},
        text::{self, plural},
        update::Update,
    },
    link::path,
    store::{self, record::Depth},
    web::{
        App,
        address::Path,
        error::WebError,
        form::Fields,
        guard::Me,
        sheet::{Redirect, Sheet},
        view::{
            button::{Confirm, confirm},
            form::{Choice, FieldError, Inputs},
            kit::{Link, notice, paragraphs},
            table::{Column, Row, Table},
        },
    },
};

/// How much of an update is shown beside its box, in characters.
const EXCERPT: usize = 200;

/// The question before a step, in words that depend on the step.
struct Question<'a> {
    word: &'static str,
    question: String,
    consequence: String,
    address: String,
    button: &'static str,
    cancel: &'static str,
    round: &'a Round,
}

fn page(question: &Question<'_>, fields: Markup, rejected: bool) -> Sheet {
    let back = path::round(question.round.id);
    let content = confirm(
        &Confirm {
            question: &question.question,
            consequence: &question.consequence,
            action: &question.address,
            button: question.button,
            cancel: Link::new(&back, question.cancel),
        },
        fields,
    );
    Sheet::new([question.word, question.round.label.as_str()], content)
        .back(back, question.round.label.clone())
        .rejected(rejected)
}

/// To the round as it now is, where a step can't be taken: who took it already and when, or which one comes first.
async fn back_to(app: &App, actor: &Actor, id: RoundId, step: RoundState) -> Result<Response, WebError> {
    let (row, _) = runnable(&app.cx.store, actor, id, Depth::Current).await?;
    let round = &row.round;
    let there = Redirect::to(path::round(id));
    let (kind, done, on) = match step {
        RoundState::Planned => return Ok(there.into_response()),
        RoundState::Open => ("round.opened", "opened", round.opened_on),
        RoundState::Closed => ("round.closed", "closed", round.closed_on),
        RoundState::Published => ("round.published", "published", round.published_on),
    };
    if round.state < step {
        let first = if round.state == RoundState::Planned { "open it first" } else { "close it first" };
        let words = format!("{} can’t be {done} yet: {first}. Nothing has changed", round.label);
        return Ok(there.warning(words).into_response());
    }
    let event = match row.plans.first() {
        Some(plan) => store::audit::last_about_round(&app.cx.store, *plan, kind, id).await?,
        None => None,
    };
    let on = on.map_or(String::new(), |on| format!(" on {}", text::day(on)));
    let by = event.map_or(String::new(), |event| format!(" by {}", event.who()));
    let words = format!("{} was {done} already{on}{by}. Nothing was done twice", round.label);
    Ok(there.warning(words).into_response())
}

pub(in crate::web) async fn new_opening(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    opening(&app, &actor, RoundId(id), None, &[]).await
}

pub(in crate::web) async fn open(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let id = RoundId(id);
    let carry: Vec<UpdateId> = fields.all("carry").filter_map(|id| id.parse().ok()).map(UpdateId).collect();
    match command::round::open(&app.cx, &actor, id, &carry).await {
        Ok(mailed) => {
            let to = plural(mailed.now.len(), "person", "people");
            let nobody = match mailed.nobody.as_slice() {
                [] => String::new(),
                labels => format!(". Nobody can be asked for {}", text::list(labels)),
            };
            let words = format!("The round is open. An email goes to {to}{nobody}");
            Ok(Redirect::to(path::round(id)).saying(words).into_response())
        }
        Err(CommandError::Stale) => back_to(&app, &actor, id, RoundState::Open).await,
        Err(CommandError::Refused { message, .. }) => {
            opening(&app, &actor, id, Some(&fields), &[FieldError::whole_form(message)]).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn opening(
    app: &App,
    actor: &Actor,
    id: RoundId,
    sent: Option<&Fields>,
    errors: &[FieldError],
) -> Result<Response, WebError> {
    // As deep as the command reads: what it could not take in is not offered.
    let (row, records) = runnable(&app.cx.store, actor, id, Depth::Current).await?;
    let round = &row.round;
    if round.state != RoundState::Planned {
        return back_to(app, actor, id, RoundState::Open).await;
    }
    let today = app.cx.clock.today();
    let between: Vec<(&Action, &Update)> = records
        .iter()
        .flat_map(|r| r.actions.iter().map(move |a| (r, a)))
        .flat_map(|(r, a)| paper::since_last_round(r, a, today).map(move |u| (a, u)))
        .collect();
    let asked: usize = records.iter().map(|r| expecting(r, round, app)).sum();
    let due = round.updates_due_on.map_or(String::new(), |due| format!(" by {}", text::day(due)));
    let question = Question {
        word: "Open the round",
        question: format!("Open {}?", round.label),
        consequence: format!(
            "{} of {} will await an update{due}. Everyone below is asked for theirs by email, once. Updates written from \
             now on belong to this round, until it is closed. Only one round of a plan can be open at a time.",
            plural(asked, "action", "actions"),
            super::titles(&records),
        ),
        address: path::open_round(id),
        button: "Open the round",
        cancel: "No, leave it planned",
        round,
    };
    let asking = asking(&records, round, today);
    let people: Vec<&Asked<'_>> = asking.people.iter().collect();
    let fields = html! {
        (Inputs::new(errors).summary())
        (away_words(&records, round, today))
        (unasked(&asking))
        h2 { "Who is asked" }
        @if people.is_empty() { p { "Nobody: no update is awaited." } }
        @else { (asked_people("Who is asked, for what", &people)) }
        (carry_fields(&between, sent, errors))
    };
    Ok(page(&question, fields, !errors.is_empty()).into_response())
}

/// People with what is asked of them.
pub(super) fn asked_people(caption: &str, people: &[&Asked<'_>]) -> Markup {
    let rows = people.iter().map(|asked| {
        let name = asked.person.name.as_str();
        let posts: Vec<&str> = asked.posts.iter().copied().filter(|post| *post != name).collect();
        Row::new([
            html! { (name) @if !posts.is_empty() { ", for " (text::list(&posts)) } },
            html! {
                @for (n, wanted) in asked.actions.iter().enumerate() {
                    @if n > 0 { ", " }
                    (wanted.action.label)
                    @if let Some(why) = &wanted.instead_of { span class="soft" { " (" (why) ")" } }
                }
            },
        ])
    });
    let columns = ["Who", "For"].map(Column::new);
    html! { (Table::new(caption, columns).caption_hidden().row_head(0).rows(rows)) }
}

/// The actions for which nobody can be asked.
pub(super) fn unasked(asking: &Asking<'_>) -> Markup {
    html! {
        @if !asking.nobody.is_empty() {
            (notice("Nobody can be asked for these", html! {
                ul {
                    @for unasked in &asking.nobody {
                        li {
                            a href=(path::action(unasked.action.id)) { (unasked.action.label) }
                            ": " (unasked.why) ", and the plan has no manager who can be reached"
                        }
                    }
                }
            }))
        }
    }
}

/// Who is away all through the round.
fn away_words(records: &[Record], round: &Round, today: NaiveDate) -> Markup {
    let all = away(records, round, today);
    let until = round.updates_due_on.filter(|due| *due > today);
    html! {
        @if !all.is_empty() {
            (notice("Away all through this round", html! {
                p {
                    "Nobody can be reached for these, from today"
                    @if let Some(until) = until { " to " (text::day(until)) } ":"
                }
                ul {
                    @for away in &all {
                        li {
                            (away.who) " (" (text::list(&away.labels)) "): " (away.why) ". "
                            @if away.instead.is_empty() { "Nobody is asked instead." }
                            @else { "Asked instead: " (text::list(&away.instead)) "." }
                        }
                    }
                }
            }))
        }
    }
}

/// How many actions of a plan will be asked.
fn expecting(record: &Record, round: &Round, app: &App) -> usize {
    let today = app.cx.clock.today();
    record.actions.iter().filter(|a| answer(record, a, round, today) != Answer::NotAsked).count()
}

/// The updates written since the last round, each with a box; all are ticked at first.
fn carry_fields(between: &[(&Action, &Update)], sent: Option<&Fields>, errors: &[FieldError]) -> Markup {
    let inputs = Inputs::new(errors);
    let ids: Vec<String> = between.iter().map(|(_, u)| u.id.to_string()).collect();
    let ticked: Vec<&str> = match sent {
        Some(fields) => fields.all("carry").collect(),
        None => ids.iter().map(String::as_str).collect(),
    };
    let choices = between.iter().zip(&ids).map(|((action, update), id)| {
        let when = update.written_on.map_or("day not recorded".to_owned(), text::day);
        let who = update.author_name.as_deref().map_or(String::new(), |name| format!(", {name}"));
        Choice::new(id.as_str(), format!("{}: {when}{who}", action.label)).hint(excerpt(&update.narrative))
    });
    html! {
        @if between.is_empty() {
            p { "No update was written since the last round, so there is none to take in." }
        } @else {
            (inputs
                .checkboxes("carry", "Which updates written since the last round belong to this one?", ticked, choices)
                .hint("Those you leave out stay where they are, between the rounds. Nobody is asked for what is taken in"))
        }
    }
}

fn excerpt(narrative: &str) -> String {
    let line = text::fold(narrative);
    match line.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

pub(in crate::web) async fn new_closure(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    closing(&app, &actor, RoundId(id), &[]).await
}

async fn closing(app: &App, actor: &Actor, id: RoundId, errors: &[FieldError]) -> Result<Response, WebError> {
    let (row, records) = runnable(&app.cx.store, actor, id, Depth::Current).await?;
    let round = &row.round;
    if round.state != RoundState::Open {
        return back_to(app, actor, id, RoundState::Closed).await;
    }
    let today = app.cx.clock.today();
    let missing: Vec<&str> = records
        .iter()
        .flat_map(|r| r.actions.iter().map(move |a| (r, a)))
        .filter(|(record, action)| answer(record, action, round, today) == Answer::Gap)
        .map(|(_, action)| action.label.as_str())
        .collect();
    let question = Question {
        word: "Close the round",
        question: format!("Close {}?", round.label),
        consequence:
            "Its updates are frozen: they can’t be changed any more, and a correction is a new update beside \
                      the old one. It can’t be opened again."
                .to_owned(),
        address: path::close_round(id),
        button: "Close the round",
        cancel: "No, leave it open",
        round,
    };
    let fields = html! {
        (Inputs::new(errors).summary())
        (early(app, round, RoundState::Closed, errors))
        @match missing.len() {
            0 => p { "Every action that was asked has an update." },
            n => p {
                (plural(n, "action has", "actions have")) " no update, and “No update received” will stand in the table: "
                (text::list(&missing)) "."
            },
        }
        (not_accepted(&records, round, today, "Received, not yet accepted: will not be in the papers"))
        @if let Some(on) = round.meeting_on.filter(|on| *on >= today) {
            p {
                "What comes later, up to the meeting on " (text::day(on))
                ", is accepted and marked “received after the papers closed”. It is not in the papers."
            }
        }
    };
    Ok(page(&question, fields, !errors.is_empty()).into_response())
}

/// That a step comes early, with the days left, and the box that says it is meant.
fn early(app: &App, round: &Round, step: RoundState, errors: &[FieldError]) -> Markup {
    let today = app.cx.clock.today();
    let Some(due) = round.is_early(step, today) else { return html! {} };
    let (what, although) = match step {
        RoundState::Closed => ("Updates are due", "Close it although updates are due"),
        _ => ("The papers are due", "Publish it although the papers are due"),
    };
    let on = text::day(due);
    html! {
        (notice("This is early", html! {
            p { (what) " on " (text::weekday_day(due)) ": " (time_left(due, today, &app.cx.calendar())) "." }
        }))
        (Inputs::new(errors).checkbox("early", format!("{although} on {on}"), false))
    }
}

/// The updates that no manager has accepted by a day, under a heading; nothing where there is none.
fn not_accepted(records: &[Record], round: &Round, day: NaiveDate, title: &str) -> Markup {
    let waiting: Vec<(&Action, &Update)> =
        records.iter().flat_map(|record| paper::not_accepted(record, round, day)).collect();
    html! {
        @if !waiting.is_empty() {
            (notice(title, html! {
                ul {
                    @for (action, update) in &waiting {
                        li {
                            a href=(path::action(action.id)) { (action.label) } " " (action.title())
                            @if let Some(on) = update.written_on { ", " (text::day(on)) }
                        }
                    }
                }
            }))
        }
    }
}

pub(in crate::web) async fn close(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let id = RoundId(id);
    match command::round::close(&app.cx, &actor, id, fields.ticked("early")).await {
        Err(CommandError::Refused { field, message }) => {
            closing(&app, &actor, id, &[FieldError::new(field, message)]).await
        }
        done => after(&app, &actor, id, done, RoundState::Closed).await,
    }
}

pub(in crate::web) async fn new_publication(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    publishing(&app, &actor, RoundId(id), &[]).await
}

async fn publishing(
    app: &App,
    actor: &Actor,
    id: RoundId,
    errors: &[FieldError],
) -> Result<Response, WebError> {
    let (row, records) = runnable(&app.cx.store, actor, id, Depth::Everything).await?;
    let round = &row.round;
    if round.state != RoundState::Closed {
        return back_to(app, actor, id, RoundState::Published).await;
    }
    let today = app.cx.clock.today();
    let public: Vec<&str> = records.iter().filter(|r| r.plan.public).map(|r| r.plan.title.as_str()).collect();
    let anyone = match public.as_slice() {
        [] => String::new(),
        titles => format!(" Anyone can read those of {}, without people’s names.", text::list(titles)),
    };
    let titles = super::titles(&records);
    let waiting =
        not_accepted(&records, round, today, "Received, not yet accepted: can’t be read until it is");
    // What nobody had accepted when the papers closed is not read: it comes with the addendum.
    let (gaps, updated) = records.into_iter().fold((0, 0), |(gaps, updated), record| {
        let later: Vec<UpdateId> = paper::not_accepted(&record, round, round.frozen_on())
            .iter()
            .map(|(_, update)| update.id)
            .collect();
        let mut record = record.without_unaccepted();
        for action in &mut record.actions {
            action.updates.retain(|update| !later.contains(&update.id));
        }
        let read = Read { record, unpublished: true };
        let (more_gaps, more) = read.gaps(round, today);
        (gaps + more_gaps, updated + more)
    });
    let question = Question {
        word: "Publish the round",
        question: format!("Publish {}?", round.label),
        consequence: format!(
            "{} can read {updated} of {} with {} ratings from now on, in {titles}.{anyone} This can’t be taken back.",
            app.cx.words().say("{Panel} members"),
            plural(gaps + updated, "update", "updates"),
            if updated == 1 { "its" } else { "their" },
        ),
        address: path::publish_round(id),
        button: "Publish the round",
        cancel: "No, don’t publish it yet",
        round,
    };
    let fields = html! {
        (Inputs::new(errors).summary())
        (early(app, round, RoundState::Published, errors))
        (waiting)
        (paragraphs("Read the updates once more before you publish: no names of children or families."))
    };
    Ok(page(&question, fields, !errors.is_empty()).into_response())
}

pub(in crate::web) async fn publish(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let id = RoundId(id);
    match command::round::publish(&app.cx, &actor, id, fields.ticked("early")).await {
        Err(CommandError::Refused { field, message }) => {
            publishing(&app, &actor, id, &[FieldError::new(field, message)]).await
        }
        done => after(&app, &actor, id, done, RoundState::Published).await,
    }
}

pub(in crate::web) async fn new_removal(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let (row, _) = runnable(&app.cx.store, &actor, RoundId(id), Depth::Current).await?;
    Ok(removal(&row.round, &[]))
}

pub(in crate::web) async fn remove(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let (row, _) = runnable(&app.cx.store, &actor, RoundId(id), Depth::Current).await?;
    match command::round::remove(&app.cx, &actor, row.round.id).await {
        Ok(()) => {
            let done = format!("{} is taken out", row.round.label);
            Ok(Redirect::to(path::ROUNDS).saying(done).into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            Ok(removal(&row.round, &[FieldError::new(field, message)]).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn removal(round: &Round, errors: &[FieldError]) -> Sheet {
    let question = Question {
        word: "Take out the round",
        question: format!("Take out {}?", round.label),
        consequence: "Nobody has been asked for anything yet, and nobody will be.".to_owned(),
        address: path::remove_round(round.id),
        button: "Take it out",
        cancel: "No, leave it planned",
        round,
    };
    page(&question, Inputs::new(errors).summary(), !errors.is_empty())
}

async fn after(
    app: &App,
    actor: &Actor,
    id: RoundId,
    done: Result<(), CommandError>,
    step: RoundState,
) -> Result<Response, WebError> {
    match done {
        Ok(()) => {
            let words = format!("The round is {}", step.word().to_lowercase());
            Ok(Redirect::to(path::round(id)).saying(words).into_response())
        }
        Err(CommandError::Stale) => back_to(app, actor, id, step).await,
        Err(other) => Err(other.into()),
    }
}
