//! Who leads an action or contributes to it, in the order written. Exactly one of post, person and body is set.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "assignment")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub action_id: i64,
    pub position: i32,
    /// "lead" or "contributor".
    pub capacity: String,
    pub post_id: Option<i64>,
    pub person_id: Option<i64>,
    /// The name that the wording gives beside the post.
    pub named_person: Option<String>,
    pub outside_body: Option<String>,
    #[sea_orm(belongs_to, from = "action_id", to = "id")]
    pub action: BelongsTo<super::action::Entity>,
    #[sea_orm(belongs_to, from = "person_id", to = "id")]
    pub person: BelongsTo<Option<super::person::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
