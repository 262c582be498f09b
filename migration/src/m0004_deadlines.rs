//! Deadlines: the original of each action (number 0) and every revision that was asked for, with what was decided.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{On, Table, index, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("deadline_revision")
            .refers("action_id", "action", On::Keep)
            .columns([
                integer("number"),
                text("wording"),
                date_null("earliest"),
                date_null("latest"),
                text("how_read"),
                text_null("reason"),
                text_null("asked_by"),
            ])
            .may_refer("asked_by_id", "person")
            .may_refer("asked_in_round_id", "round")
            .columns([
                date_null("asked_on"),
                date("known_from"),
                string_null("decision"),
                date_null("decided_on"),
                string_null("decider"),
                text_null("decided_by"),
                text_null("decision_reason"),
                timestamp_with_time_zone("recorded_at"),
            ])
            .create(manager)
            .await?;
        unique(manager, "deadline_revision", &["action_id", "number"]).await?;
        index(manager, "deadline_revision", &["latest"], false).await
    }
}
