//! The database: the only floor that sees entities and sea-orm.
//!
//! Owns connecting, migrating, loading rows into the domain's values and saving them. It never decides anything: rules are
//! in [`crate::domain`], and who may do what, and in which order, in [`crate::command`].
//!
//! Pages read through a [`Store`]; commands write through a [`Tx`], which only they begin, but for the one statement that is a
//! transaction of its own ([`outbox::moving`]). Functions that read take either, as `&impl Source`.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    IsolationLevel, QueryResult, SqlErr, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait,
    sea_query::{Expr, UpdateStatement},
};

use crate::domain::installation::Installation;

pub mod action;
pub mod audit;
pub mod backup;
pub mod browser;
pub mod decision;
pub mod due;
pub mod feed;
pub mod identity;
pub mod installation;
pub mod kept_form;
pub mod link;
pub mod meeting;
pub mod notice;
pub mod outbox;
pub mod pack;
pub mod person;
pub mod phone;
pub mod plan;
pub mod policy;
pub mod post;
pub mod preference;
pub mod privacy;
pub mod question;
pub mod record;
pub mod round;
pub mod round_link;
pub mod round_mail;
pub mod search;
pub mod second_factor;
pub mod session;
pub mod setting;
pub mod throttle;
pub mod update;
pub mod wire;

/// The migration that brought the history's chain.
const AUDIT_CHAIN: &str = "m0008_audit_chain";

/// What can go wrong with the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or did not answer.
    #[error("the database: {0}")]
    Db(#[from] DbErr),
    /// A row holds something that this version does not understand.
    #[error("{table} {id}: {what} is not understood")]
    Row {
        /// The table.
        table: &'static str,
        /// The row's identifier.
        id: i64,
        /// The column and its value.
        what: String,
    },
    /// The address of the database is of no kind that is supported.
    #[error("{0:?} is no database address: use sqlite://FILE or postgres://...")]
    Address(String),
    /// There are events, and no head to chain the next one to: somebody tampered with the history.
    #[error("the head of the history was taken out: see `audit verify`, and restore a backup")]
    NoHead,
    /// A backup can't be read.
    #[error("the backup: {0}")]
    Backup(String),
    /// Something tries to write where only reading is allowed.
    #[error("only reading is allowed here")]
    ReadOnly,
    /// A file can't be read or written.
    #[error("{0}")]
    File(#[from] std::io::Error),
}

impl StoreError {
    /// Whether a unique key stood in the way: somebody else was first.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Db(e) if matches!(e.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))))
    }
}

/// PostgreSQL's lock of whoever writes, until the end of the transaction.
const WRITES: &str = "pg_advisory_xact_lock(7263548191)";

/// An open database. Clones share the connections, and the installation's settings as last read.
#[derive(Clone, Debug)]
pub struct Store {
    connection: DatabaseConnection,
    installation: Arc<RwLock<Arc<Installation>>>,
    read_only: bool,
}

/// A transaction that writes. Dropped without [`Tx::commit`], nothing has happened.
#[derive(Debug)]
pub struct Tx {
    transaction: DatabaseTransaction,
    installation: Arc<Installation>,
}

mod source {
    /// Something that can be read from.
    pub trait Source: Sync {
        /// sea-orm's connection under it.
        type Connection: sea_orm::ConnectionTrait;
        /// The connection.
        fn on(&self) -> &Self::Connection;
        /// The installation's settings, as last read.
        fn installation(&self) -> std::sync::Arc<crate::domain::installation::Installation>;
    }
}
pub(crate) use source::Source;

impl Source for Store {
    type Connection = DatabaseConnection;
    fn on(&self) -> &Self::Connection {
        &self.connection
    }
    fn installation(&self) -> Arc<Installation> {
        Self::installation(self)
    }
}

impl Source for Tx {
    type Connection = DatabaseTransaction;
    fn on(&self) -> &Self::Connection {
        &self.transaction
    }
    fn installation(&self) -> Arc<Installation> {
        Arc::clone(&self.installation)
    }
}

/// What is damaged in the database's own structures, in words; empty: whole.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn integrity(store: &Store) -> Result<Vec<String>, StoreError> {
    if store.connection.get_database_backend() == DbBackend::Postgres {
        // PostgreSQL keeps its references by itself and checks its pages where checksums are on.
        return Ok(Vec::new());
    }
    let mut damaged = Vec::new();
    for row in store
        .connection
        .query_all_raw(Statement::from_string(DbBackend::Sqlite, "PRAGMA integrity_check"))
        .await?
    {
        let word: String = row.try_get_by_index(0)?;
        if word != "ok" {
            damaged.push(word);
        }
    }
    for row in store
        .connection
        .query_all_raw(Statement::from_string(DbBackend::Sqlite, "PRAGMA foreign_key_check"))
        .await?
    {
        let table: String = row.try_get_by_index(0)?;
        damaged.push(format!("a row of {table} refers to one that is not there"));
    }
    Ok(damaged)
}

impl Store {
    /// The file of a SQLite database's address; none: it is another kind.
    pub fn file(url: &str) -> Option<PathBuf> {
        let rest = url.strip_prefix("sqlite:")?;
        let file = rest.strip_prefix("//").unwrap_or(rest);
        Some(PathBuf::from(file.split('?').next().unwrap_or(file)))
    }

