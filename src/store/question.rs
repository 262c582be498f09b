//! Saves questions from the panel. They are read with their action: see [`super::record`].

use chrono::{DateTime, NaiveDate, Utc};
use entity::question;
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter,
};

use super::{Source, StoreError, Tx, action::Saved};
use crate::domain::{
    id::{ActionId, PersonId, QuestionId},
    question::QuestionState,
};

/// A question as a member drafts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewQuestion<'a> {
    /// The action.
    pub action: ActionId,
    /// The words.
    pub text: &'a str,
    /// Who drafts it.
    pub by: Option<PersonId>,
    /// The office day.
    pub on: NaiveDate,
    /// Unique to the form.
    pub form_token: Option<&'a str>,
}

/// Adds a draft.
///
/// # Errors
/// [`StoreError`] if the database refuses; [`StoreError::is_duplicate`] where the form was saved before.
pub async fn insert(tx: &Tx, new: &NewQuestion<'_>, now: DateTime<Utc>) -> Result<QuestionId, StoreError> {
    let row = question::ActiveModel {
        id: NotSet,
        action_id: Set(new.action.0),
        text: Set(new.text.to_owned()),
        state: Set(QuestionState::Draft.code().to_owned()),
        drafted_by_id: Set(new.by.map(|p| p.0)),
        drafted_on: Set(new.on),
        comment: Set(None),
        passed_on_on: Set(None),
        passed_on_by_id: Set(None),
        answer: Set(None),
        answered_on: Set(None),
        answered_by_id: Set(None),
        answer_changed_on: Set(None),
        resolved_on: Set(None),
        form_token: Set(new.form_token.map(str::to_owned)),
        version: Set(1),
        recorded_at: Set(now),
    }
    .insert(tx.on())
    .await?;
    Ok(QuestionId(row.id))
}

/// The question that a form made before, with its first words; none: it made none.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn by_form_token(
    from: &impl Source,
    token: &str,
) -> Result<Option<(QuestionId, String)>, StoreError> {
    let row = question::Entity::find().filter(question::Column::FormToken.eq(token)).one(from.on()).await?;
    Ok(row.map(|row| (QuestionId(row.id), row.text)))
}

/// The action that a question is about; none: there is no such question.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn action_of(from: &impl Source, id: QuestionId) -> Result<Option<ActionId>, StoreError> {
    let row = question::Entity::find_by_id(id.0).one(from.on()).await?;
    Ok(row.map(|row| ActionId(row.action_id)))
}

/// What happens to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// The member has changed the words: it waits for the scrutiny officer again.
    Reworded(&'a str),
    /// The member has withdrawn it.
    Withdrawn,
    /// The scrutiny officer has returned it, and why.
    Returned(&'a str),
    /// The scrutiny officer has passed it on.
    PassedOn {
        /// Who.
        by: Option<PersonId>,
        /// When.
        on: NaiveDate,
    },
    /// It has been answered.
    Answered {
        /// The answer.
        text: &'a str,
        /// Who.
        by: Option<PersonId>,
        /// When.
        on: NaiveDate,
    },
    /// The answer was changed. The day on which it was answered stays.
    AnswerChanged {
        /// The answer.
        text: &'a str,
        /// Who.
        by: Option<PersonId>,
        /// When.
        on: NaiveDate,
    },
    /// It is settled.
    Resolved(NaiveDate),
}

/// Takes a question one step on, if its version is still the one that was seen.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn step(tx: &Tx, id: QuestionId, version: i32, step: Step<'_>) -> Result<Saved, StoreError> {
    let mut row = question::ActiveModel { version: Set(version + 1), ..Default::default() };
    let state = match step {
        Step::Reworded(text) => {
            row.text = Set(text.to_owned());
            QuestionState::Draft
        }
        Step::Withdrawn => QuestionState::Withdrawn,
        Step::Returned(comment) => {
            row.comment = Set(Some(comment.to_owned()));
            QuestionState::Returned
        }
        Step::PassedOn { by, on } => {
            row.passed_on_by_id = Set(by.map(|p| p.0));
            row.passed_on_on = Set(Some(on));
            QuestionState::PassedOn
        }
        Step::Answered { text, by, on } => {
            row.answer = Set(Some(text.to_owned()));
            row.answered_by_id = Set(by.map(|p| p.0));
            row.answered_on = Set(Some(on));
            QuestionState::Answered
        }
        Step::AnswerChanged { text, by, on } => {
            row.answer = Set(Some(text.to_owned()));
            row.answered_by_id = Set(by.map(|p| p.0));
            row.answer_changed_on = Set(Some(on));
            QuestionState::Answered
        }
        Step::Resolved(on) => {
            row.resolved_on = Set(Some(on));
            QuestionState::Resolved
        }
    };
    row.state = Set(state.code().to_owned());
    let done = question::Entity::update_many()
        .set(row)
        .filter(question::Column::Id.eq(id.0))
        .filter(question::Column::Version.eq(version))
        .exec(tx.on())
        .await?;
    Ok(Saved::from_rows(done.rows_affected))
}
