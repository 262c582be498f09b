//! Databases of earlier versions: what is in them is still there after an update.

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend};

use scrutiny_tracker::{
    domain::access::Actor,
    store::{
        Store, outbox,
        record::{self, Depth},
    },
};

use crate::support::{Site, day, each_empty_database};

/// A database with its tables as they were after the first so many migrations, and its address.
pub(crate) async fn tables_after(site: &Site, migrations: u32) -> (DatabaseConnection, String) {
    let db = Database::connect(&site.url).await.unwrap();
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared("DROP SCHEMA public CASCADE").await.unwrap();
        db.execute_unprepared("CREATE SCHEMA public").await.unwrap();
        Migrator::up(&db, Some(migrations)).await.unwrap();
        return (db, site.url.clone());
    }
    let url = format!("sqlite://{}?mode=rwc", site.file("earlier.sqlite").display());
    let db = Database::connect(&url).await.unwrap();
    Migrator::up(&db, Some(migrations)).await.unwrap();
    (db, url)
}

#[tokio::test]
async fn panels_and_meetings_that_were_words_are_rows_after_the_update() {
    each_empty_database(async |site| {
        let (db, url) = tables_after(&site, 8).await;
        for sql in [
            "INSERT INTO post (id, name, version) VALUES (1, 'Risk and Resilience Manager', 1)",
            "INSERT INTO plan (id, slug, title, kind, panel, panel_grants_dates, panel_confirms_completion, live_to_panel, \
             years, rag_key, version, manager_post_id) VALUES (1, 'one', 'One', 'scrutiny_review', 'Children''s Panel', \
             true, true, false, 'financial', '{\"entries\": [], \"note\": null}', 1, 1)",
            "INSERT INTO plan (id, slug, title, kind, panel, panel_grants_dates, panel_confirms_completion, live_to_panel, \
             years, rag_key, version, manager_post_id) VALUES (2, 'two', 'Two', 'strategy', NULL, \
             true, true, false, 'financial', '{\"entries\": [], \"note\": null}', 1, 1)",
            "INSERT INTO round (id, label, earliest, latest, state, updates_due_on, meeting_on, meeting_of, version) VALUES \
             (1, 'June', '2026-06-01', '2026-06-30', 'closed', NULL, NULL, NULL, 1), \
             (2, 'Sept', '2026-09-21', '2026-09-21', 'planned', '2026-09-01', '2026-09-21', NULL, 1), \
             (3, 'Board', '2026-09-21', '2026-09-21', 'planned', '2026-08-28', '2026-09-21', 'Improvement Board', 1), \
             (4, 'Due', '2026-12-01', '2026-12-01', 'planned', '2026-11-20', NULL, NULL, 1)",
            "INSERT INTO round_plan (id, round_id, plan_id) VALUES (1, 1, 1), (2, 2, 1), (3, 3, 2), (4, 4, 2)",
        ] {
            db.execute_unprepared(sql).await.unwrap();
        }
        let store = Store::open(&url).await.unwrap();
        store.migrate().await.unwrap();
        let records = record::all(&store, &Actor::program("test"), Depth::Everything).await.unwrap();
        let [one, two] = records.as_slice() else { panic!("two plans") };
        assert_eq!(one.plan.panel.as_deref(), Some("Children's Panel"));
        assert_eq!(two.plan.panel, None);
        let said: Vec<_> = [one, two]
            .iter()
            .flat_map(|record| &record.rounds)
            .map(|round| {
                let of = round.meeting.as_ref().map(|m| m.panel_name.as_str());
                (round.label.as_str(), of, round.meeting_on, round.updates_due_on)
            })
            .collect();
        let meeting = Some(day("2026-09-21"));
        assert_eq!(
            said,
            [
                ("June", None, None, None),
                ("Sept", Some("Children's Panel"), meeting, Some(day("2026-09-01"))),
                ("Board", Some("Improvement Board"), meeting, Some(day("2026-08-28"))),
                ("Due", None, None, Some(day("2026-11-20"))),
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn the_bytes_of_mails_are_still_there_after_they_got_a_table_of_their_own() {
    each_empty_database(async |site| {
        let (db, url) = tables_after(&site, 23).await;
        for (id, mime) in [(1, "'kept'"), (2, "NULL"), (3, "'kept too'")] {
            let sql = format!(
                "INSERT INTO outbox (id, unique_key, kind, state, office_day, to_name, to_address, message_id, mime, attempts, \
                 uncertain, next_attempt_at, created_at) VALUES ({id}, 'mail {id}', 'reminder', 'queued', '2017-12-07', 'Somebody', \
                 'somebody@example.org', 'm{id}', {mime}, 0, false, '2017-12-07T09:00:00+00:00', '2017-12-07T09:00:00+00:00')"
            );
            db.execute_unprepared(&sql).await.unwrap();
        }
        let store = Store::open(&url).await.unwrap();
        store.migrate().await.unwrap();
        for (id, mime) in [(1, Some("kept")), (2, None), (3, Some("kept too"))] {
            assert_eq!(outbox::by_id(&store, id).await.unwrap().unwrap().mime.as_deref(), mime);
        }
    })
    .await;
}
