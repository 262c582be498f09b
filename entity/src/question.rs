//! A question from the panel, and its answer.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "question")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub action_id: i64,
    pub text: String,
    /// A code of `QuestionState`.
    pub state: String,
    pub drafted_by_id: Option<i64>,
    pub drafted_on: Date,
    /// Why it was returned to whoever drafted it.
    pub comment: Option<String>,
    pub passed_on_on: Option<Date>,
    pub passed_on_by_id: Option<i64>,
    pub answer: Option<String>,
    pub answered_on: Option<Date>,
    /// Who wrote the answer as it is now.
    pub answered_by_id: Option<i64>,
    pub resolved_on: Option<Date>,
    /// Unique: a form sent twice makes one question.
    pub form_token: Option<String>,
    pub version: i32,
    pub recorded_at: DateTimeUtc,
    /// When the answer was last changed.
    pub answer_changed_on: Option<Date>,
    #[sea_orm(belongs_to, from = "action_id", to = "id")]
    pub action: BelongsTo<super::action::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
