//! A signed-in browser. Holds a hash of the token, never the token.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// SHA-256 in hexadecimal.
    pub token_hash: String,
    /// A code of the domain’s `Way`.
    pub way: String,
    /// The password was right, the second factor is still to come: nobody is signed in yet.
    pub awaits_second_factor: bool,
    pub created_at: DateTimeUtc,
    /// When the person last showed that it is they.
    pub confirmed_at: DateTimeUtc,
    /// How often a code or a password was tried in it since the last right one.
    pub attempts: i32,
    /// The authenticator’s secret that is being set up in this browser, in Base32; the person’s own stays until then.
    pub second_factor_secret: Option<String>,
    pub last_seen_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub user_agent: Option<String>,
    /// The network address from which it was begun.
    pub address: Option<String>,
    pub person_id: i64,
    #[sea_orm(belongs_to, from = "person_id", to = "id")]
    pub person: BelongsTo<super::person::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
