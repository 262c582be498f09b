//! A round's three steps: opening, closing, publishing. Each asks first and says what will follow.
//!
//! Pressing twice does nothing twice: who comes too late is shown the round as it now is.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

use super::runnable;
use crate::{
    command::{self, CommandError},
    domain::{
        access::Actor,
        action::Action,
        dashboard::{Answer, answer},
        id::{RoundId, UpdateId},
        plan::Record,
        round::{Round, RoundState},
        text::{self, plural},
        update::Update,
    },
    link::path,
    store::record::Depth,
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
            kit::{Link, paragraphs},
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

/// To the round as it now is.
fn back_to(id: RoundId) -> Response {
    Redirect::to(path::round(id)).into_response()
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
        Ok(()) => Ok(Redirect::to(path::round(id)).saying("The round is open").into_response()),
        Err(CommandError::Stale) => Ok(back_to(id)),
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
        return Ok(back_to(id));
    }
    let today = app.cx.clock.today();
    let between: Vec<(&Action, &Update)> = records
        .iter()
        .flat_map(|r| &r.actions)
        .flat_map(|a| a.updates_at(today).filter(|u| u.round.is_none()).map(move |u| (a, u)))
        .collect();
    let asked: usize = records.iter().map(|r| expecting(r, round, app)).sum();
    let due = round.updates_due_on.map_or(String::new(), |due| format!(" by {}", text::day(due)));
    let question = Question {
        word: "Open the round",
        question: format!("Open {}?", round.label),
        consequence: format!(
            "{} of {} will await an update{due}. Updates written from now on belong to this round, until it is closed. \
             Only one round of a plan can be open at a time.",
            plural(asked, "action", "actions"),
            super::titles(&records),
        ),
        address: path::open_round(id),
        button: "Open the round",
        cancel: "No, leave it planned",
        round,
    };
    let sheet = page(&question, carry_fields(&between, sent, errors), !errors.is_empty());
    Ok(sheet.into_response())
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
        (inputs.summary())
        @if between.is_empty() {
            p { "No update was written since the last round, so there is none to take in." }
        } @else {
            (inputs
                .checkboxes("carry", "Which updates written since the last round belong to this one?", ticked, choices)
                .hint("Those you leave out stay where they are, between the rounds"))
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
    let id = RoundId(id);
    let (row, records) = runnable(&app.cx.store, &actor, id, Depth::Current).await?;
    if row.round.state != RoundState::Open {
        return Ok(back_to(id));
    }
    let today = app.cx.clock.today();
    let missing: Vec<&str> = records
        .iter()
        .flat_map(|r| r.actions.iter().map(move |a| (r, a)))
        .filter(|(record, action)| answer(record, action, &row.round, today) == Answer::Gap)
        .map(|(_, action)| action.label.as_str())
        .collect();
    let question = Question {
        word: "Close the round",
        question: format!("Close {}?", row.round.label),
        consequence:
            "Its updates are frozen: they can’t be changed any more, and a correction is a new update beside \
                      the old one. It can’t be opened again."
                .to_owned(),
        address: path::close_round(id),
        button: "Close the round",
        cancel: "No, leave it open",
        round: &row.round,
    };
    let fields = match missing.len() {
        0 => html! { p { "Every action that was asked has an update." } },
        n => html! {
            p {
                (plural(n, "action has", "actions have")) " no update, and “No update received” will stand in the table: "
                (text::list(&missing)) "."
            }
        },
    };
    Ok(page(&question, fields, false).into_response())
}

pub(in crate::web) async fn close(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let done = command::round::close(&app.cx, &actor, RoundId(id)).await;
    after(RoundId(id), done, "The round is closed")
}

pub(in crate::web) async fn new_publication(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let id = RoundId(id);
    let (row, records) = runnable(&app.cx.store, &actor, id, Depth::Everything).await?;
    if row.round.state != RoundState::Closed {
        return Ok(back_to(id));
    }
    let today = app.cx.clock.today();
    let updates = records
        .iter()
        .flat_map(|r| &r.actions)
        .flat_map(|a| a.updates_at(today).filter(|u| u.round == Some(id)))
        .count();
    let question = Question {
        word: "Publish the round",
        question: format!("Publish {}?", row.round.label),
        consequence: format!(
            "{} can read {} with {} ratings from now on, in {}. This can’t be taken back.",
            app.cx.words().say("{Panel} members"),
            plural(updates, "update", "updates"),
            if updates == 1 { "its" } else { "their" },
            super::titles(&records),
        ),
        address: path::publish_round(id),
        button: "Publish the round",
        cancel: "No, don’t publish it yet",
        round: &row.round,
    };
    Ok(page(
        &question,
        paragraphs("Read the updates once more before you publish: no names of children or families."),
        false,
    )
    .into_response())
}

pub(in crate::web) async fn publish(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let done = command::round::publish(&app.cx, &actor, RoundId(id)).await;
    after(RoundId(id), done, "The round is published")
}

fn after(id: RoundId, done: Result<(), CommandError>, words: &str) -> Result<Response, WebError> {
    match done {
        Ok(()) => Ok(Redirect::to(path::round(id)).saying(words).into_response()),
        Err(CommandError::Stale) => Ok(back_to(id)),
        Err(other) => Err(other.into()),
    }
}
