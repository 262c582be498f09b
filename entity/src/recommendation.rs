//! The panel’s words.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "recommendation")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub plan_id: i64,
    pub position: i32,
    /// "Aiii", "ii".
    pub printed_reference: Option<String>,
    /// "Aiii", "I-ii"; unique in its plan.
    pub full_reference: Option<String>,
    pub text: String,
    /// A code of `Response`.
    pub response: Option<String>,
    pub response_text: Option<String>,
    pub response_on: Option<Date>,
    pub sent_on: Option<Date>,
    pub version: i32,
    #[sea_orm(belongs_to, from = "plan_id", to = "id")]
    pub plan: BelongsTo<super::plan::Entity>,
    #[sea_orm(has_many)]
    pub actions: HasMany<super::action::Entity>,
    #[sea_orm(has_many)]
    pub variations: HasMany<super::variation::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
