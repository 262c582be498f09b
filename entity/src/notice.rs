//! What somebody is to be told in their next digest.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "notice")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub unique_key: String,
    /// A code of the domain’s `reminder::notice::Kind`.
    pub kind: String,
    pub person_id: i64,
    pub plan_id: i64,
    /// None: it went as a mail of its own, before notices were sections of a digest.
    pub action_id: Option<i64>,
    /// The update that was returned.
    pub update_id: Option<i64>,
    /// The question.
    pub question_id: Option<i64>,
    /// What the panel decided.
    pub resolution_id: Option<i64>,
    /// The date that was decided on.
    pub revision_id: Option<i64>,
    /// The day from which an action is theirs.
    pub from_day: Option<Date>,
    /// What it says.
    pub sentence: String,
    /// What it says besides, a line each.
    pub lines: String,
    pub noted_on: Date,
    /// The message in which it stands.
    pub outbox_id: Option<i64>,
    /// Why it is not said any more.
    pub settled: Option<String>,
    #[sea_orm(belongs_to, from = "person_id", to = "id")]
    pub person: BelongsTo<super::person::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
