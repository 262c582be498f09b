//! The history shows tampering: every event carries a link to the one before it, and one row says where the chain ends.
//!
//! The events of earlier versions get their links from the store, in the same transaction as this: hashing is no work for SQL.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::Table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            string_null("name_salt"),
            string_null("name_digest"),
            timestamp_with_time_zone_null("name_erased_at"),
            string_null("content_salt"),
            string_null("content_digest"),
            timestamp_with_time_zone_null("content_erased_at"),
            string_null("link"),
        ] {
            let mut alter = sea_orm_migration::prelude::Table::alter();
            manager.alter_table(alter.table("audit_event").add_column(column).to_owned()).await?;
        }
        // Both databases take this; sea-query has no form for a reference on a new column that SQLite takes.
        for sql in [
            "ALTER TABLE audit_event ADD COLUMN person_id bigint REFERENCES person (id) DEFERRABLE INITIALLY IMMEDIATE",
            "CREATE INDEX ix_audit_event_person_id ON audit_event (person_id)",
        ] {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Table::keyed("audit_head")
            .columns([big_integer("id").primary_key().take(), big_integer("events"), string("link")])
            .create(manager)
            .await
    }
}
