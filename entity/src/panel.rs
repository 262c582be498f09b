//! A panel, committee or commission, and who took over from it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "panel")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    /// The first day on which it is not there any more.
    pub ended_on: Option<Date>,
    pub version: i32,
    /// Who took over.
    pub successor_id: Option<i64>,
    #[sea_orm(has_many)]
    pub meetings: HasMany<super::meeting::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
