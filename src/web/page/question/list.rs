//! Every question that somebody may read, by what it waits for. A member finds their own first.

use axum::extract::State;
use maud::{Markup, html};

use super::{Names, asked_by, names};
use crate::{
    domain::{
        access::{Actor, Permission, may, readable},
        action::Action,
        plan::Record,
        question::{Question, QuestionState},
        text,
    },
    link::path,
    store::{self, record::Depth},
    web::{
        App,
        error::WebError,
        guard::Me,
        page::action::say,
        sheet::Sheet,
        view::{
            kit::{self, details, empty},
            table::{Column, Row, Table, Width},
        },
    },
};

/// One question with what it is about.
#[derive(Clone, Copy)]
struct Line<'a> {
    record: &'a Record,
    action: &'a Action,
    question: &'a Question,
}

pub(in crate::web) async fn list(State(app): State<App>, Me(actor): Me) -> Result<Sheet, WebError> {
    let today = app.cx.clock.today();
    let records = store::record::all(&app.cx.store, &actor, Depth::Current).await?;
    let records: Vec<Record> = records.into_iter().map(|r| readable(&actor, r, today).0).collect();
    let mut all = Vec::new();
    for record in &records {
        for action in &record.actions {
            all.extend(action.questions.iter().map(|question| Line { record, action, question }));
        }
    }
    let names = names(&app, all.iter().map(|l| l.question)).await?;
    let words = app.cx.words();
    let title = words.say("Questions from the {panel}");
    let content = html! {
        h1 { (title) }
        @if all.is_empty() {
            (empty(
                "There is no question yet",
                words.say("A {panel} member asks one on the page of an action. It stands here once the scrutiny officer has passed it on."),
                None,
            ))
        } @else { (groups(&all, &actor, &names)) }
    };
    Ok(Sheet::new([title], content))
}

fn groups(all: &[Line<'_>], actor: &Actor, names: &Names) -> Markup {
    let drafts = may(actor, Permission::DraftQuestion).is_ok();
    let (mine, others): (Vec<Line<'_>>, Vec<Line<'_>>) =
        all.iter().partition(|line| drafts && line.question.is_by(actor));
    let of = |state| others.iter().filter(|l| l.question.state == state).copied().collect::<Vec<_>>();
    let passes = may(actor, Permission::PassOnQuestion).is_ok();
    let resolved = of(QuestionState::Resolved);
    html! {
        @if drafts { (table("My questions", &mine, names, "You have asked no question yet.")) }
        @if passes {
            (table("Waiting to be passed on", &of(QuestionState::Draft), names, "No question waits to be passed on."))
            (table("Returned to the member", &of(QuestionState::Returned), names, "No question is with its member."))
        }
        (table("Awaiting an answer", &of(QuestionState::PassedOn), names, "No question waits for an answer."))
        (table("Answered", &of(QuestionState::Answered), names, "No answer waits to be looked at."))
        @if !resolved.is_empty() {
            (details(
                &text::plural(resolved.len(), "resolved question", "resolved questions"),
                table("Resolved", &resolved, names, ""),
            ))
        }
    }
}

fn table(heading: &str, lines: &[Line<'_>], names: &Names, nothing: &str) -> Markup {
    let columns = [
        Column::new("Question").width(Width::Prose),
        Column::new("Action"),
        Column::new("Asked by"),
        Column::new("State"),
        Column::new("Since"),
    ];
    let rows = lines.iter().map(|line| {
        let Line { record, action, question } = line;
        Row::new([
            html! { a href=(path::question(question.id)) { (text::short_title(&question.text)) } },
            html! { (say::action_link(action)) div class="soft small" { (record.plan.title) } },
            html! { (asked_by(record, question, names)) },
            html! { (question.state.words()) },
            kit::day(question.since()),
        ])
    });
    html! {
        h2 { (heading) }
        @if lines.is_empty() { p class="soft" { (nothing) } }
        @else { (Table::new(heading, columns).caption_hidden().row_head(0).rows(rows)) }
    }
}
