//! Questions from the panel: one question with where it stands and what can be done; `question/list.rs` has all that
//! somebody may read, `question/form.rs` the words and the answer, `question/step.rs` passing on, withdrawing, resolving.
//!
//! A draft is its member's and the scrutiny officer's alone: to anybody else it is not there, which the record that is loaded
//! for them sees to.

use std::collections::HashMap;

use axum::extract::State;
use maud::{Markup, html};

use super::action::say;
use crate::{
    domain::{
        access::{Actor, Permission, may_on, readable},
        action::Action,
        id::{ActionId, PersonId, QuestionId},
        plan::Record,
        question::{Question, QuestionState},
    },
    link::path,
    store::{self, record::Depth},
    web::{
        App,
        address::Path,
        error::WebError,
        guard::Me,
        sheet::Sheet,
        view::{
            button::{Kind, button_group, link_button},
            kit::{self, Fact, Link, inset, notice, summary_list},
        },
    },
};

mod form;
mod list;
mod step;

pub(in crate::web) use form::{answer, create, edit, new, new_answer, update};
pub(in crate::web) use list::list;
pub(in crate::web) use step::{new_passing_on, new_resolution, new_withdrawal, pass_on, resolve, withdraw};

/// The longest question or answer, in characters.
const LONGEST: usize = 4_000;

/// People's names by number.
pub(in crate::web) type Names = HashMap<PersonId, String>;

/// A question with its plan, as somebody may read it.
struct Asked {
    record: Record,
    action: ActionId,
    id: QuestionId,
}

impl Asked {
    async fn find(app: &App, actor: &Actor, id: i64) -> Result<Self, WebError> {
        let id = QuestionId(id);
        let store = &app.cx.store;
        let action = store::question::action_of(store, id).await?.ok_or(WebError::NotFound)?;
        let record = store::record::of_action(store, actor, action, Depth::Current).await?;
        let (record, _) = readable(actor, record.ok_or(WebError::NotFound)?, app.cx.clock.today());
        let asked = Self { record, action, id };
        asked.question()?;
        Ok(asked)
    }

    /// The same for somebody who may do something to it: 403 where it is not theirs to do.
    async fn find_for(app: &App, actor: &Actor, id: i64, permission: Permission) -> Result<Self, WebError> {
        let asked = Self::find(app, actor, id).await?;
        may_on(actor, permission, &asked.record.plan, asked.action()?)?;
        Ok(asked)
    }

    /// The same for the member who drafted it. To another member it is there only once it has been passed on.
    async fn find_own(app: &App, actor: &Actor, id: i64) -> Result<Self, WebError> {
        let asked = Self::find_for(app, actor, id, Permission::DraftQuestion).await?;
        if asked.question()?.is_by(actor) { Ok(asked) } else { Err(WebError::NotFound) }
    }

    fn action(&self) -> Result<&Action, WebError> {
        self.record.action(self.action).ok_or(WebError::NotFound)
    }

    fn question(&self) -> Result<&Question, WebError> {
        self.action()?.questions.iter().find(|q| q.id == self.id).ok_or(WebError::NotFound)
    }

    /// The page of one of the forms, with the way back to the question.
    fn sheet(&self, title: &str, content: Markup) -> Result<Sheet, WebError> {
        let action = self.action()?;
        Ok(Sheet::new([format!("{title}: {}", action.label), self.record.plan.title.clone()], content)
            .back(path::question(self.id), "Back to the question"))
    }
}

/// The page of one question.
pub(in crate::web) async fn show(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let asked = Asked::find(&app, &actor, id).await?;
    let names = names(&app, [asked.question()?]).await?;
    let (record, action, question) = (&asked.record, asked.action()?, asked.question()?);
    let title = record.words.say("Question from the {panel}");
    let content = html! {
        h1 { span class="caption" { (action.label) " " (action.title()) " " } (title) }
        @if let (QuestionState::Returned, Some(comment)) = (question.state, &question.comment) {
            (notice("Returned to the member", html! { (kit::paragraphs(comment)) }))
        }
        (inset(say::prose(&question.text)))
        (summary_list(facts(record, action, question, &names)))
        (buttons(record, action, question, &actor))
    };
    Ok(Sheet::new([format!("{title} on {}", action.label), record.plan.title.clone()], content).crumbs([
        (path::QUESTIONS.to_owned(), "Questions".to_owned()),
        (path::action(action.id), action.label.clone()),
    ]))
}

