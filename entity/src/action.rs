//! The officers’ words, with the state that holds now; `state_change` holds how it came to it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "action")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub plan_id: i64,
    pub recommendation_id: Option<i64>,
    /// Place in the table, over the whole plan.
    pub position: i32,
    pub short_title: Option<String>,
    pub text: String,
    /// As written, "N/A" included.
    pub lead_wording: String,
    pub resource_wording: String,
    /// A code of `ResourceKind`.
    pub resource_kind: Option<String>,
    pub resource_pence: Option<i64>,
    /// A list of texts.
    pub themes: Json,
    /// A code of `State`: the last `state_change`, repeated here for reading.
    pub state: String,
    pub state_from: Option<Date>,
    pub merged_into_id: Option<i64>,
    /// None: came with the plan.
    pub added_on: Option<Date>,
    pub version: i32,
    #[sea_orm(belongs_to, from = "plan_id", to = "id")]
    pub plan: BelongsTo<super::plan::Entity>,
    #[sea_orm(belongs_to, from = "recommendation_id", to = "id")]
    pub recommendation: BelongsTo<Option<super::recommendation::Entity>>,
    #[sea_orm(has_many)]
    pub assignments: HasMany<super::assignment::Entity>,
    #[sea_orm(has_many)]
    pub updates: HasMany<super::action_update::Entity>,
    #[sea_orm(has_many)]
    pub revisions: HasMany<super::deadline_revision::Entity>,
    #[sea_orm(has_many)]
    pub state_changes: HasMany<super::state_change::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
