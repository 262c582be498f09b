//! Which late updates stand in an addendum that has been published.

use sea_orm_migration::{prelude::*, schema::date_null};

use crate::table::add_column;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_column(manager, "action_update", date_null("released_on")).await
    }
}
