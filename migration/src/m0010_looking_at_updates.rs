//! Updates that somebody looks at first, that are not for publication, or that are not finished; who was asked by phone.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{On, Table, add_column, add_reference, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_column(manager, "plan", boolean("manager_looks_first").default(false).take()).await?;
        for column in [
            boolean("continuing").default(false).take(),
            string_null("review"),
            text_null("review_comment"),
            date_null("reviewed_on"),
            integer_null("exempt_paragraph"),
            text_null("cleared_by"),
            date_null("cleared_on"),
        ] {
            add_column(manager, "action_update", column).await?;
        }
        add_reference(manager, "action_update", "reviewed_by_id", "person").await?;
        Table::new("update_draft")
            .refers("action_id", "action", On::Keep)
            .refers("person_id", "person", On::Keep)
            .columns([text("fields"), timestamp_with_time_zone("saved_at")])
            .create(manager)
            .await?;
        unique(manager, "update_draft", &["action_id", "person_id"]).await?;
        Table::new("asked_by_phone")
            .refers("round_id", "round", On::Keep)
            .refers("plan_id", "plan", On::Keep)
            .columns([text("whom"), date("asked_on"), text_null("note")])
            .may_refer("by_id", "person")
            .columns([timestamp_with_time_zone("recorded_at")])
            .create(manager)
            .await
    }
}
