//! Questions from the panel, with their answers.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{On, Table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("question")
            .refers("action_id", "action", On::Keep)
            .columns([text("text"), string("state")])
            .may_refer("drafted_by_id", "person")
            .columns([date("drafted_on"), text_null("comment"), date_null("passed_on_on")])
            .may_refer("passed_on_by_id", "person")
            .columns([text_null("answer"), date_null("answered_on")])
            .may_refer("answered_by_id", "person")
            .columns([
                date_null("resolved_on"),
                string_null("form_token"),
                integer("version"),
                timestamp_with_time_zone("recorded_at"),
            ])
            .create(manager)
            .await?;
        unique(manager, "question", &["form_token"]).await
    }
}
