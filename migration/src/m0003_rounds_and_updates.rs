//! Reporting rounds, updates with their evidence, changes of state, and variations of a recommendation.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{On, Table, index, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("round")
            .columns([
                string("label"),
                date("earliest"),
                date("latest"),
                string("state"),
                date_null("opened_on"),
                date_null("closed_on"),
                date_null("published_on"),
                date_null("updates_due_on"),
                date_null("meeting_on"),
                text_null("meeting_of"),
                integer("version"),
            ])
            .create(manager)
            .await?;
        Table::new("round_plan")
            .refers("round_id", "round", On::Cascade)
            .refers("plan_id", "plan", On::Cascade)
            .create(manager)
            .await?;
        unique(manager, "round_plan", &["round_id", "plan_id"]).await?;
        Table::new("action_update")
            .refers("action_id", "action", On::Keep)
            .may_refer("round_id", "round")
            .columns([
                text("narrative"),
                string("reported"),
                text_null("next_steps"),
                string_null("promise"),
                text_null("put_right"),
                text_null("outcome"),
                boolean("outcome_not_known"),
                date_null("speaks_of"),
                date_null("written_on"),
                timestamp_with_time_zone("recorded_at"),
            ])
            .may_refer("author_id", "person")
            .columns([text_null("entered_for"), string_null("received_by"), date_null("received_on")])
            .may_refer("supersedes_id", "action_update")
            .columns([boolean("is_latest"), string_null("form_token")])
            .create(manager)
            .await?;
        unique(manager, "action_update", &["form_token"]).await?;
        // At most one latest update per action, so that reading the current state needs no other.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX uq_action_update_latest ON action_update (action_id) WHERE is_latest",
            )
            .await?;
        Table::new("evidence")
            .refers("action_id", "action", On::Keep)
            .may_refer("update_id", "action_update")
            .columns([text("title"), text_null("address"), text_null("note"), date_null("dated")])
            .create(manager)
            .await?;
        Table::new("evidence_figure")
            .refers("evidence_id", "evidence", On::Cascade)
            .columns([integer("position"), text("label"), text("value")])
            .create(manager)
            .await?;
        Table::new("state_change")
            .refers("action_id", "action", On::Keep)
            .columns([string("state")])
            .may_refer("merged_into_id", "action")
            .columns([
                date("from_day"),
                text_null("reason"),
                text_null("agreed_by"),
                date_null("agreed_on"),
                text_null("minute"),
            ])
            .may_refer("update_id", "action_update")
            .columns([timestamp_with_time_zone("recorded_at")])
            .create(manager)
            .await?;
        index(manager, "state_change", &["action_id", "from_day"], false).await?;
        Table::new("variation")
            .refers("recommendation_id", "recommendation", On::Keep)
            .may_refer("round_id", "round")
            .columns([
                text("was"),
                text("becomes"),
                text("agreed_by"),
                date_null("agreed_on"),
                date("known_from"),
                timestamp_with_time_zone("recorded_at"),
            ])
            .create(manager)
            .await
    }
}
