//! The bytes of messages in a table of their own: SQLite writes a row whole, and each is written twice while it is sent. And what
//! could bring a mail is found in indexes alone: near deadlines, and what nobody has answered.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{On, Table as New, index, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        New::new("outbox_text")
            .refers("outbox_id", "outbox", On::Keep)
            .columns([text("mime")])
            .create(manager)
            .await?;
        unique(manager, "outbox_text", &["outbox_id"]).await?;
        let moved = r#"INSERT INTO "outbox_text" ("outbox_id", "mime") SELECT "id", "mime" FROM "outbox" WHERE "mime" IS NOT NULL ORDER BY "id""#;
        manager.get_connection().execute_unprepared(moved).await?;
        manager.alter_table(Table::alter().table("outbox").drop_column("mime").to_owned()).await?;
        index(manager, "recommendation", &["response", "sent_on"], false).await?;
        index(manager, "deadline_revision", &["latest", "action_id"], false).await?;
        let narrower =
            Index::drop().name("ix_deadline_revision_latest").table("deadline_revision").to_owned();
        manager.drop_index(narrower).await
    }
}