    /// Opens a database: `sqlite://FILE` (made if it is not there) or `postgres://USER@HOST/NAME`.
    ///
    /// # Errors
    /// [`StoreError`] if it can't be opened.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let mut options = if let Some(file) = Self::file(url) {
            let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", file.display()));
            options.map_sqlx_sqlite_opts(|sqlite| {
                sqlite
                    .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
                    .synchronous(sqlx::sqlite::SqliteSynchronous::Full)
                    .foreign_keys(true)
                    .busy_timeout(Duration::from_secs(10))
            });
            options.max_connections(4);
            options
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let mut options = ConnectOptions::new(url);
            options.max_connections(16);
            options
        } else {
            return Err(StoreError::Address(url.to_owned()));
        };
        // One that was in use a moment ago is not asked first whether it is still there.
        options.test_before_acquire_if_idle_for(Duration::from_secs(1));
        options.sqlx_logging_level(tracing::log::LevelFilter::Trace).connect_timeout(Duration::from_secs(10));
        Ok(Self {
            connection: Database::connect(options).await?,
            installation: Arc::default(),
            read_only: false,
        })
    }

    /// The installation's settings as last read or saved here: no statement.
    pub fn installation(&self) -> Arc<Installation> {
        Arc::clone(&self.installation.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes settings as those that hold, until others are read. What is saved comes through here, and what a database in
    /// which nothing is saved begins with.
    pub fn take_installation(&self, installation: Installation) {
        *self.installation.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(installation);
    }

    /// Brings the tables up to date. Safe to run from several processes at once.
    ///
    /// # Errors
    /// [`StoreError`] if a migration fails.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        // One writing transaction round all of it: a second process waits, finds the tables up to date, and an update that
        // fails half-way leaves nothing behind. PostgreSQL lets two transactions create the same table at once, and then one
        // fails: there the lock makes them queue.
        let tx = self.begin().await?;
        if self.connection.get_database_backend() == DbBackend::Postgres {
            tx.transaction.execute_unprepared("SELECT pg_advisory_xact_lock(7263548190)").await?;
        }
        let chained =
            Migrator::get_applied_migrations(&tx.transaction).await?.iter().any(|m| m.name() == AUDIT_CHAIN);
        Migrator::up(&tx.transaction, None).await?;
        if !chained {
            audit::adopt(&tx).await?;
        }
        tx.commit().await
    }

    /// A transaction that reads: everything in it is as it was at one moment, whatever is written meanwhile.
    async fn snapshot(&self) -> Result<DatabaseTransaction, StoreError> {
        let isolation = (self.connection.get_database_backend() == DbBackend::Postgres)
            .then_some(IsolationLevel::RepeatableRead);
        Ok(self.connection.begin_with_config(isolation, None).await?)
    }

    /// The names of migrations that have not been run.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, StoreError> {
        let pending = Migrator::get_pending_migrations(&self.connection).await?;
        Ok(pending.iter().map(|m| m.name().to_owned()).collect())
    }

    /// The names of the migrations that have been run, in order.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn applied_migrations(&self) -> Result<Vec<String>, StoreError> {
        let applied = Migrator::get_applied_migrations(&self.connection).await?;
        Ok(applied.iter().map(|m| m.name().to_owned()).collect())
    }

    /// The same database, from which can only be read: whatever begins to write fails.
    pub fn reading_only(&self) -> Self {
        Self { read_only: true, ..self.clone() }
    }

    /// Begins a transaction that writes; there is only ever one at a time. Called by [`crate::command`] alone.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        if self.read_only {
            return Err(StoreError::ReadOnly);
        }
        // SQLite must take the write lock at once: a transaction that reads first and writes later fails as soon as
        // another has written in between, whatever the busy timeout is.
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = self.connection.begin_with_options(options).await?;
        // PostgreSQL would let two write at once, each by what it read before the other was done: two dates asked for on
        // one action, merges that end in a circle. Writing is short and rare here, so it takes turns as SQLite does.
        if self.connection.get_database_backend() == DbBackend::Postgres {
            transaction.execute_unprepared(&format!("SELECT {WRITES}")).await?;
        }
        Ok(Tx { transaction, installation: self.installation() })
    }

    /// One statement that is a transaction of its own and takes its turn like the others: one way to the database and back
    /// instead of four. Gives the rows that it returns.
    ///
    /// It has to ask by itself all that it depends on, and of no rows but those that it changes or locks: at what only those have
    /// become does PostgreSQL look again once its turn has come.
    async fn write_at_once(&self, mut update: UpdateStatement) -> Result<Vec<QueryResult>, StoreError> {
        if self.read_only {
            return Err(StoreError::ReadOnly);
        }
        if self.connection.get_database_backend() == DbBackend::Postgres {
            update.and_where(Expr::cust(format!("(SELECT TRUE FROM {WRITES})")));
        }
        Ok(self.connection.query_all(&update).await?)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError`] if it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.connection.ping().await?)
    }

    /// What kind of database it is, for people: "SQLite" or "PostgreSQL".
    pub fn kind(&self) -> &'static str {
        match self.connection.get_database_backend() {
            DbBackend::Postgres => "PostgreSQL",
            _ => "SQLite",
        }
    }

    /// Counts every statement from now on into the given counter: how the tests hold a page to its number of queries.
    pub fn count_statements(&mut self, counter: std::sync::Arc<std::sync::atomic::AtomicUsize>) {
        self.connection.set_metric_callback(move |_| {
            counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        });
    }
}

impl Tx {
    /// The installation's settings, as they were when it began.
    pub fn installation(&self) -> &Installation {
        &self.installation
    }

    /// Makes everything written in this transaction hold.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses; then nothing has happened.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.transaction.commit().await?)
    }
}

/// The value of a stored code; an error that names the row where this version does not know it.
fn code<T>(value: Option<T>, table: &'static str, id: i64, what: &str) -> Result<T, StoreError> {
    value.ok_or_else(|| StoreError::Row { table, id, what: what.to_owned() })
}
