//! What a mail is about that is written when it is queued: one row for each plan that it has to do with, so that it can be asked
//! again before it goes out whether that still waits. And the day on which an answer to a question was last changed.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{On, Table, add_column, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("outbox_about")
            .refers("outbox_id", "outbox", On::Keep)
            .refers("plan_id", "plan", On::Keep)
            .may_refer("update_id", "action_update")
            .may_refer("question_id", "question")
            .may_refer("resolution_id", "resolution")
            .create(manager)
            .await?;
        unique(manager, "outbox_about", &["outbox_id", "plan_id"]).await?;
        // They went under the kind of a round's mails, which are written anew for another address.
        let returned =
            r#"UPDATE "outbox" SET "kind" = 'returned' WHERE "unique_key" LIKE 'returned update %'"#;
        manager.get_connection().execute_unprepared(returned).await?;
        add_column(manager, "question", date_null("answer_changed_on")).await
    }
}
