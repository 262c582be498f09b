//! A code that stands in once for a lost authenticator. Holds a hash of the code.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "recovery_code")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Argon2id, in PHC form.
    pub code_hash: String,
    pub used_at: Option<DateTimeUtc>,
    pub person_id: i64,
}

impl ActiveModelBehavior for ActiveModel {}
