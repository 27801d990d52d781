//! A fresh, migrated database for each test: migrated once for each test process, copied, and removed after the test.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use db::{Db, Location};
use tokio::sync::OnceCell;

const VARIABLE: &str = "PORTCULLIS_TEST_POSTGRES";

static SQLITE: OnceCell<Vec<u8>> = OnceCell::const_new();
static POSTGRES: OnceCell<String> = OnceCell::const_new();
static COUNT: AtomicU64 = AtomicU64::new(0);

/// A database and what removes it.
pub(crate) struct Scratch {
    pub(crate) db: Db,
    /// The server and the database on it; nothing for a file, which goes with its folder.
    made: Option<(String, String)>,
}

impl Drop for Scratch {
    /// Hundreds of databases that stay until the server stops have filled a disk.
    fn drop(&mut self) {
        let Some((url, name)) = self.made.take() else { return };
        let remove = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(on_server(&url, &format!("drop database if exists {name} with (force)")))
        };
        match std::thread::spawn(remove).join() {
            Ok(Ok(())) => {}
            Ok(Err(error)) => eprintln!("a test's database stays until the server stops: {error}"),
            Err(_) => eprintln!("a test's database stays until the server stops"),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "tests choose their database by this variable")]
pub(crate) async fn open(folder: &Path) -> Scratch {
    match std::env::var(VARIABLE) {
        Ok(url) if !url.is_empty() => postgres(&url).await,
        _ => Scratch { db: sqlite(folder).await, made: None },
    }
}

async fn sqlite(folder: &Path) -> Db {
    let template = SQLITE
        .get_or_init(|| async {
            let scratch = tempfile::tempdir().unwrap();
            let db = Db::open(&Location::Sqlite(scratch.path().join("template.db"))).await.unwrap();
            db::migrate(&db, kernel::clock::now()).await.unwrap();
            let copy = scratch.path().join("copy.db");
            db.backup(copy.clone()).await.unwrap();
            std::fs::read(copy).unwrap()
        })
        .await;
    let path = folder.join("test.db");
    std::fs::write(&path, template).unwrap();
    Db::open(&Location::Sqlite(path)).await.unwrap()
}

/// Makes a database of its own name on the server, as a copy of one that was migrated once for this process.
async fn postgres(url: &str) -> Scratch {
    let base = url.rsplit_once('/').map_or(url, |(base, _)| base);
    let template = POSTGRES
        .get_or_init(|| async {
            let name = format!("portcullis_template_{}", std::process::id());
            on_server(url, &format!("create database {name}")).await.unwrap();
            let db = Db::open(&Location::Postgres(format!("{base}/{name}"))).await.unwrap();
            db::migrate(&db, kernel::clock::now()).await.unwrap();
            drop(db);
            // A database is copied only while nobody is connected to it, and the pool's connections end in their own time.
            let end = "select pg_terminate_backend(pid) from pg_stat_activity where datname =";
            on_server(url, &format!("{end} '{name}'")).await.unwrap();
            name
        })
        .await;
    let name = format!("portcullis_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    on_server(url, &format!("create database {name} template {template}")).await.unwrap();
    let db = Db::open(&Location::Postgres(format!("{base}/{name}"))).await.unwrap();
    Scratch { db, made: Some((url.to_owned(), name)) }
}

async fn on_server(url: &str, statement: &str) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    let driver = tokio::spawn(connection);
    client.batch_execute(statement).await?;
    drop(client);
    driver.abort();
    Ok(())
}
