//! A meeting of a panel, with the three dates before it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "meeting")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub panel_id: i64,
    pub held_on: Date,
    pub updates_due_on: Option<Date>,
    pub papers_due_on: Option<Date>,
    pub agenda_on: Option<Date>,
    pub version: i32,
    #[sea_orm(belongs_to, from = "panel_id", to = "id")]
    pub panel: BelongsTo<super::panel::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
