//! What an update or an action can show for itself.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "evidence")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub action_id: i64,
    pub update_id: Option<i64>,
    pub title: String,
    /// A link.
    pub address: Option<String>,
    pub note: Option<String>,
    pub dated: Option<Date>,
    #[sea_orm(belongs_to, from = "update_id", to = "id")]
    pub update: BelongsTo<Option<super::action_update::Entity>>,
    #[sea_orm(has_many)]
    pub figures: HasMany<super::evidence_figure::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
