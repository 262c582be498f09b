//! Secret calendar feeds, each with the rights of the person who made it.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{On, Table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("feed")
            .columns([string_uniq("token_hash")])
            .refers("person_id", "person", On::Keep)
            .may_refer("plan_id", "plan")
            .columns([
                timestamp_with_time_zone("created_at"),
                timestamp_with_time_zone_null("last_fetched_at"),
            ])
            .create(manager)
            .await
    }
}
