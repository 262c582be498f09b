//! A post: what an action’s lead usually is.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "post")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Unique.
    pub name: String,
    /// The body that it belongs to, if not the council’s own.
    pub body: Option<String>,
    pub version: i32,
    #[sea_orm(has_many)]
    pub holdings: HasMany<super::holding::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
