//! SQL that cannot be the same on both databases, both versions side by side.

/// Which SQL is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Dialect {
    /// A statement that makes all other writers of the audit log wait until this transaction ends.
    ///
    /// SQLite has one writer, so there it does nothing.
    #[must_use]
    pub const fn lock_audit(self) -> &'static str {
        match self {
            Self::Sqlite => "select 1 as locked",
            Self::Postgres => "select 1 as locked from (select pg_advisory_xact_lock(7261001)) as waited",
        }
    }

    /// A clause that locks the rows a job worker picks and passes over those that another worker holds.
    #[must_use]
    pub const fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " for update skip locked",
        }
    }

    /// The names of all tables and columns, as `table_name`, `column_name`, ordered; for the schema test.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "select m.name as table_name, c.name as column_name
                   from sqlite_master m join pragma_table_info(m.name) c
                  where m.type in ('table', 'view') and m.name not like 'sqlite_%'
                  order by m.name, c.name"
            }
            Self::Postgres => {
                "select table_name::text as table_name, column_name::text as column_name
                   from information_schema.columns where table_schema = current_schema()
                  order by table_name collate \"C\", column_name collate \"C\""
            }
        }
    }
}
