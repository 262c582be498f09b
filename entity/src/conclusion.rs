//! The panel’s conclusion on a recommendation, from a day on.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "conclusion")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub recommendation_id: i64,
    /// A code of `Verdict`.
    pub conclusion: String,
    pub reason: Option<String>,
    pub from_day: Date,
    pub resolution_id: Option<i64>,
    pub recorded_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "recommendation_id", to = "id")]
    pub recommendation: BelongsTo<super::recommendation::Entity>,
    #[sea_orm(belongs_to, from = "resolution_id", to = "id")]
    pub resolution: BelongsTo<Option<super::resolution::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
