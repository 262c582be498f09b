//! The panel’s own rating of an action, from a day on.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "panel_rating")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub action_id: i64,
    /// A code of `Rating`.
    pub rating: String,
    pub reason: String,
    pub from_day: Date,
    pub resolution_id: Option<i64>,
    pub recorded_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "action_id", to = "id")]
    pub action: BelongsTo<super::action::Entity>,
    #[sea_orm(belongs_to, from = "resolution_id", to = "id")]
    pub resolution: BelongsTo<Option<super::resolution::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
