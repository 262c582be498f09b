//! A secret calendar feed, with the rights of the person who made it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "feed")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// SHA-256 of the token in its address.
    pub token_hash: String,
    pub person_id: i64,
    /// The one plan that it is about; none: the person’s own actions.
    pub plan_id: Option<i64>,
    pub created_at: DateTimeUtc,
    pub last_fetched_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
