//! SQLite: one writer thread fed by a queue, reader threads of their own.
//!
//! A transaction owns its thread from begin to end, so our own writers never meet SQLITE_BUSY.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use tokio::sync::{Semaphore, oneshot};

use crate::sqlite_text::numbered;
use crate::transaction::{Inner, Statement};
use crate::{DbError, Row, Tx, Value};

const READERS: usize = 4;

/// After so many changed rows the log of the database is moved into its file.
const CHECKPOINT: u64 = 500;

/// How long either side looks out for the other before it sleeps: waking a thread takes longer than most statements.
const LOOK_OUT: Duration = Duration::from_micros(40);

#[derive(Clone)]
pub(crate) struct Sqlite {
    writer: Lane,
    readers: Lane,
}

/// Threads that serve transactions from one queue.
#[derive(Clone)]
struct Lane {
    queue: mpsc::Sender<Begin>,
    permits: Arc<Semaphore>,
}

/// A transaction to begin; its commands follow on the channel.
struct Begin {
    commands: mpsc::Receiver<Command>,
    begun: oneshot::Sender<Result<(), DbError>>,
    /// Held until the transaction ends, so that callers wait in async code and not in the queue.
    _permit: tokio::sync::OwnedSemaphorePermit,
}

type Answer<T> = oneshot::Sender<Result<T, DbError>>;

enum Command {
    Query(Statement, Vec<Value>, Answer<Vec<Row>>),
    Execute(Statement, Vec<Value>, Answer<u64>),
    ExecuteMany(Statement, Vec<Vec<Value>>, Answer<u64>),
    Script(String, Answer<()>),
    Backup(PathBuf, Answer<()>),
    Commit(Answer<()>),
}

pub(crate) struct SqliteTx {
    commands: mpsc::Sender<Command>,
}

impl Sqlite {
    pub(crate) fn open(path: &Path, lasting: bool) -> Result<Self, DbError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(DbError::unavailable)?;
        }
        let writer = Lane::start(vec![connect(path, true, lasting)?], "begin immediate")?;
        let readers = (0..READERS).map(|_| connect(path, false, lasting)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { writer, readers: Lane::start(readers, "begin deferred")? })
    }

    pub(crate) async fn begin_write(&self) -> Result<Tx, DbError> {
        self.writer.begin().await
    }

    pub(crate) async fn begin_read(&self) -> Result<Tx, DbError> {
        self.readers.begin().await
    }

    pub(crate) async fn backup(&self, target: PathBuf) -> Result<(), DbError> {
        let tx = self.readers.begin().await?;
        match tx.inner {
            Inner::Sqlite(tx) => tx.ask(|answer| Command::Backup(target, answer)).await,
            Inner::Postgres(_) => Err(DbError::usage("not an embedded database")),
        }
    }
}

fn connect(path: &Path, writes: bool, lasting: bool) -> Result<Connection, DbError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    // Losing the last commits in a power cut would lose reports that were already acknowledged.
    connection.pragma_update(None, "synchronous", if lasting { "full" } else { "off" })?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // A big report touches more pages than a small cache holds, which would be written and read several times.
    connection.pragma_update(None, "cache_size", if writes { -65_536 } else { -16_384 })?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.set_prepared_statement_cache_capacity(512);
    if writes {
        // What was committed moves into the file after the caller has its answer; this bound is for the longest.
        connection.pragma_update(None, "wal_autocheckpoint", 50_000)?;
    } else {
        connection.pragma_update(None, "query_only", true)?;
    }
    Ok(connection)
}

impl Lane {
    fn start(connections: Vec<Connection>, begin: &'static str) -> Result<Self, DbError> {
        let (queue, requests) = mpsc::channel::<Begin>();
        let requests = Arc::new(Mutex::new(requests));
        let permits = Arc::new(Semaphore::new(connections.len()));
        for connection in connections {
            let requests = Arc::clone(&requests);
            std::thread::Builder::new()
                .name(format!("sqlite {begin}"))
                .spawn(move || serve(&connection, &requests, begin))
                .map_err(DbError::unavailable)?;
        }
        Ok(Self { queue, permits })
    }

