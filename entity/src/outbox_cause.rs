//! Why a message is sent: unique for ever by person, action, rule, deadline revision and occurrence.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "outbox_cause")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub outbox_id: i64,
    pub unique_key: String,
    pub person_id: i64,
    pub action_id: i64,
    /// A code of the domain’s `Rule`.
    pub rule: String,
    pub revision_id: i64,
    pub occurrence: i32,
    pub office_day: Date,
    #[sea_orm(belongs_to, from = "outbox_id", to = "id")]
    pub outbox: BelongsTo<super::outbox::Entity>,
    #[sea_orm(belongs_to, from = "action_id", to = "id")]
    pub action: BelongsTo<super::action::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
