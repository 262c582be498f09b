//! A plan's own policy for mail, and what people choose about theirs: how often, when they are away, what is put off.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{On, Table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("mail_policy")
            .refers("plan_id", "plan", On::Keep)
            .columns([
                integer_null("first_days"),
                integer_null("second_working_days"),
                boolean("on_the_day"),
                integer("overdue_every_days"),
                integer("overdue_mails"),
                integer("quiet_days"),
                integer_null("round_first_working_days"),
                integer_null("round_second_working_days"),
                boolean("monday_mail"),
                boolean("escalates"),
                integer("listed_working_days"),
                integer("mailed_working_days"),
            ])
            .may_refer("director_post_id", "post")
            .columns([integer("version")])
            .create(manager)
            .await?;
        unique(manager, "mail_policy", &["plan_id"]).await?;
        Table::new("mail_preference")
            .refers("person_id", "person", On::Keep)
            .columns([string("frequency"), boolean("term_time_only"), integer("version")])
            .create(manager)
            .await?;
        unique(manager, "mail_preference", &["person_id"]).await?;
        Table::new("away")
            .refers("person_id", "person", On::Keep)
            .columns([date("from_day"), date("until_day"), string("stand_in")])
            .may_refer("deputy_id", "person")
            .create(manager)
            .await?;
        unique(manager, "away", &["person_id", "from_day"]).await?;
        Table::new("snooze")
            .refers("person_id", "person", On::Keep)
            .refers("action_id", "action", On::Keep)
            .columns([date("from_day"), date("until_day"), text("reason"), date("written_on")])
            .create(manager)
            .await
    }
}
