//! Why a message is sent about an executive response: like a message's other causes, unique for ever.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{On, Table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("outbox_response_cause")
            .refers("outbox_id", "outbox", On::Keep)
            .columns([string_uniq("unique_key")])
            .refers("person_id", "person", On::Keep)
            .refers("plan_id", "plan", On::Keep)
            .columns([string("rule"), date("sent_on"), integer("occurrence"), date("office_day")])
            .create(manager)
            .await?;
        unique(manager, "outbox_response_cause", &["person_id", "plan_id", "rule", "sent_on", "occurrence"])
            .await
    }
}
