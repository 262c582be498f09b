//! How often somebody guessed wrong, by account, network address or known browser, and how long they have to wait.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "throttle")]
pub struct Model {
    /// What is counted, as the domain’s `Counted`, and a SHA-256: "account 3f9a…".
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub failures: i32,
    pub last_at: DateTimeUtc,
    pub wait_until: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
