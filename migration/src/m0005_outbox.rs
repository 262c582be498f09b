//! The outbox: every message, with the causes it is sent for. A cause is unique for ever.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{On, Table, index, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("outbox")
            .columns([string_uniq("unique_key"), string("kind"), string("state"), date("office_day")])
            .may_refer("person_id", "person")
            .columns([
                text("to_name"),
                text("to_address"),
                string_uniq("message_id"),
                text_null("subject"),
                text_null("mime"),
                text_null("note"),
                integer("attempts"),
                boolean("uncertain"),
                timestamp_with_time_zone("next_attempt_at"),
                string_null("claim"),
                timestamp_with_time_zone_null("lease_until"),
                timestamp_with_time_zone("created_at"),
                timestamp_with_time_zone_null("handed_at"),
            ])
            .create(manager)
            .await?;
        index(manager, "outbox", &["state", "next_attempt_at"], false).await?;
        Table::new("outbox_cause")
            .refers("outbox_id", "outbox", On::Keep)
            .columns([string_uniq("unique_key")])
            .refers("person_id", "person", On::Keep)
            .refers("action_id", "action", On::Keep)
            .columns([string("rule")])
            .refers("revision_id", "deadline_revision", On::Keep)
            .columns([integer("occurrence"), date("office_day")])
            .create(manager)
            .await?;
        unique(manager, "outbox_cause", &["person_id", "action_id", "rule", "revision_id", "occurrence"])
            .await
    }
}
