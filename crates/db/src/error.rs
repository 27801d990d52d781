//! What can go wrong between us and a database.

use std::fmt;

/// A failed statement or connection.
#[derive(Debug)]
pub struct DbError {
    kind: Kind,
    source: Box<dyn std::error::Error + Send + Sync>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A unique, foreign key or check constraint said no.
    Constraint,
    /// Two transactions collided; running the whole again may help.
    Conflict,
    /// The server does not answer, or the disk is full.
    Unavailable,
    /// Anything else: a wrong statement, a wrong type.
    Other,
}

impl DbError {
    pub(crate) fn other(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { kind: Kind::Other, source: source.into() }
    }

    pub(crate) fn usage(words: &str) -> Self {
        Self::other(words.to_owned())
    }

    pub(crate) fn unavailable(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { kind: Kind::Unavailable, source: source.into() }
    }

    /// Whether a unique, foreign key or check constraint said no.
    #[must_use]
    pub fn is_constraint(&self) -> bool {
        self.kind == Kind::Constraint
    }

    /// Whether two transactions collided, so that running the whole again may help.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.kind == Kind::Conflict
    }

    /// Whether the database does not answer or cannot write now.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        self.kind == Kind::Unavailable
    }
}

impl fmt::Display for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "database: {}", self.source)?;
        let mut source = self.source.source();
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

impl std::error::Error for DbError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.source.as_ref())
    }
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let kind = match error.sqlite_error_code() {
            Some(Code::ConstraintViolation) => Kind::Constraint,
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Kind::Conflict,
            Some(Code::DiskFull | Code::CannotOpen | Code::SystemIoFailure | Code::ReadOnly | Code::OutOfMemory) => {
                Kind::Unavailable
            }
            _ => Kind::Other,
        };
        Self { kind, source: Box::new(error) }
    }
}

impl From<tokio_postgres::Error> for DbError {
    fn from(error: tokio_postgres::Error) -> Self {
        use tokio_postgres::error::SqlState;
        let kind = match error.code() {
            Some(code) if code.code().starts_with("23") => Kind::Constraint,
            Some(code) if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED => {
                Kind::Conflict
            }
            Some(code)
                if code.code().starts_with("53") || code.code().starts_with("57") || code.code().starts_with("08") =>
            {
                Kind::Unavailable
            }
            Some(_) => Kind::Other,
            None if error.is_closed() => Kind::Unavailable,
            None if std::error::Error::source(&error).is_some_and(|source| source.is::<std::io::Error>()) => {
                Kind::Unavailable
            }
            None => Kind::Other,
        };
        Self { kind, source: Box::new(error) }
    }
}

impl From<DbError> for kernel::Error {
    fn from(error: DbError) -> Self {
        match error.kind {
            Kind::Unavailable | Kind::Conflict => Self::Unavailable {
                words: "The database cannot take this right now. Nothing was changed; please try again in a moment."
                    .to_owned(),
                source: Some(Box::new(error)),
            },
            Kind::Constraint | Kind::Other => Self::Internal(Box::new(error)),
        }
    }
}
