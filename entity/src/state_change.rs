//! One change of an action’s state, with the day from which it holds.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "state_change")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub action_id: i64,
    /// A code of `State`.
    pub state: String,
    pub merged_into_id: Option<i64>,
    pub from_day: Date,
    pub reason: Option<String>,
    pub agreed_by: Option<String>,
    pub agreed_on: Option<Date>,
    pub minute: Option<String>,
    /// The update that said so.
    pub update_id: Option<i64>,
    pub recorded_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "action_id", to = "id")]
    pub action: BelongsTo<super::action::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