    async fn begin(&self) -> Result<Tx, DbError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(DbError::unavailable)?;
        let (commands, receiver) = mpsc::channel();
        let (begun, answer) = oneshot::channel();
        self.queue.send(Begin { commands: receiver, begun, _permit: permit }).map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())??;
        Ok(Tx::new(Inner::Sqlite(SqliteTx { commands })))
    }
}

fn stopped() -> DbError {
    DbError::unavailable("the database thread has stopped")
}

/// Serves transactions until the database is closed.
fn serve(connection: &Connection, requests: &Mutex<mpsc::Receiver<Begin>>, begin: &str) {
    let mut prepared = HashMap::new();
    let (mut written, mut seen) = (0, connection.total_changes());
    loop {
        let request = match requests.lock() {
            Ok(requests) => requests.recv(),
            Err(_) => return,
        };
        let Ok(request) = request else { return };
        let begun = connection.execute_batch(begin).map_err(DbError::from);
        let failed = begun.is_err();
        if request.begun.send(begun).is_err() || failed {
            let _nothing_to_undo = connection.execute_batch("rollback");
            continue;
        }
        run(connection, &request.commands, &mut prepared);
        if !connection.is_autocommit() {
            let _undone = connection.execute_batch("rollback");
        }
        written += connection.total_changes().saturating_sub(seen);
        seen = connection.total_changes();
        if written >= CHECKPOINT {
            written = 0;
            let _later = connection.query_row("pragma wal_checkpoint(passive)", [], |_| Ok(()));
        }
    }
}

/// Runs the commands of one transaction; returns when it is committed or dropped.
fn run(connection: &Connection, commands: &mpsc::Receiver<Command>, known: &mut HashMap<Statement, Prepared>) {
    while let Some(command) = next(commands) {
        match command {
            Command::Query(sql, parameters, answer) => {
                let _caller_left = answer.send(query(connection, prepared(known, sql), &parameters));
            }
            Command::Execute(sql, parameters, answer) => {
                let _caller_left = answer.send(execute(connection, &prepared(known, sql).text, &[parameters]));
            }
            Command::ExecuteMany(sql, rows, answer) => {
                let _caller_left = answer.send(execute(connection, &prepared(known, sql).text, &rows));
            }
            Command::Script(sql, answer) => {
                let _caller_left = answer.send(connection.execute_batch(&sql).map_err(DbError::from));
            }
            Command::Backup(target, answer) => {
                // "vacuum into" cannot run inside a transaction, and needs none: it copies one consistent state.
                let _ended = connection.execute_batch("rollback");
                let _caller_left = answer.send(backup(connection, &target));
                return;
            }
            Command::Commit(answer) => {
                let _caller_left = answer.send(connection.execute_batch("commit").map_err(DbError::from));
                return;
            }
        }
    }
}

/// The next command; none when the transaction was dropped.
fn next(commands: &mpsc::Receiver<Command>) -> Option<Command> {
    let start = Instant::now();
    loop {
        match commands.try_recv() {
            Ok(command) => return Some(command),
            Err(mpsc::TryRecvError::Disconnected) => return None,
            Err(mpsc::TryRecvError::Empty) if start.elapsed() < LOOK_OUT => std::hint::spin_loop(),
            Err(mpsc::TryRecvError::Empty) => return commands.recv().ok(),
        }
    }
}

fn backup(connection: &Connection, target: &Path) -> Result<(), DbError> {
    let mut copy = Connection::open(target)?;
    rusqlite::backup::Backup::new(connection, &mut copy)?.run_to_completion(1_000, Duration::ZERO, None)?;
    Ok(())
}

