//! What somebody typed into a form that had outlived its session, until they sign in again.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "kept_form")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// SHA-256 in hexadecimal of the browser's token; one browser can have several forms.
    pub token_hash: String,
    /// Where it was sent.
    pub path: String,
    /// The fields in the order sent, as a JSON list of name and value; never a password or a code.
    pub fields: String,
    pub expires_at: DateTimeUtc,
    pub person_id: i64,
}

impl ActiveModelBehavior for ActiveModel {}
