//! Questions from the panel: a member drafts one, a scrutiny officer passes it on or returns it, the lead answers, and whoever
//! asked or passed it on resolves it.
//!
//! # Why drafts leave no trace in a plan's history
//! Everyone who sees a plan reads its history, and a draft is its member's and the scrutiny officer's alone. So what happens
//! before it is passed on is written without plan and action, where only those look who look after the installation.

use super::{CommandError, Cx, Event, Now};
use crate::{
    domain::{
        access::{Actor, Permission, may_on},
        action::Action,
        id::{ActionId, QuestionId},
        plan::Record,
        question::{Question, QuestionState},
    },
    store::{
        self, StoreError, Tx,
        action::Saved,
        question::{NewQuestion, Step},
        record::Depth,
    },
};

mod mail;

pub use mail::Mailed;

/// What became of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drafted {
    /// A new draft.
    New(QuestionId),
    /// The same form was saved before: a double click, or the back button.
    Before(QuestionId),
}

/// Drafts a question on an action. Nobody but the member and the scrutiny officer sees it before it is passed on.
///
/// # Errors
/// [`CommandError::Refused`] where the plan is not monitored any more, or the form was saved before with other words.
pub async fn draft(
    cx: &Cx,
    actor: &Actor,
    action: ActionId,
    text: &str,
    form_token: Option<&str>,
) -> Result<Drafted, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let record =
        store::record::of_action(&tx, actor, action, Depth::Current).await?.ok_or(CommandError::NotFound)?;
    let action = record.action(action).ok_or(CommandError::NotFound)?;
    may_on(actor, Permission::DraftQuestion, &record.plan, action)?;
    if let Some(token) = form_token
        && let Some((before, words)) = store::question::by_form_token(&tx, token).await?
    {
        if words == text {
            return Ok(Drafted::Before(before));
        }
        let message = "This form was saved before, with other words. That question is kept: save again to ask this one too";
        return Err(CommandError::refused("text", message));
    }
    check_monitored(&record, "text", now)?;
    let new = NewQuestion { action: action.id, text, by: actor.person, on: now.today, form_token };
    let id = match store::question::insert(&tx, &new, now.at).await {
        // The other half of a double click was saved while this one was on its way.
        Err(error) if error.is_duplicate() => {
            drop(tx);
            let token = form_token.unwrap_or_default();
            let before = store::question::by_form_token(&cx.store, token).await?;
            return before.map(|(id, _)| Drafted::Before(id)).ok_or_else(|| error.into());
        }
        id => id?,
    };
    record_unseen(&tx, now, actor, "question.drafted", "A question was drafted").await?;
    tx.commit().await?;
    Ok(Drafted::New(id))
}

/// Changes the words of a question that has not been passed on; one that was returned waits for the officer again.
///
/// # Errors
/// [`CommandError::Stale`] where it was changed in the meantime; [`CommandError::Refused`] where it has been passed on.
pub async fn reword(
    cx: &Cx,
    actor: &Actor,
    id: QuestionId,
    version: i32,
    text: &str,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let found = Found::load(&tx, actor, id).await?;
    let question = found.own(actor)?;
    if !is_with_the_panel(question.state) {
        return Err(CommandError::refused("text", "It has been passed on: ask another question instead"));
    }
    save(&tx, question, version, Step::Reworded(text)).await?;
    record_unseen(&tx, now, actor, "question.reworded", "A question’s draft was changed").await?;
    tx.commit().await?;
    Ok(())
}

/// Withdraws a question that has not been passed on.
///
/// # Errors
/// [`CommandError::Refused`] where it has been passed on.
pub async fn withdraw(cx: &Cx, actor: &Actor, id: QuestionId) -> Result<ActionId, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let found = Found::load(&tx, actor, id).await?;
    let question = found.own(actor)?;
    if !is_with_the_panel(question.state) {
        return Err(CommandError::refused("", "It has been passed on, and can’t be withdrawn any more"));
    }
    save(&tx, question, question.version, Step::Withdrawn).await?;
    record_unseen(&tx, now, actor, "question.withdrawn", "A question’s draft was withdrawn").await?;
    tx.commit().await?;
    Ok(question.action)
}

