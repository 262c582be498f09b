//! One thing that was put to a panel, and what it said.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "decided")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub resolution_id: i64,
    pub position: i32,
    /// A code of `decision::Kind`.
    pub kind: String,
    /// A code of `Outcome`.
    pub outcome: String,
    pub reason: Option<String>,
    pub action_id: Option<i64>,
    pub recommendation_id: Option<i64>,
    pub revision_id: Option<i64>,
    pub state_change_id: Option<i64>,
    pub variation_id: Option<i64>,
    #[sea_orm(belongs_to, from = "resolution_id", to = "id")]
    pub resolution: BelongsTo<super::resolution::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
