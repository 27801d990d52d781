//! Connection, transaction, dialect and migrations over SQLite and PostgreSQL.
