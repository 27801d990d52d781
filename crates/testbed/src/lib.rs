//! Test support: a database, people and a browserless client for slices.
//!
//! Every test gets its own SQLite database, or its own PostgreSQL database when `PORTCULLIS_TEST_POSTGRES` names a
//! server on which databases may be made.

mod client;
mod database;
mod people;

use std::sync::Arc;

use axum::Router;
use kernel::{Clock, IdSource, Timestamp};
use platform::cards::Cards;
use platform::jobs::Jobs;
use platform::settings::Settings;
use platform::vault::MasterKey;
use platform::{Ctx, Platform, Start, audit};
use web::Routes;

pub use client::{Answer, Client};
pub use people::TestPerson;

/// The moment at which every test begins: a Monday morning in UTC.
pub const BEGIN: &str = "2026-03-02T09:00:00Z";

/// A whole program without network: database, routes, clock.
pub struct Testbed {
    /// What the program has one of.
    pub platform: Arc<Platform>,
    /// The jobs that the slices under test bring.
    pub jobs: Jobs,
    router: Router,
    folder: tempfile::TempDir,
    _scratch: database::Scratch,
}

impl Testbed {
    /// A program with these routes and jobs on a fresh database.
    pub async fn new(routes: Routes, jobs: Jobs) -> Self {
        Self::with(routes, jobs, Cards::default(), |_| {}).await
    }

    /// The same with cards of records and changed settings.
    pub async fn with(routes: Routes, mut jobs: Jobs, cards: Cards, change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let scratch = database::open(folder.path()).await;
        let values = [("data_dir".to_owned(), folder.path().display().to_string())].into();
        let mut settings = platform::settings::read(&values).unwrap();
        settings.base_url = "https://security.halden.example".to_owned();
        change(&mut settings);
        let begin: Timestamp = BEGIN.parse().unwrap();
        let platform = Platform::start(Start {
            db: scratch.db.clone(),
            settings,
            master_key: MasterKey::parse(&"07".repeat(32)).unwrap(),
            clock: Clock::set(begin),
            ids: IdSource::counted(),
            cards,
        });
        jobs.add(platform::outbox::SEND, platform::outbox::send);
        let router = routes.into_router(Arc::clone(&platform));
        Self { platform, jobs, router, folder, _scratch: scratch }
    }

    /// A folder that is removed with the testbed.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// A client that is not signed in.
    #[must_use]
    pub fn visitor(&self) -> Client {
        Client::new(self.router.clone(), self.platform.db.clone())
    }

    /// A context for the program itself.
    #[must_use]
    pub fn program(&self) -> Ctx {
        self.platform.program("test")
    }

    /// Moves the clock forward.
    pub fn pass(&self, time: std::time::Duration) {
        self.platform.clock.advance(time);
    }

    /// Queues what recurs and runs every job that is due; fails the test when one of them failed.
    pub async fn run_jobs(&self) {
        self.jobs.queue_recurring(&self.platform).await.unwrap();
        self.jobs.run_due(&self.platform).await.unwrap();
    }

    /// The actions recorded so far, oldest first.
    pub async fn actions(&self) -> Vec<String> {
        let mut tx = self.platform.db.read().await.unwrap();
        let mut entries = audit::list(&mut tx, &audit::Filter::default(), None, 10_000).await.unwrap();
        entries.reverse();
        entries.into_iter().map(|entry| entry.action).collect()
    }
}
