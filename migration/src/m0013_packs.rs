//! The papers of a round as they were when it closed.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{On, Table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("pack")
            .refers("round_id", "round", On::Keep)
            .refers("plan_id", "plan", On::Keep)
            .columns([
                text("body"),
                text("record_check"),
                date("frozen_on"),
                timestamp_with_time_zone("recorded_at"),
            ])
            .create(manager)
            .await?;
        unique(manager, "pack", &["round_id", "plan_id"]).await
    }
}
