//! One action’s text names another.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "cross_reference")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub from_action_id: i64,
    pub to_action_id: i64,
    pub wording: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
