//! A link that works once, e.g. to set a password. Holds a hash of the token.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "one_time_link")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// SHA-256 in hexadecimal.
    pub token_hash: String,
    /// A code of the domain’s `Purpose`.
    pub purpose: String,
    /// The address that it confirms, where it does.
    pub email: Option<String>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
    pub revoked_at: Option<DateTimeUtc>,
    pub person_id: i64,
}

impl ActiveModelBehavior for ActiveModel {}
