//! A change of a recommendation’s words: the old ones stay beside the new.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "variation")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub recommendation_id: i64,
    pub round_id: Option<i64>,
    pub was: String,
    pub becomes: String,
    pub agreed_by: String,
    pub agreed_on: Option<Date>,
    pub known_from: Date,
    pub recorded_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "recommendation_id", to = "id")]
    pub recommendation: BelongsTo<super::recommendation::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
