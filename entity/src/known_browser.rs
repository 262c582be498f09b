//! A browser in which a person has signed in before: throttled apart from strangers. Holds a hash of the token.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "known_browser")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// SHA-256 in hexadecimal; once for each person who shares the browser.
    pub token_hash: String,
    pub created_at: DateTimeUtc,
    pub last_used_at: DateTimeUtc,
    pub person_id: i64,
}

impl ActiveModelBehavior for ActiveModel {}