fn facts<'a>(record: &Record, action: &Action, question: &Question, names: &Names) -> Vec<Fact<'a>> {
    let asked_by = asked_by(record, question, names);
    let mut facts = vec![
        Fact::new("State", html! { strong { (question.state.words()) } }),
        Fact::new("Action", say::action_link(action)),
        Fact::new("Plan", html! { a href=(path::plan(&record.plan.slug)) { (record.plan.title) } }),
        Fact::new("Asked by", html! { (asked_by) ", drafted on " (kit::day(question.drafted_on)) }),
    ];
    if let Some(on) = question.passed_on_on {
        facts.push(Fact::new("Passed on", kit::day(on)));
    }
    if let Some(words) = &question.answer {
        facts.push(Fact::new(
            "Answer",
            html! {
                (say::prose(words))
                p class="soft small" { (answered_by(record, action, question, names)) }
            },
        ));
    }
    if let Some(on) = question.resolved_on {
        facts.push(Fact::new("Resolved", kit::day(on)));
    }
    facts
}

/// What can be done now, by this reader.
fn buttons(record: &Record, action: &Action, question: &Question, actor: &Actor) -> Markup {
    let may = |permission| may_on(actor, permission, &record.plan, action).is_ok();
    let own = question.is_by(actor) && may(Permission::DraftQuestion);
    let id = question.id;
    let mut all = Vec::new();
    let mut add = |offered: bool, href: String, label: &str, kind| {
        if offered {
            all.push(link_button(Link::new(&href, label), kind));
        }
    };
    match question.state {
        QuestionState::Draft | QuestionState::Returned => {
            let waits = question.state == QuestionState::Draft;
            let passes = waits && may(Permission::PassOnQuestion);
            add(passes, path::pass_on_question(id), "Pass on or return", Kind::Primary);
            add(own, path::edit_question(id), "Change the question", Kind::Secondary);
            add(own, path::withdraw_question(id), "Withdraw it", Kind::Secondary);
        }
        QuestionState::Withdrawn => {}
        QuestionState::PassedOn => {
            add(may(Permission::AnswerQuestion), path::answer_question(id), "Answer", Kind::Primary);
        }
        QuestionState::Answered => {
            let resolves =
                may(Permission::ResolveQuestion) && question.may_be_resolved_by(actor, &record.plan).is_ok();
            add(resolves, path::resolve_question(id), "Resolve", Kind::Primary);
            let answers = may(Permission::AnswerQuestion);
            add(answers, path::answer_question(id), "Change the answer", Kind::Secondary);
        }
        QuestionState::Resolved => {}
    }
    let again = matches!(question.state, QuestionState::Answered | QuestionState::Resolved);
    let asks = again && may(Permission::DraftQuestion);
    add(asks, path::new_question(action.id), "Ask again", Kind::Secondary);
    html! { @if !all.is_empty() { (button_group(all)) } }
}

/// "Councillor Brown", or "a member of the panel" to whoever reads no names.
pub(in crate::web) fn asked_by(record: &Record, question: &Question, names: &Names) -> String {
    let name = question.drafted_by.and_then(|id| names.get(&id));
    name.cloned().unwrap_or_else(|| record.words.say("a member of the {panel}"))
}

/// "Answered on 30 January 2018 by Jane Smith, MAP Coordinator".
pub(in crate::web) fn answered_by(
    record: &Record,
    action: &Action,
    question: &Question,
    names: &Names,
) -> Markup {
    let name = question.answered_by.and_then(|id| names.get(&id));
    let post = question.answered_as(record, action);
    html! {
        "Answered"
        @if let Some(on) = question.answered_on { " on " (kit::day(on)) }
        @if let Some(on) = question.answer_changed_on { ", changed on " (kit::day(on)) }
        @match (name, post) {
            (Some(name), Some(post)) if post.starts_with(name.as_str()) => { " by " (post) },
            (Some(name), Some(post)) => { " by " (name) ", " (post) },
            (Some(name), None) => { " by " (name) },
            (None, _) => {},
        }
    }
}

/// The names of those who asked and answered: a statement only where there is a question.
pub(in crate::web) async fn names<'a>(
    app: &App,
    questions: impl IntoIterator<Item = &'a Question>,
) -> Result<Names, WebError> {
    let people: Vec<PersonId> =
        questions.into_iter().flat_map(|q| [q.drafted_by, q.answered_by]).flatten().collect();
    if people.is_empty() {
        return Ok(Names::new());
    }
    let everyone = store::person::all(&app.cx.store).await?;
    Ok(everyone
        .into_iter()
        .filter(|a| people.contains(&a.person.id))
        .map(|a| (a.person.id, a.person.name))
        .collect())
}
