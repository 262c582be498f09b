//! Links with which a person writes their updates for one round without signing in; and which updates came that way.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{On, Table, add_column, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("round_link")
            .columns([
                string("token_hash"),
                timestamp_with_time_zone("created_at"),
                timestamp_with_time_zone_null("revoked_at"),
            ])
            .refers("round_id", "round", On::Keep)
            .refers("person_id", "person", On::Keep)
            .create(manager)
            .await?;
        unique(manager, "round_link", &["token_hash"]).await?;
        add_column(manager, "action_update", boolean("by_email_link").default(false).take()).await
    }
}
