//! A fresh, migrated database for each test; migrated once for each test process and copied.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use db::{Db, Location};
use tokio::sync::OnceCell;

const VARIABLE: &str = "PORTCULLIS_TEST_POSTGRES";

static SQLITE: OnceCell<Vec<u8>> = OnceCell::const_new();
static COUNT: AtomicU64 = AtomicU64::new(0);

#[expect(clippy::disallowed_methods, reason = "tests choose their database by this variable")]
pub(crate) async fn open(folder: &Path) -> Db {
    match std::env::var(VARIABLE) {
        Ok(url) if !url.is_empty() => postgres(&url).await,
        _ => sqlite(folder).await,
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

/// Makes a database of its own name on the server; the server is thrown away with its databases.
async fn postgres(url: &str) -> Db {
    let name = format!("portcullis_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let base = url.rsplit_once('/').map_or(url, |(base, _)| base);
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    client.batch_execute(&format!("create database {name}")).await.unwrap();
    drop(client);
    driver.abort();
    let db = Db::open(&Location::Postgres(format!("{base}/{name}"))).await.unwrap();
    db::migrate(&db, kernel::clock::now()).await.unwrap();
    db
}
