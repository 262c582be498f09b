//! Accounts: rights plan by plan, second factors, identities at the council's directory, links by purpose, known browsers,
//! what slows guessing down, and forms that outlived their session.
//!
//! Sessions and one-time links are made anew: they are short-lived, and everyone can sign in again.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{On, Table, add_column, index, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            string_null("second_factor_secret"),
            timestamp_with_time_zone_null("second_factor_since"),
            big_integer_null("second_factor_step"),
            timestamp_with_time_zone_null("last_signed_in_at"),
            timestamp_with_time_zone_null("deactivated_at"),
            timestamp_with_time_zone_null("pseudonymised_at"),
        ] {
            add_column(manager, "person", column).await?;
        }
        add_column(manager, "plan", boolean("public").default(false).take()).await?;
        // No reference: links go when they are spent, the log stays.
        add_column(manager, "outbox", big_integer_null("link_id")).await?;
        rights_by_plan(manager).await?;
        for table in ["session", "one_time_link"] {
            manager.drop_table(sea_orm_migration::prelude::Table::drop().table(table).to_owned()).await?;
        }
        Table::new("session")
            .columns([
                string_uniq("token_hash"),
                string("way"),
                boolean("awaits_second_factor"),
                timestamp_with_time_zone("created_at"),
                timestamp_with_time_zone("confirmed_at"),
                integer("attempts").default(0).take(),
                string_null("second_factor_secret"),
                timestamp_with_time_zone("last_seen_at"),
                timestamp_with_time_zone("expires_at"),
                string_null("user_agent"),
                string_null("address"),
            ])
            .refers("person_id", "person", On::Keep)
            .create(manager)
            .await?;
        index(manager, "session", &["expires_at"], false).await?;
        Table::new("one_time_link")
            .columns([
                string_uniq("token_hash"),
                string("purpose"),
                string_null("email"),
                timestamp_with_time_zone("created_at"),
                timestamp_with_time_zone("expires_at"),
                timestamp_with_time_zone_null("used_at"),
                timestamp_with_time_zone_null("revoked_at"),
            ])
            .refers("person_id", "person", On::Keep)
            .create(manager)
            .await?;
        Table::new("recovery_code")
            .columns([string("code_hash"), timestamp_with_time_zone_null("used_at")])
            .refers("person_id", "person", On::Keep)
            .create(manager)
            .await?;
        Table::new("identity")
            .columns([string("issuer"), string("subject"), timestamp_with_time_zone("linked_at")])
            .refers("person_id", "person", On::Keep)
            .create(manager)
            .await?;
        unique(manager, "identity", &["issuer", "subject"]).await?;
        unique(manager, "identity", &["person_id", "issuer"]).await?;
        Table::new("known_browser")
            .columns([
                string("token_hash"),
                timestamp_with_time_zone("created_at"),
                timestamp_with_time_zone("last_used_at"),
            ])
            .refers("person_id", "person", On::Keep)
            .create(manager)
            .await?;
        // Several people can share a browser.
        unique(manager, "known_browser", &["token_hash", "person_id"]).await?;
        Table::new("kept_form")
            .columns([
                string("token_hash"),
                string("path"),
                text("fields"),
                timestamp_with_time_zone("expires_at"),
            ])
            .refers("person_id", "person", On::Keep)
            .create(manager)
            .await?;
        index(manager, "kept_form", &["token_hash"], false).await?;
        Table::keyed("throttle")
            .columns([
                string("key").primary_key().take(),
                integer("failures"),
                timestamp_with_time_zone("last_at"),
                timestamp_with_time_zone("wait_until"),
            ])
            .create(manager)
            .await
    }
}

/// A role can hold for one plan alone; nobody has the same twice.
async fn rights_by_plan(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let old = Index::drop().name("uq_role_grant_person_id_role").table("role_grant").to_owned();
    manager.drop_index(old).await?;
    // Both databases take this, and neither sea-query's form for SQLite nor an index over a null would do.
    for sql in [
        "ALTER TABLE role_grant ADD COLUMN plan_id bigint REFERENCES plan (id) DEFERRABLE INITIALLY IMMEDIATE",
        "CREATE INDEX ix_role_grant_plan_id ON role_grant (plan_id)",
        "CREATE UNIQUE INDEX uq_role_grant ON role_grant (person_id, role, COALESCE(plan_id, 0))",
    ] {
        manager.get_connection().execute_unprepared(sql).await?;
    }
    Ok(())
}
