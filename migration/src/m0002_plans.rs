//! Plans, recommendations and actions: the words of the table, and who leads what.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{On, Table, index, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("plan")
            .columns([
                string_uniq("slug"),
                text("title"),
                string("kind"),
                text_null("panel"),
                text_null("origin_report"),
                date_null("origin_on"),
                text_null("agreed_by"),
                date_null("agreed_on"),
                text_null("director"),
                text_null("executive_member"),
                boolean("panel_grants_dates"),
                boolean("panel_confirms_completion"),
                boolean("live_to_panel"),
                string("years"),
                json_binary("rag_key"),
                text_null("source"),
                date_null("monitoring_ended_on"),
                text_null("monitoring_ended_by"),
                text_null("monitoring_note"),
                integer("version"),
            ])
            .refers("manager_post_id", "post", On::Keep)
            .create(manager)
            .await?;
        Table::new("recommendation")
            .refers("plan_id", "plan", On::Keep)
            .columns([
                integer("position"),
                string_null("printed_reference"),
                string_null("full_reference"),
                text("text"),
                string_null("response"),
                text_null("response_text"),
                date_null("response_on"),
                date_null("sent_on"),
                integer("version"),
            ])
            .create(manager)
            .await?;
        unique(manager, "recommendation", &["plan_id", "full_reference"]).await?;
        Table::new("action")
            .refers("plan_id", "plan", On::Keep)
            .may_refer("recommendation_id", "recommendation")
            .columns([
                integer("position"),
                string_null("short_title"),
                text("text"),
                text("lead_wording"),
                text("resource_wording"),
                string_null("resource_kind"),
                big_integer_null("resource_pence"),
                json_binary("themes"),
                string("state"),
                date_null("state_from"),
            ])
            .may_refer("merged_into_id", "action")
            .columns([date_null("added_on"), integer("version")])
            .create(manager)
            .await?;
        index(manager, "action", &["state"], false).await?;
        Table::new("assignment")
            .refers("action_id", "action", On::Keep)
            .columns([integer("position"), string("capacity")])
            .may_refer("post_id", "post")
            .may_refer("person_id", "person")
            .columns([text_null("named_person"), text_null("outside_body")])
            .create(manager)
            .await?;
        unique(manager, "assignment", &["action_id", "capacity", "position"]).await?;
        Table::new("cross_reference")
            .refers("from_action_id", "action", On::Cascade)
            .refers("to_action_id", "action", On::Cascade)
            .columns([text_null("wording")])
            .create(manager)
            .await
    }
}
