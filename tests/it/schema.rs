//! The tables themselves: every reference is enforced and has an index.

use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};

use scrutiny_tracker::store::Store;

use crate::support::each_empty_database;

/// Every reference of every table: table, column.
const REFERENCES_SQLITE: &str = r#"SELECT m.name, f."from" FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"#;
const REFERENCES_POSTGRES: &str = "SELECT c.conrelid::regclass::text, a.attname::text FROM pg_constraint c \
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f'";
/// Whether some index of a table begins with a column.
const INDEXED_SQLITE: &str =
    "SELECT 1 FROM pragma_index_list(?) l, pragma_index_info(l.name) i WHERE i.seqno = 0 AND i.name = ?";
const INDEXED_POSTGRES: &str = "SELECT 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid \
    AND a.attnum = i.indkey[0] WHERE i.indrelid = $1::regclass AND a.attname = $2";

#[tokio::test]
async fn every_reference_has_an_index() {
    each_empty_database(async |site| {
        let db = Database::connect(&site.url).await.unwrap();
        let backend = db.get_database_backend();
        let (references, indexed) = match backend {
            DbBackend::Postgres => (REFERENCES_POSTGRES, INDEXED_POSTGRES),
            _ => (REFERENCES_SQLITE, INDEXED_SQLITE),
        };
        let rows = db.query_all_raw(Statement::from_string(backend, references)).await.unwrap();
        assert!(rows.len() > 25, "only {} references were found", rows.len());
        for row in rows {
            let table: String = row.try_get_by_index(0).unwrap();
            let column: String = row.try_get_by_index(1).unwrap();
            let name = [table.trim_matches('"').into(), column.clone().into()];
            let found =
                db.query_one_raw(Statement::from_sql_and_values(backend, indexed, name)).await.unwrap();
            assert!(found.is_some(), "{table}.{column} has no index");
        }
    })
    .await;
}

#[tokio::test]
async fn a_row_that_refers_to_nothing_is_refused() {
    each_empty_database(async |site| {
        let db = Database::connect(&site.url).await.unwrap();
        let orphan = "INSERT INTO role_grant (person_id, role) VALUES (4711, 'manager')";
        assert!(db.execute_unprepared(orphan).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn several_processes_can_bring_an_empty_database_up_to_date_at_once() {
    each_empty_database(async |site| {
        let db = Database::connect(&site.url).await.unwrap();
        let url = if db.get_database_backend() == DbBackend::Postgres {
            let name = format!("fresh_{}", std::process::id());
            db.execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE template0")).await.unwrap();
            let (before, after) = site.url.rsplit_once('/').unwrap();
            let options = after.split_once('?').map_or(String::new(), |(_, options)| format!("?{options}"));
            format!("{before}/{name}{options}")
        } else {
            format!("sqlite://{}", site.file("fresh.sqlite").display())
        };
        let stores = [Store::open(&url).await, Store::open(&url).await, Store::open(&url).await];
        let [a, b, c] = stores.map(Result::unwrap);
        let (a, b, c) = tokio::join!(a.migrate(), b.migrate(), c.migrate());
        for migrated in [a, b, c] {
            migrated.unwrap();
        }
        assert!(Store::open(&url).await.unwrap().pending_migrations().await.unwrap().is_empty());
    })
    .await;
}
