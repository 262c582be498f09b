//! Days on which somebody is away, and who is asked instead.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "away")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub person_id: i64,
    pub from_day: Date,
    pub until_day: Date,
    pub stand_in: String,
    /// Where a person stands in.
    pub deputy_id: Option<i64>,
    #[sea_orm(belongs_to, from = "person_id", to = "id")]
    pub person: BelongsTo<super::person::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