/// Returns a question to the member who drafted it.
///
/// # Errors
/// [`CommandError::Stale`] where it was changed in the meantime; [`CommandError::Refused`] where it waits for nobody.
pub async fn give_back(
    cx: &Cx,
    actor: &Actor,
    id: QuestionId,
    version: i32,
    comment: &str,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let found = Found::load(&tx, actor, id).await?;
    let (_, question) = found.with(actor, Permission::PassOnQuestion)?;
    check_waits(question)?;
    save(&tx, question, version, Step::Returned(comment)).await?;
    record_unseen(&tx, now, actor, "question.returned", "A question’s draft was returned to its member")
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Passes a question on: from now on everyone who may read the plan reads it, and whoever leads the action is mailed in the
/// panel's name.
///
/// # Errors
/// [`CommandError::Stale`] where it was changed in the meantime: nobody passes on words that they have not read;
/// [`CommandError::Refused`] where it waits for nobody, or the plan is not monitored any more.
pub async fn pass_on(cx: &Cx, actor: &Actor, id: QuestionId, version: i32) -> Result<Mailed, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let found = Found::load(&tx, actor, id).await?;
    let (action, question) = found.with(actor, Permission::PassOnQuestion)?;
    check_waits(question)?;
    check_monitored(&found.record, "decision", now)?;
    save(&tx, question, version, Step::PassedOn { by: actor.person, on: now.today }).await?;
    let what = found.record.words.say("Question from the {panel} passed on, on");
    found.record_seen(&tx, now, actor, "question.passed-on", format!("{what} {}", action.label)).await?;
    let mailed = mail::send(&tx, &found.record, action, question, now).await?;
    tx.commit().await?;
    Ok(mailed)
}

/// Answers a question, or changes the answer before it is resolved.
///
/// # Errors
/// [`CommandError::Stale`] where somebody else answered in the meantime; [`CommandError::Refused`] where it is resolved.
pub async fn answer(
    cx: &Cx,
    actor: &Actor,
    id: QuestionId,
    version: i32,
    text: &str,
) -> Result<ActionId, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let found = Found::load(&tx, actor, id).await?;
    let (action, question) = found.with(actor, Permission::AnswerQuestion)?;
    match question.state {
        QuestionState::PassedOn | QuestionState::Answered => {}
        QuestionState::Resolved => {
            return Err(CommandError::refused(
                "answer",
                "This question is resolved: write an update instead",
            ));
        }
        // Nobody but its member and the officer knows of it.
        QuestionState::Draft | QuestionState::Returned | QuestionState::Withdrawn => {
            return Err(CommandError::NotFound);
        }
    }
    let was = question.answer.as_deref();
    if was == Some(text) {
        return Ok(action.id);
    }
    let step = match was {
        None => Step::Answered { text, by: actor.person, on: now.today },
        Some(_) => Step::AnswerChanged { text, by: actor.person, on: now.today },
    };
    save(&tx, question, version, step).await?;
    let (kind, what) = match was {
        None => ("question.answered", "Question from the {panel} answered, on"),
        Some(_) => ("question.answer-changed", "Answer to a question from the {panel} changed, on"),
    };
    let what = format!("{} {}", found.record.words.say(what), action.label);
    // Whoever read the first answer finds it in the history.
    let mut event = found.event(kind, what);
    if let Some(was) = was {
        event.detail["answer"] = serde_json::json!({ "from": was, "to": text });
    }
    super::record(&tx, now, actor, event).await?;
    tx.commit().await?;
    Ok(action.id)
}

