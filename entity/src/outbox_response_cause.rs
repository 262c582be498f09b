//! Why a message is sent about an executive response: unique for ever by person, plan, rule, day of sending and occurrence.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "outbox_response_cause")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub outbox_id: i64,
    pub unique_key: String,
    pub person_id: i64,
    pub plan_id: i64,
    /// A code of the domain’s `Rule`.
    pub rule: String,
    /// The day on which that was sent which awaits the response.
    pub sent_on: Date,
    pub occurrence: i32,
    pub office_day: Date,
}

impl ActiveModelBehavior for ActiveModel {}
