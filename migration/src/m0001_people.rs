//! People, the posts they hold, what they may do, and how they get in.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{On, Table, index, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("person")
            .columns([
                string("name"),
                string_uniq("email"),
                boolean("active"),
                string_null("password_hash"),
                integer("version"),
                timestamp_with_time_zone("created_at"),
            ])
            .create(manager)
            .await?;
        Table::new("post")
            .columns([string_uniq("name"), string_null("body"), integer("version")])
            .create(manager)
            .await?;
        Table::new("holding")
            .refers("post_id", "post", On::Keep)
            .refers("person_id", "person", On::Keep)
            .columns([date("from_day"), date_null("to_day"), boolean("acting")])
            .create(manager)
            .await?;
        Table::new("role_grant")
            .refers("person_id", "person", On::Keep)
            .columns([string("role")])
            .create(manager)
            .await?;
        unique(manager, "role_grant", &["person_id", "role"]).await?;
        Table::new("session")
            .columns([
                string_uniq("token_hash"),
                timestamp_with_time_zone("created_at"),
                timestamp_with_time_zone("last_seen_at"),
                timestamp_with_time_zone("expires_at"),
                string_null("user_agent"),
            ])
            .refers("person_id", "person", On::Keep)
            .create(manager)
            .await?;
        index(manager, "session", &["expires_at"], false).await?;
        Table::new("one_time_link")
            .columns([
                string_uniq("token_hash"),
                string("purpose"),
                timestamp_with_time_zone("created_at"),
                timestamp_with_time_zone("expires_at"),
                timestamp_with_time_zone_null("used_at"),
            ])
            .refers("person_id", "person", On::Keep)
            .create(manager)
            .await
    }
}
