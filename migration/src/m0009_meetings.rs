//! Panels, with who took over from them, and their meetings, each with its three dates. What plans and rounds said of both
//! in words becomes rows.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{On, Table, add_column, add_reference, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Table::new("panel")
            .columns([string_uniq("name"), date_null("ended_on"), integer("version")])
            .may_refer("successor_id", "panel")
            .create(manager)
            .await?;
        Table::new("meeting")
            .refers("panel_id", "panel", On::Keep)
            .columns([
                date("held_on"),
                date_null("updates_due_on"),
                date_null("papers_due_on"),
                date_null("agenda_on"),
                integer("version"),
            ])
            .create(manager)
            .await?;
        unique(manager, "meeting", &["panel_id", "held_on"]).await?;
        add_column(manager, "plan", date_null("sent_on")).await?;
        add_reference(manager, "plan", "panel_id", "panel").await?;
        add_reference(manager, "round", "meeting_id", "meeting").await?;
        for sql in WORDS_BECOME_ROWS {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

/// A round for a day without a body met as its first plan's panel. Of several rounds for one meeting the earliest day for
/// updates counts.
const WORDS_BECOME_ROWS: [&str; 10] = [
    "INSERT INTO panel (name, version) SELECT DISTINCT panel, 1 FROM plan WHERE panel IS NOT NULL",
    "UPDATE round SET meeting_of = (SELECT MIN(p.panel) FROM plan p JOIN round_plan rp ON rp.plan_id = p.id \
     WHERE rp.round_id = round.id) WHERE meeting_on IS NOT NULL AND meeting_of IS NULL",
    "UPDATE round SET meeting_of = 'Panel' WHERE meeting_on IS NOT NULL AND meeting_of IS NULL",
    "INSERT INTO panel (name, version) SELECT DISTINCT meeting_of, 1 FROM round \
     WHERE meeting_of IS NOT NULL AND meeting_of NOT IN (SELECT name FROM panel)",
    "UPDATE plan SET panel_id = (SELECT id FROM panel WHERE panel.name = plan.panel)",
    "INSERT INTO meeting (panel_id, held_on, updates_due_on, version) \
     SELECT panel.id, round.meeting_on, MIN(round.updates_due_on), 1 FROM round \
     JOIN panel ON panel.name = round.meeting_of WHERE round.meeting_on IS NOT NULL \
     GROUP BY panel.id, round.meeting_on",
    "UPDATE round SET meeting_id = (SELECT meeting.id FROM meeting JOIN panel ON panel.id = meeting.panel_id \
     WHERE panel.name = round.meeting_of AND meeting.held_on = round.meeting_on)",
    "ALTER TABLE plan DROP COLUMN panel",
    "ALTER TABLE round DROP COLUMN meeting_on",
    "ALTER TABLE round DROP COLUMN meeting_of",
];
