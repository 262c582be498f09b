//! Backups: the whole database as lines of JSON, the same from SQLite and PostgreSQL.
//!
//! A backup of one can be restored into the other: that is how a council moves when it outgrows one machine. Sessions,
//! one-time links, the texts of mails that carry a link, known browsers, kept forms and what guessing costs are left out on
//! purpose: after a restore everyone signs in again.
//!
//! # Format
//!
//! The first line says what it is and which migrations the tables had; then one line per row, `{"table", "row"}`, in an
//! order in which rows can be added; the last line counts the rows, so that a torn file is noticed.

use std::{
    collections::HashSet,
    io::{BufRead, Write},
};

use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, IdenStatic,
    IntoActiveModel, Iterable, PaginatorTrait, PrimaryKeyToColumn, QueryOrder,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{Source, Store, StoreError, Tx};
use crate::domain::message::{MessageKind, holds_round_link};

/// The number of the format.
const FORMAT: u64 = 1;

/// Calls a function for every table that a backup holds, in an order in which rows can be added.
macro_rules! each_table {
    ($call:ident($($arg:expr),*)) => {
        each_table!(@ $call($($arg),*): person, identity, recovery_code, post, holding, panel, meeting, plan, role_grant, recommendation, action, assignment,
            cross_reference, round, round_plan, action_update, update_draft, evidence, evidence_figure, state_change, variation,
            deadline_revision, asked_by_phone, question, resolution, decided, panel_rating, conclusion, pack, feed, round_link, outbox, outbox_cause, outbox_response_cause, outbox_round, outbox_round_cause, outbox_about, outbox_text, notice, mail_policy, mail_preference, away, snooze, audit_event, audit_head, setting)
    };
    (@ $call:ident $args:tt: $($table:ident),+) => {
        $(each_table!(# $call $args $table);)+
    };
    (# $call:ident($($arg:expr),*) $table:ident) => {
        $call::<entity::$table::Entity>($($arg),*).await?;
    };
}

/// Writes a backup of one moment, and says how many rows it holds.
///
/// # Errors
/// [`StoreError`] if the database does not answer or the file can't be written.
pub async fn write(store: &Store, mut out: impl Write + Send) -> Result<u64, StoreError> {
    let migrations = store.applied_migrations().await?;
    // One snapshot: a row written while the backup runs is in it whole or not at all.
    let snapshot = store.snapshot().await?;
    let head = json!({ "scrutiny tracker backup": FORMAT, "migrations": migrations });
    writeln!(out, "{head}")?;
    let mut rows = 0;
    let mut accounts = HashSet::new();
    each_table!(dump(&snapshot, &mut out, &mut rows, &mut accounts));
    writeln!(out, "{}", json!({ "rows": rows }))?;
    out.flush()?;
    snapshot.rollback().await?;
    Ok(rows)
}

async fn dump<E>(
    from: &DatabaseTransaction,
    out: &mut (impl Write + Send),
    rows: &mut u64,
    accounts: &mut HashSet<i64>,
) -> Result<(), StoreError>
where
    E: EntityTrait,
    E::Model: Serialize,
{
    let mut select = E::find();
    for key in E::PrimaryKey::iter() {
        select = select.order_by_asc(key.into_column());
    }
    let table = E::default().table_name().to_owned();
    for model in select.all(from).await? {
        let row = serde_json::to_value(model).map_err(std::io::Error::other)?;
        if table == "outbox" && row["kind"] == MessageKind::Account.code() {
            accounts.extend(row["id"].as_i64());
        }
        // The bytes of some mails hold a token in clear: with them a backup would open accounts, or write in somebody's name.
        let of_account = row["outbox_id"].as_i64().is_some_and(|id| accounts.contains(&id));
        if table == "outbox_text" && (of_account || row["mime"].as_str().is_some_and(holds_round_link)) {
            continue;
        }
        writeln!(out, "{}", json!({ "table": table, "row": row }))?;
        *rows += 1;
    }
    Ok(())
}

/// Reads a backup into a database whose tables are empty, all or nothing, and says how many rows it held.
///
/// # Errors
/// [`StoreError::Backup`] where the file is torn, of another version, or the database is not empty.
pub async fn read(store: &Store, backup: impl BufRead + Send) -> Result<u64, StoreError> {
    let broken = |what: &str| StoreError::Backup(what.to_owned());
    let mut lines = backup.lines();
    let head: Value = match lines.next() {
        Some(line) => parse(&line?)?,
        None => return Err(broken("the file is empty")),
    };
    if head["scrutiny tracker backup"] != FORMAT {
        return Err(broken("this is no backup of Scrutiny Tracker, or one of another format"));
    }
    if head["migrations"] != json!(store.applied_migrations().await?) {
        return Err(broken("it was made by another version: restore it with that version, then update"));
    }
    let tx = store.begin().await?;
    let mut present = 0;
    each_table!(count(&tx, &mut present));
    if present > 0 {
        return Err(broken("the database is not empty: restore into a new one"));
    }
    defer_references(&tx).await?;
    let mut rows: u64 = 0;
    let mut told = None;
    for line in lines {
        let mut value = parse(&line?)?;
        if let Some(total) = value["rows"].as_u64() {
            told = Some(total);
            continue;
        }
        let table = value["table"].as_str().unwrap_or_default().to_owned();
        let mut row = Some(value["row"].take());
        each_table!(load(&tx, &table, &mut row));
        if row.is_some() {
            return Err(StoreError::Backup(format!("it names a table that is not known here: {table:?}")));
        }
        rows += 1;
    }
    if told != Some(rows) {
        return Err(broken("the end is missing: the file was cut off"));
    }
    each_table!(count_on(&tx));
    tx.commit().await?;
    Ok(rows)
}

fn parse(line: &str) -> Result<Value, StoreError> {
    serde_json::from_str(line).map_err(|e| StoreError::Backup(format!("a line is not whole: {e}")))
}

async fn count<E>(tx: &Tx, present: &mut u64) -> Result<(), StoreError>
where
    E: EntityTrait,
    E::Model: Sync,
{
    *present += E::find().count(tx.on()).await?;
    Ok(())
}

async fn load<E>(tx: &Tx, table: &str, row: &mut Option<Value>) -> Result<(), StoreError>
where
    E: EntityTrait,
    E::Model: DeserializeOwned + IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    if E::default().table_name() != table {
        return Ok(());
    }
    let Some(json) = row.take() else { return Ok(()) };
    let model: E::Model = serde_json::from_value(json)
        .map_err(|e| StoreError::Backup(format!("a row of {table} is not whole: {e}")))?;
    E::insert(model.into_active_model().reset_all()).exec_without_returning(tx.on()).await?;
    Ok(())
}

/// Lets PostgreSQL's counters go on after the highest identifier; SQLite does so by itself.
async fn count_on<E: EntityTrait>(tx: &Tx) -> Result<(), StoreError> {
    let table = E::default().table_name().to_owned();
    let counted = E::Column::iter().any(|c| c.as_str() == "id");
    if tx.on().get_database_backend() == DbBackend::Postgres && counted {
        let sql = format!(
            r#"SELECT setval(pg_get_serial_sequence('"{table}"', 'id'), (SELECT MAX(id) FROM "{table}"))"#
        );
        tx.on().execute_unprepared(&sql).await?;
    }
    Ok(())
}

/// References are checked at the end of the transaction, since rows refer to later ones too.
async fn defer_references(tx: &Tx) -> Result<(), StoreError> {
    let sql = match tx.on().get_database_backend() {
        DbBackend::Postgres => "SET CONSTRAINTS ALL DEFERRED",
        _ => "PRAGMA defer_foreign_keys = ON",
    };
    tx.on().execute_unprepared(sql).await?;
    Ok(())
}

/// Empties every table: only the demonstration does so, when it starts again.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn wipe(tx: &Tx) -> Result<(), StoreError> {
    defer_references(tx).await?;
    clear::<entity::session::Entity>(tx).await?;
    clear::<entity::one_time_link::Entity>(tx).await?;
    each_table!(clear(tx));
    Ok(())
}

async fn clear<E: EntityTrait>(tx: &Tx) -> Result<(), StoreError> {
    E::delete_many().exec(tx.on()).await?;
    Ok(())
}
