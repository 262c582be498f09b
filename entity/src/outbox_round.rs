//! Which round a message asks for.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "outbox_round")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub outbox_id: i64,
    pub round_id: i64,
    /// A reminder; else it asks for the first time.
    pub again: bool,
    #[sea_orm(belongs_to, from = "outbox_id", to = "id")]
    pub outbox: BelongsTo<super::outbox::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
