//! What a digest can be about besides deadlines: rounds, and notices, which go out as sections of it. The stages of a deadline
//! get names without figures, because every plan can have its own.

use sea_orm_migration::{
    prelude::{Table as Any, *},
    schema::*,
};

use crate::table::{On, Table, index};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for table in ["outbox_cause", "outbox_response_cause"] {
            for (old, new) in [("fourteen_days", "first"), ("three_working_days", "second")] {
                let sql = format!(
                    r#"UPDATE "{table}" SET "rule" = '{new}', "unique_key" = REPLACE("unique_key", ' {old} ', ' {new} ') WHERE "rule" = '{old}'"#
                );
                db.execute_unprepared(&sql).await?;
            }
        }
        Table::new("outbox_round_cause")
            .refers("outbox_id", "outbox", On::Keep)
            .columns([string_uniq("unique_key")])
            .refers("person_id", "person", On::Keep)
            .refers("round_id", "round", On::Keep)
            .columns([string("rule"), integer("occurrence"), date("office_day")])
            .create(manager)
            .await?;
        Table::new("notice")
            .columns([string_uniq("unique_key"), string("kind")])
            .refers("person_id", "person", On::Keep)
            .refers("plan_id", "plan", On::Keep)
            .may_refer("action_id", "action")
            .may_refer("update_id", "action_update")
            .may_refer("question_id", "question")
            .may_refer("resolution_id", "resolution")
            .columns([date_null("from_day"), text("sentence"), text("lines"), date("noted_on")])
            .may_refer("outbox_id", "outbox")
            .columns([string_null("settled")])
            .create(manager)
            .await?;
        // What was sent as a mail of its own: with its plans, for those who read the log.
        let moved = r#"INSERT INTO "notice" ("unique_key", "kind", "person_id", "plan_id", "update_id", "question_id", "resolution_id", "sentence", "lines", "noted_on", "outbox_id")
            SELECT 'message ' || a."outbox_id" || ' plan ' || a."plan_id", o."kind", o."person_id", a."plan_id", a."update_id", a."question_id", a."resolution_id", '', '', o."office_day", a."outbox_id"
            FROM "outbox_about" a JOIN "outbox" o ON o."id" = a."outbox_id" WHERE o."person_id" IS NOT NULL"#;
        db.execute_unprepared(moved).await?;
        manager.drop_table(Any::drop().table("outbox_about").to_owned()).await?;
        // What could be due is looked for by the deadline's last day.
        index(manager, "deadline_revision", &["latest"], false).await
    }
}
