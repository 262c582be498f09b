//! The bytes of a message, apart from what is written of it again and again while it is sent: SQLite writes a row whole.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "outbox_text")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Unique.
    pub outbox_id: i64,
    /// The whole message as sent, ASCII.
    pub mime: String,
    #[sea_orm(belongs_to, from = "outbox_id", to = "id")]
    pub message: BelongsTo<super::outbox::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
