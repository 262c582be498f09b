//! The history of every change, and the settings of the installation.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{Table, index};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("audit_event")
            .columns([timestamp_with_time_zone("at"), date("office_day")])
            .may_refer("actor_id", "person")
            .columns([text("actor_name")])
            .may_refer("plan_id", "plan")
            .may_refer("action_id", "action")
            .columns([string("kind"), text("summary"), json_binary("detail")])
            .create(manager)
            .await?;
        index(manager, "audit_event", &["at"], false).await?;
        Table::keyed("setting")
            .columns([string("name").primary_key().take(), text("value")])
            .create(manager)
            .await
    }
}
