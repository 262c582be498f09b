//! Who a person is at the council’s directory: set at their first single sign-on.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "identity")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The directory, as its tokens name it.
    pub issuer: String,
    /// The person there; unique with the issuer.
    pub subject: String,
    pub linked_at: DateTimeUtc,
    pub person_id: i64,
}

impl ActiveModelBehavior for ActiveModel {}
