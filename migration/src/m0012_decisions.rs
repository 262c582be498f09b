//! What a panel resolved at a meeting, item by item; its own ratings; its conclusions on recommendations.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{On, Table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("resolution")
            .refers("meeting_id", "meeting", On::Keep)
            .columns([text("text"), text_null("minute"), date("decided_on")])
            .may_refer("recorded_by_id", "person")
            .columns([string_null("form_token"), integer("version"), timestamp_with_time_zone("recorded_at")])
            .create(manager)
            .await?;
        unique(manager, "resolution", &["form_token"]).await?;
        Table::new("decided")
            .refers("resolution_id", "resolution", On::Keep)
            .columns([integer("position"), string("kind"), string("outcome"), text_null("reason")])
            .may_refer("action_id", "action")
            .may_refer("recommendation_id", "recommendation")
            .may_refer("revision_id", "deadline_revision")
            .may_refer("state_change_id", "state_change")
            .may_refer("variation_id", "variation")
            .create(manager)
            .await?;
        Table::new("panel_rating")
            .refers("action_id", "action", On::Keep)
            .columns([string("rating"), text("reason"), date("from_day")])
            .may_refer("resolution_id", "resolution")
            .columns([timestamp_with_time_zone("recorded_at")])
            .create(manager)
            .await?;
        Table::new("conclusion")
            .refers("recommendation_id", "recommendation", On::Keep)
            .columns([string("conclusion"), text_null("reason"), date("from_day")])
            .may_refer("resolution_id", "resolution")
            .columns([timestamp_with_time_zone("recorded_at")])
            .create(manager)
            .await
    }
}