/// A statement as SQLite takes it, with the names of its columns once they are known.
struct Prepared {
    text: String,
    columns: Option<Arc<Vec<String>>>,
}

fn prepared(known: &mut HashMap<Statement, Prepared>, sql: Statement) -> &mut Prepared {
    if known.len() > 2_000 {
        known.clear();
    }
    known.entry(sql).or_insert_with_key(|sql| Prepared { text: numbered(sql), columns: None })
}

struct Bound<'a>(&'a Value);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(rusqlite::types::ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Bool(truth) => ValueRef::Integer(i64::from(*truth)),
            Value::Real(number) => ValueRef::Real(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn query(connection: &Connection, sql: &mut Prepared, parameters: &[Value]) -> Result<Vec<Row>, DbError> {
    let Prepared { text: sql, columns } = sql;
    let mut statement = connection.prepare_cached(sql).map_err(|error| named(error, sql))?;
    let columns = columns.get_or_insert_with(|| Arc::new(statement.column_names().map(str::to_owned).collect()));
    let count = columns.len();
    let mut rows =
        statement.query(rusqlite::params_from_iter(parameters.iter().map(Bound))).map_err(|error| named(error, sql))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let values = (0..count)
            .map(|index| {
                Ok(match row.get_ref(index)? {
                    ValueRef::Null => Value::Null,
                    ValueRef::Integer(number) => Value::Int(number),
                    ValueRef::Real(number) => Value::Real(number),
                    ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
                    ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
                })
            })
            .collect::<Result<Vec<_>, rusqlite::Error>>()?;
        found.push(Row { columns: Arc::clone(columns), values });
    }
    Ok(found)
}

fn execute(connection: &Connection, sql: &str, rows: &[Vec<Value>]) -> Result<u64, DbError> {
    let mut statement = connection.prepare_cached(sql).map_err(|error| named(error, sql))?;
    let mut changed = 0;
    for parameters in rows {
        changed += statement.execute(rusqlite::params_from_iter(parameters.iter().map(Bound)))?;
    }
    Ok(changed as u64)
}

/// A failure to prepare is a fault in the text, so the text belongs into the log.
fn named(error: rusqlite::Error, sql: &str) -> DbError {
    if error.sqlite_error_code() == Some(rusqlite::ErrorCode::Unknown) {
        DbError::other(format!("{error} in: {sql}"))
    } else {
        error.into()
    }
}

impl SqliteTx {
    async fn ask<T>(&self, command: impl FnOnce(Answer<T>) -> Command) -> Result<T, DbError> {
        let (sender, mut answer) = oneshot::channel();
        self.commands.send(command(sender)).map_err(|_| stopped())?;
        let start = Instant::now();
        while start.elapsed() < LOOK_OUT {
            match answer.try_recv() {
                Ok(answer) => return answer,
                Err(oneshot::error::TryRecvError::Empty) => std::hint::spin_loop(),
                Err(oneshot::error::TryRecvError::Closed) => return Err(stopped()),
            }
        }
        answer.await.map_err(|_| stopped())?
    }

    pub(crate) async fn query(&self, sql: Statement, parameters: Vec<Value>) -> Result<Vec<Row>, DbError> {
        self.ask(|answer| Command::Query(sql, parameters, answer)).await
    }

    pub(crate) async fn execute(&self, sql: Statement, parameters: Vec<Value>) -> Result<u64, DbError> {
        self.ask(|answer| Command::Execute(sql, parameters, answer)).await
    }

    pub(crate) async fn execute_many(&self, sql: Statement, rows: Vec<Vec<Value>>) -> Result<u64, DbError> {
        self.ask(|answer| Command::ExecuteMany(sql, rows, answer)).await
    }

    pub(crate) async fn script(&self, sql: String) -> Result<(), DbError> {
        self.ask(|answer| Command::Script(sql, answer)).await
    }

    pub(crate) async fn commit(self) -> Result<(), DbError> {
        self.ask(Command::Commit).await
    }
}
