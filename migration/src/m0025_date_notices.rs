//! What somebody is told of a date that was decided.

use sea_orm_migration::prelude::*;

use crate::table::add_reference;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_reference(manager, "notice", "revision_id", "deadline_revision").await
    }
}
