//! Who changed what, and when. Append-only.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "audit_event")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub at: DateTimeUtc,
    pub office_day: Date,
    pub actor_id: Option<i64>,
    pub actor_name: String,
    pub plan_id: Option<i64>,
    pub action_id: Option<i64>,
    /// A code of the command floor’s `Event`.
    pub kind: String,
    /// In plain words.
    pub summary: String,
    /// Before and after, by field.
    pub detail: Json,
}

impl ActiveModelBehavior for ActiveModel {}
