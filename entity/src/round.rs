//! A reporting round: its date is a day or a month.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "round")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub label: String,
    pub earliest: Date,
    pub latest: Date,
    /// A code of `RoundState`.
    pub state: String,
    pub opened_on: Option<Date>,
    pub closed_on: Option<Date>,
    pub published_on: Option<Date>,
    /// Of a round without a meeting; else the meeting says it.
    pub updates_due_on: Option<Date>,
    pub version: i32,
    pub meeting_id: Option<i64>,
    #[sea_orm(has_many, via = "round_plan")]
    pub plans: HasMany<super::plan::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
