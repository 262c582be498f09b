//! What a message is about that was written when it was queued.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row for each plan.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "outbox_about")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub outbox_id: i64,
    pub plan_id: i64,
    /// The update that was returned.
    pub update_id: Option<i64>,
    /// The question.
    pub question_id: Option<i64>,
    /// What the panel decided.
    pub resolution_id: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