/// Resolves a question that has been answered.
///
/// # Errors
/// [`CommandError::Stale`] where the answer was changed in the meantime: nobody settles words that they have not read;
/// [`CommandError::Denied`] for a member who did not ask it; [`CommandError::Refused`] where there is no answer yet.
pub async fn resolve(cx: &Cx, actor: &Actor, id: QuestionId, version: i32) -> Result<ActionId, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let found = Found::load(&tx, actor, id).await?;
    let (action, question) = found.with(actor, Permission::ResolveQuestion)?;
    question.may_be_resolved_by(actor, &found.record.plan)?;
    match question.state {
        QuestionState::Answered => {}
        // Pressed twice.
        QuestionState::Resolved => return Ok(action.id),
        _ => return Err(CommandError::refused("", "There is no answer yet")),
    }
    save(&tx, question, version, Step::Resolved(now.today)).await?;
    let what = found.record.words.say("Question from the {panel} resolved, on");
    found.record_seen(&tx, now, actor, "question.resolved", format!("{what} {}", action.label)).await?;
    tx.commit().await?;
    Ok(action.id)
}

/// Whether only the member and the scrutiny officer know of it.
fn is_with_the_panel(state: QuestionState) -> bool {
    matches!(state, QuestionState::Draft | QuestionState::Returned)
}

fn check_waits(question: &Question) -> Result<(), CommandError> {
    let why = match question.state {
        QuestionState::Draft => return Ok(()),
        QuestionState::Returned => "It has been returned to the member, who has not changed it yet",
        QuestionState::Withdrawn => "The member has withdrawn it",
        QuestionState::PassedOn | QuestionState::Answered | QuestionState::Resolved => {
            "It has been passed on already"
        }
    };
    Err(CommandError::refused("decision", why))
}

fn check_monitored(record: &Record, field: &'static str, now: Now) -> Result<(), CommandError> {
    if record.is_monitored(now.today) {
        return Ok(());
    }
    Err(CommandError::refused(field, "Monitoring of this plan has ended: nobody is asked any more"))
}

async fn save(tx: &Tx, question: &Question, version: i32, step: Step<'_>) -> Result<(), CommandError> {
    match store::question::step(tx, question.id, version, step).await? {
        Saved::Yes => Ok(()),
        Saved::Stale => Err(CommandError::Stale),
    }
}

async fn record_unseen(tx: &Tx, now: Now, actor: &Actor, kind: &str, what: &str) -> Result<(), StoreError> {
    let event =
        Event { plan: None, action: None, kind, summary: what.to_owned(), detail: serde_json::json!({}) };
    super::record(tx, now, actor, event).await
}

/// A question with its plan, for somebody who may know of it.
struct Found {
    record: Record,
    action: ActionId,
    id: QuestionId,
}

impl Found {
    async fn load(tx: &Tx, actor: &Actor, id: QuestionId) -> Result<Self, CommandError> {
        let action = store::question::action_of(tx, id).await?.ok_or(CommandError::NotFound)?;
        let record = store::record::of_action(tx, actor, action, Depth::Current).await?;
        let found = Self { record: record.ok_or(CommandError::NotFound)?, action, id };
        found.both()?;
        Ok(found)
    }

    fn both(&self) -> Result<(&Action, &Question), CommandError> {
        let action = self.record.action(self.action).ok_or(CommandError::NotFound)?;
        let question = action.questions.iter().find(|q| q.id == self.id).ok_or(CommandError::NotFound)?;
        Ok((action, question))
    }

    fn with(&self, actor: &Actor, permission: Permission) -> Result<(&Action, &Question), CommandError> {
        let (action, question) = self.both()?;
        may_on(actor, permission, &self.record.plan, action)?;
        Ok((action, question))
    }

    /// For the member who drafted it.
    fn own(&self, actor: &Actor) -> Result<&Question, CommandError> {
        let (_, question) = self.with(actor, Permission::DraftQuestion)?;
        if actor.person.is_none() || question.drafted_by != actor.person {
            return Err(CommandError::NotFound);
        }
        Ok(question)
    }

    async fn record_seen(
        &self,
        tx: &Tx,
        now: Now,
        actor: &Actor,
        kind: &str,
        summary: String,
    ) -> Result<(), StoreError> {
        super::record(tx, now, actor, self.event(kind, summary)).await
    }

    fn event<'a>(&self, kind: &'a str, summary: String) -> Event<'a> {
        Event {
            plan: Some(self.record.plan.id),
            action: Some(self.action),
            kind,
            summary,
            detail: serde_json::json!({ "question": self.id.0 }),
        }
    }
}
