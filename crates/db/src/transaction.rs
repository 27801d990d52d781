//! Transactions: where every statement runs.

use std::borrow::Cow;

use kernel::{Error, Result};

use crate::dialect::Dialect;
use crate::error::DbError;
use crate::{Row, Value, postgres, sqlite};

/// A statement's text: a constant, or built from constants.
pub type Statement = Cow<'static, str>;

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
    pub(crate) const fn new(inner: Inner) -> Self {
        Self { inner, statements: 0, writes: 0, recorded: 0, kind: Kind::Action }
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
        self.statements += 1;
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
        self.statements += 1;
        self.writes += 1;
        let sql = sql.into();
        match &mut self.inner {
            Inner::Sqlite(tx) => tx.execute(sql, parameters.to_vec()).await,
            Inner::Postgres(tx) => tx.execute(&sql, parameters).await,
        }
    }

    /// Runs one statement that writes for many rows of parameters, in one hop to the database.
    ///
    /// # Errors
    /// When any of them fails.
    pub async fn execute_many(&mut self, sql: impl Into<Statement>, rows: Vec<Vec<Value>>) -> Result<u64> {
        if rows.is_empty() {
            return Ok(0);
        }
        self.statements += 1;
        self.writes += 1;
        let sql = sql.into();
        Ok(match &mut self.inner {
            Inner::Sqlite(tx) => tx.execute_many(sql, rows).await?,
            Inner::Postgres(tx) => tx.execute_many(&sql, &rows).await?,
        })
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
