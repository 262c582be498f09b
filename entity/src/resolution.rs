//! What a panel resolved at a meeting, in one text.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "resolution")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub meeting_id: i64,
    pub text: String,
    /// The minute reference; none: awaited.
    pub minute: Option<String>,
    pub decided_on: Date,
    pub recorded_by_id: Option<i64>,
    /// Unique: a form sent twice is recorded once.
    pub form_token: Option<String>,
    pub version: i32,
    pub recorded_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "meeting_id", to = "id")]
    pub meeting: BelongsTo<super::meeting::Entity>,
    #[sea_orm(has_many)]
    pub decided: HasMany<super::decided::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
