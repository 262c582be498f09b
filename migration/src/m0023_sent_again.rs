//! Which message another one is again.

use sea_orm_migration::prelude::*;

use crate::table::add_reference;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_reference(manager, "outbox", "again_of", "outbox").await
    }
}
