//! Short words for what every table here has: a table with columns, references to other tables, and their indexes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// What happens to a row when the row it refers to is deleted.
#[derive(Clone, Copy)]
pub(crate) enum On {
    /// The deletion is refused.
    Keep,
    /// The row, which only joins two others, goes too.
    Cascade,
}

/// A table with a counted `id` (unless it has a key of its own), columns and references.
pub(crate) struct Table {
    name: &'static str,
    create: TableCreateStatement,
    references: Vec<&'static str>,
}

impl Table {
    /// A table with a counted `id`.
    pub(crate) fn new(name: &'static str) -> Self {
        let mut table = Self::keyed(name);
        table.create.col(sea_orm_migration::schema::big_pk_auto("id"));
        table
    }

    /// A table whose primary key is added by the caller.
    pub(crate) fn keyed(name: &'static str) -> Self {
        let create = sea_orm_migration::prelude::Table::create().table(name).to_owned();
        Self { name, create, references: Vec::new() }
    }

    /// Columns, in the order given.
    pub(crate) fn columns(mut self, columns: impl IntoIterator<Item = ColumnDef>) -> Self {
        for column in columns {
            self.create.col(column);
        }
        self
    }

    /// A required reference.
    pub(crate) fn refers(self, column: &'static str, table: &'static str, on: On) -> Self {
        self.reference(sea_orm_migration::schema::big_integer(column), column, table, on)
    }

    /// A reference that may be empty.
    pub(crate) fn may_refer(self, column: &'static str, table: &'static str) -> Self {
        self.reference(sea_orm_migration::schema::big_integer_null(column), column, table, On::Keep)
    }

    fn reference(mut self, def: ColumnDef, column: &'static str, table: &'static str, on: On) -> Self {
        let action = match on {
            On::Keep => ForeignKeyAction::NoAction,
            On::Cascade => ForeignKeyAction::Cascade,
        };
        self.create.col(def).foreign_key(
            ForeignKey::create()
                .name(format!("fk_{}_{column}", self.name))
                .from(self.name, column)
                .to(table, "id")
                .on_delete(action),
        );
        self.references.push(column);
        self
    }

    /// Creates the table, then an index for every reference.
    ///
    /// On PostgreSQL the references are made deferrable, so that a restore can load rows that refer to later ones.
    pub(crate) async fn create(self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        manager.create_table(self.create).await?;
        for column in self.references {
            index(manager, self.name, &[column], false).await?;
            if manager.get_database_backend() == DbBackend::Postgres {
                let name = self.name;
                let sql = format!(
                    r#"ALTER TABLE "{name}" ALTER CONSTRAINT "fk_{name}_{column}" DEFERRABLE INITIALLY IMMEDIATE"#
                );
                manager.get_connection().execute_unprepared(&sql).await?;
            }
        }
        Ok(())
    }
}

/// An index over columns.
pub(crate) async fn index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
    unique: bool,
) -> Result<(), DbErr> {
    let prefix = if unique { "uq" } else { "ix" };
    let mut index =
        Index::create().name(format!("{prefix}_{table}_{}", columns.join("_"))).table(table).to_owned();
    for column in columns {
        index.col(*column);
    }
    if unique {
        index.unique();
    }
    manager.create_index(index).await
}

/// A unique index over columns.
pub(crate) async fn unique(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    index(manager, table, columns, true).await
}

/// Adds a column to a table that may have rows: it may be empty, or has a default.
pub(crate) async fn add_column(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: ColumnDef,
) -> Result<(), DbErr> {
    let mut alter = sea_orm_migration::prelude::Table::alter();
    manager.alter_table(alter.table(table).add_column(column).to_owned()).await
}

/// Adds a reference that may be empty, with its index, to a table that may have rows.
pub(crate) async fn add_reference(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &'static str,
    to: &'static str,
) -> Result<(), DbErr> {
    // Both databases take this; sea-query has no form of it for SQLite.
    let sql = format!(
        r#"ALTER TABLE "{table}" ADD COLUMN "{column}" bigint REFERENCES "{to}" ("id") DEFERRABLE INITIALLY IMMEDIATE"#
    );
    manager.get_connection().execute_unprepared(&sql).await?;
    index(manager, table, &[column], false).await
}
