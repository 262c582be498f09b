//! Why a digest speaks of a round: unique for ever by person, round, rule and occurrence.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "outbox_round_cause")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub outbox_id: i64,
    pub unique_key: String,
    pub person_id: i64,
    pub round_id: i64,
    /// A code of the domain’s `reminder::round::Rule`.
    pub rule: String,
    pub occurrence: i32,
    pub office_day: Date,
}

impl ActiveModelBehavior for ActiveModel {}
