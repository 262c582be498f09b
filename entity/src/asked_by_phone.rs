//! That somebody was asked for their updates by phone.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "asked_by_phone")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub round_id: i64,
    pub plan_id: i64,
    /// The post or person, in words.
    pub whom: String,
    pub asked_on: Date,
    pub note: Option<String>,
    pub by_id: Option<i64>,
    pub recorded_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "by_id", to = "id")]
    pub by: BelongsTo<Option<super::person::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
