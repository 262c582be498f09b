//! What the mail server said of an address, so that nothing but account mail goes there any more; and what the sending of
//! many messages notes of each: since when it waits written and untried, and when it was first refused.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add_column, index};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_column(manager, "person", date_null("address_refused_on")).await?;
        add_column(manager, "person", text_null("address_refused_note")).await?;
        add_column(manager, "outbox", timestamp_with_time_zone_null("prepared_at")).await?;
        add_column(manager, "outbox", timestamp_with_time_zone_null("first_refused_at")).await?;
        // The next of a kind is found without looking at all that wait.
        index(manager, "outbox", &["state", "kind", "next_attempt_at", "id"], false).await?;
        manager
            .drop_index(Index::drop().name("ix_outbox_state_next_attempt_at").table("outbox").to_owned())
            .await
    }
}
