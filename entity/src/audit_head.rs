//! Where the history's chain ends: one row, locked by whoever writes an event.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "audit_head")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// How many events there are.
    pub events: i64,
    /// The link of the last one.
    pub link: String,
}

impl ActiveModelBehavior for ActiveModel {}
