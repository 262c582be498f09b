//! Which round a mail asks for: one row beside a message that somebody sent by opening a round or pressing *Send a reminder*.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{On, Table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("outbox_round")
            .refers("outbox_id", "outbox", On::Keep)
            .refers("round_id", "round", On::Keep)
            .columns([boolean("again")])
            .create(manager)
            .await?;
        unique(manager, "outbox_round", &["outbox_id", "round_id"]).await
    }
}
