//! From settings to a running platform: key, database, migrations.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use db::{Db, Location};
use kernel::{Clock, IdSource};
use platform::settings::Settings;
use platform::vault::MasterKey;
use platform::{Platform, Start};

use crate::slices;

/// Reads the settings, or says all that is wrong with them.
pub(crate) fn settings(config: Option<&Path>) -> anyhow::Result<Settings> {
    platform::settings::load(config)
        .map_err(|problems| anyhow!("the settings cannot be used:\n  {}", problems.join("\n  ")))
}

/// Work that needs the async runtime.
pub(crate) fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the runtime cannot start")?.block_on(work)
}

/// Opens the database and brings its schema up to this program.
pub(crate) async fn database(settings: &Settings) -> anyhow::Result<Db> {
    let location = Location::parse(settings.database.expose());
    let db = match Db::open(&location).await {
        Ok(db) => db,
        Err(error) => match location {
            Location::Sqlite(path) | Location::ThrowAway(path) => {
                bail!("the database {} cannot be opened: {error}", path.display())
            }
            Location::Postgres(_) => {
                bail!("the PostgreSQL server does not answer: {error}. Check the setting database.")
            }
        },
    };
    let report = db::migrate(&db, kernel::clock::now()).await.map_err(words)?;
    for change in report.applied {
        tracing::info!(change, "schema changed");
    }
    Ok(db)
}

/// The platform on an open database, with the master key of the settings.
pub(crate) fn platform(settings: Settings, db: Db) -> anyhow::Result<Arc<Platform>> {
    let master_key = match &settings.master_key {
        Some(text) => MasterKey::parse(text.expose()),
        None => MasterKey::load_or_make(&settings.master_key_file),
    }
    .map_err(|words| anyhow!(words))?;
    Ok(Platform::start(Start {
        db,
        settings,
        master_key,
        clock: Clock::Machine,
        ids: IdSource::Random,
        cards: slices::cards(),
    }))
}

/// Settings, database and platform in one step, for verbs that work on the data.
pub(crate) async fn open(config: Option<&Path>) -> anyhow::Result<Arc<Platform>> {
    let settings = settings(config)?;
    let db = database(&settings).await?;
    platform(settings, db)
}

/// An error of an action as words for the command line, with its cause.
pub(crate) fn words(error: kernel::Error) -> anyhow::Error {
    let said = error.to_string();
    match std::error::Error::source(&error) {
        Some(source) => anyhow!("{said} ({source})"),
        None => anyhow!(said),
    }
}
