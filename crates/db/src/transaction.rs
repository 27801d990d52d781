//! Transactions: where every statement runs.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use kernel::{Error, Result};

use crate::dialect::Dialect;
use crate::error::DbError;
use crate::{Row, Value, postgres, sqlite};

/// A statement's text: a constant, or built from constants.
pub type Statement = Cow<'static, str>;

/// What went through an open database so far: the difference of two of these is what a page or an action took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Statements; a batch counts as one.
    pub statements: u64,
    /// Rows that were added, changed or removed, whether or not that was committed.
    pub rows_written: u64,
}

impl Work {
    /// What was done since `before`.
    #[must_use]
    pub const fn since(self, before: Self) -> Self {
        Self {
            statements: self.statements.saturating_sub(before.statements),
            rows_written: self.rows_written.saturating_sub(before.rows_written),
        }
    }
}

/// The counters of one open database, which all its transactions add to.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    statements: AtomicU64,
    rows_written: AtomicU64,
}

impl Counters {
    pub(crate) fn now(&self) -> Work {
        Work {
            statements: self.statements.load(Ordering::Relaxed),
            rows_written: self.rows_written.load(Ordering::Relaxed),
        }
    }
}

/// A transaction. Dropped without [`Tx::commit`], it is rolled back.
///
/// It counts statements, writes and audit entries: a page's test states how many statements it takes, and a
/// transaction that wrote without exactly one audit entry cannot be committed (invariant 8).
pub struct Tx {
    pub(crate) inner: Inner,
    pub(crate) statements: u64,
    writes: u64,
    recorded: u32,
    kind: Kind,
    counters: Arc<Counters>,
}

pub(crate) enum Inner {
    Sqlite(sqlite::SqliteTx),
    Postgres(Box<postgres::PostgresTx>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// One action: what it writes needs one audit entry.
    Action,
    /// Sessions' last use, leases of jobs: no business data.
    Housekeeping,
}

impl Tx {
    pub(crate) fn new(inner: Inner) -> Self {
        Self { inner, statements: 0, writes: 0, recorded: 0, kind: Kind::Action, counters: Arc::default() }
    }

    /// The same, adding what it does to these counters.
    pub(crate) fn counted_by(mut self, counters: &Arc<Counters>) -> Self {
        self.counters = Arc::clone(counters);
        self
    }

    fn count_statement(&mut self) {
        self.statements += 1;
        self.counters.statements.fetch_add(1, Ordering::Relaxed);
    }

    fn count_rows(&self, rows: u64) -> u64 {
        self.counters.rows_written.fetch_add(rows, Ordering::Relaxed);
        rows
    }

    /// Says that this transaction keeps the program's own books (leases, last use of sessions) and needs no audit entry.
    pub const fn is_housekeeping(&mut self) {
        self.kind = Kind::Housekeeping;
    }

    /// Says that the audit entry of this action was written. Called by the audit log only.
    pub const fn is_recorded(&mut self) {
        self.recorded += 1;
    }

    /// Which SQL is spoken where it differs.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        match self.inner {
            Inner::Sqlite(_) => Dialect::Sqlite,
            Inner::Postgres(_) => Dialect::Postgres,
        }
    }

    /// How many statements ran so far; a batch counts as one.
    #[must_use]
    pub const fn statements(&self) -> u64 {
        self.statements
    }

    /// All rows of a query.
    ///
    /// # Errors
    /// When the statement fails or the database does not answer.
    pub async fn fetch_all(&mut self, sql: impl Into<Statement>, parameters: &[Value]) -> Result<Vec<Row>> {
        self.count_statement();
        let sql = sql.into();
        Ok(match &mut self.inner {
            Inner::Sqlite(tx) => tx.query(sql, parameters.to_vec()).await?,
            Inner::Postgres(tx) => tx.query(&sql, parameters).await?,
        })
    }

    /// The first row of a query, when there is one.
    ///
    /// # Errors
    /// As [`Tx::fetch_all`].
    pub async fn fetch_optional(&mut self, sql: impl Into<Statement>, parameters: &[Value]) -> Result<Option<Row>> {
        Ok(self.fetch_all(sql, parameters).await?.into_iter().next())
    }

    /// The first row of a query that always has one, such as a count.
    ///
    /// # Errors
    /// As [`Tx::fetch_all`]; also when there is no row.
    pub async fn fetch_one(&mut self, sql: impl Into<Statement>, parameters: &[Value]) -> Result<Row> {
        self.fetch_optional(sql, parameters)
            .await?
            .ok_or_else(|| Error::internal("a query that always has a row gave none"))
    }

    /// Runs a statement that writes; the number of rows it changed.
    ///
    /// # Errors
    /// When the statement fails (a constraint is an internal error unless [`Tx::try_execute`] is used).
    pub async fn execute(&mut self, sql: impl Into<Statement>, parameters: &[Value]) -> Result<u64> {
        Ok(self.try_execute(sql, parameters).await?)
    }

    /// Runs a statement that writes, for callers that look at the kind of failure.
    ///
    /// On PostgreSQL a failed statement ends the transaction, so only an answer to the person may follow.
    ///
    /// # Errors
    /// The database's own.
    pub async fn try_execute(&mut self, sql: impl Into<Statement>, parameters: &[Value]) -> Result<u64, DbError> {
        self.count_statement();
        self.writes += 1;
        let sql = sql.into();
        let rows = match &mut self.inner {
            Inner::Sqlite(tx) => tx.execute(sql, parameters.to_vec()).await?,
            Inner::Postgres(tx) => tx.execute(&sql, parameters).await?,
        };
        Ok(self.count_rows(rows))
    }

    /// Runs one statement that writes for many rows of parameters, in one hop to the database.
    ///
    /// # Errors
    /// When any of them fails.
    pub async fn execute_many(&mut self, sql: impl Into<Statement>, rows: Vec<Vec<Value>>) -> Result<u64> {
        if rows.is_empty() {
            return Ok(0);
        }
        self.count_statement();
        self.writes += 1;
        let sql = sql.into();
        let rows = match &mut self.inner {
            Inner::Sqlite(tx) => tx.execute_many(sql, rows).await?,
            Inner::Postgres(tx) => tx.execute_many(&sql, &rows).await?,
        };
        Ok(self.count_rows(rows))
    }

    /// Makes the changes last.
    ///
    /// # Errors
    /// When the database cannot, and when an action wrote without exactly one audit entry.
    pub async fn commit(self) -> Result<()> {
        if self.kind == Kind::Action && self.writes > 0 && self.recorded != 1 {
            return Err(Error::internal(format!(
                "an action made {} writes and {} audit entries; it must make exactly one entry",
                self.writes, self.recorded
            )));
        }
        match self.inner {
            Inner::Sqlite(tx) => tx.commit().await?,
            Inner::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Runs a script of several statements without parameters; migrations only.
    pub(crate) async fn script(&mut self, sql: &str) -> Result<(), DbError> {
        match &mut self.inner {
            Inner::Sqlite(tx) => tx.script(sql.to_owned()).await,
            Inner::Postgres(tx) => tx.script(sql).await,
        }
    }
}
