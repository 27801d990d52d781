//! Connection, transaction, dialect and migrations over SQLite and PostgreSQL.
//!
//! One non-generic facade hides the driver: slices hold SQL text with `$1` parameters and no driver types.
#![warn(missing_docs)]

mod collate;
mod dialect;
mod error;
mod many;
mod migrate;
mod migrations;
mod postgres;
mod row;
mod sqlite;
mod sqlite_text;
mod transaction;
mod value;

use std::path::PathBuf;
use std::sync::Arc;

pub use dialect::Dialect;
pub use error::DbError;
pub use migrate::{MigrationReport, migrate};
pub use row::{FromValue, Row};
pub use transaction::{Statement, Tx, Work};
pub use value::Value;

/// Where the data lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A SQLite file that need not survive a power cut, such as the demo's.
    ThrowAway(PathBuf),
    /// A PostgreSQL connection string (`postgres://…`).
    Postgres(String),
}

impl Location {
    /// Reads a setting: `postgres://…` or a path of a SQLite file.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Self::Postgres(text.to_owned())
        } else {
            Self::Sqlite(PathBuf::from(text.strip_prefix("sqlite:").unwrap_or(text)))
        }
    }
}

/// A database that is open. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    backend: Backend,
    counters: Arc<transaction::Counters>,
}

#[derive(Clone)]
enum Backend {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Db {
    /// Opens the database and checks that it answers. Does not migrate.
    ///
    /// # Errors
    /// When the file cannot be opened or the server does not answer.
    pub async fn open(location: &Location) -> Result<Self, DbError> {
        let backend = match location {
            Location::Sqlite(path) => Backend::Sqlite(sqlite::Sqlite::open(path, true)?),
            Location::ThrowAway(path) => Backend::Sqlite(sqlite::Sqlite::open(path, false)?),
            Location::Postgres(url) => Backend::Postgres(postgres::Postgres::open(url).await?),
        };
        Ok(Self { backend, counters: Arc::default() })
    }

    /// Which SQL is spoken where it differs.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        match self.backend {
            Backend::Sqlite(_) => Dialect::Sqlite,
            Backend::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Begins a transaction that writes. It is rolled back unless it is committed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin(&self) -> Result<Tx, DbError> {
        let tx = match &self.backend {
            Backend::Sqlite(sqlite) => sqlite.begin_write().await?,
            Backend::Postgres(postgres) => postgres.begin(false).await?,
        };
        Ok(tx.counted_by(&self.counters))
    }

    /// Begins a transaction that only reads, on a consistent state.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read(&self) -> Result<Tx, DbError> {
        let tx = match &self.backend {
            Backend::Sqlite(sqlite) => sqlite.begin_read().await?,
            Backend::Postgres(postgres) => postgres.begin(true).await?,
        };
        Ok(tx.counted_by(&self.counters))
    }

    /// What all transactions together have done since the database was opened.
    #[must_use]
    pub fn work(&self) -> Work {
        self.counters.now()
    }

    /// Writes a consistent copy of an embedded database to a new file.
    ///
    /// # Errors
    /// On PostgreSQL, whose own tools do this, and when the file cannot be written.
    pub async fn backup(&self, target: PathBuf) -> Result<(), DbError> {
        match &self.backend {
            Backend::Sqlite(sqlite) => sqlite.backup(target).await,
            Backend::Postgres(_) => Err(DbError::usage("a PostgreSQL database is backed up with pg_dump")),
        }
    }
}
