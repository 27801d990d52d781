//! The operation context: who acts, when, and on what.

use std::sync::Arc;

use db::{Db, Tx};
use kernel::{Actor, Clock, Id, IdSource, Permission, Result, Scope, Timestamp};

use crate::cards::Cards;
use crate::files::FileStore;
use crate::memory::Memory;
use crate::rate::RateLimits;
use crate::settings::Settings;
use crate::vault::MasterKey;

/// What a running program has one of.
pub struct Platform {
    /// The database.
    pub db: Db,
    /// What the administrator set.
    pub settings: Settings,
    /// The key over all keys.
    pub master_key: MasterKey,
    /// Where files are.
    pub files: FileStore,
    /// Where `now` comes from.
    pub clock: Clock,
    /// Where identifiers come from.
    pub ids: IdSource,
    /// How records of other slices are shown.
    pub cards: Cards,
    /// How often strangers may try.
    pub rates: RateLimits,
    /// What slices remember between requests.
    pub memory: Memory,
}

/// What is needed to start a platform.
pub struct Start {
    /// The database, open and migrated.
    pub db: Db,
    /// What the administrator set.
    pub settings: Settings,
    /// The key over all keys.
    pub master_key: MasterKey,
    /// Where `now` comes from.
    pub clock: Clock,
    /// Where identifiers come from.
    pub ids: IdSource,
    /// How records of other slices are shown.
    pub cards: Cards,
}

impl Platform {
    /// Puts a platform together.
    #[must_use]
    pub fn start(start: Start) -> Arc<Self> {
        let files = FileStore::new(start.settings.data_dir.join("files"));
        Arc::new(Self {
            db: start.db,
            settings: start.settings,
            master_key: start.master_key,
            files,
            clock: start.clock,
            ids: start.ids,
            cards: start.cards,
            rates: RateLimits::default(),
            memory: Memory::default(),
        })
    }

    /// A context for `actor`, now.
    #[must_use]
    pub fn context(self: &Arc<Self>, actor: Actor, request_id: &str) -> Ctx {
        Ctx { platform: Arc::clone(self), actor, now: self.clock.now(), request_id: request_id.to_owned() }
    }

    /// A context for the program itself.
    #[must_use]
    pub fn program(self: &Arc<Self>, part: &'static str) -> Ctx {
        let now = self.clock.now();
        let request_id = self.ids.next::<kernel::kinds::Job>(now).to_string();
        Ctx { platform: Arc::clone(self), actor: Actor::Program { part }, now, request_id }
    }
}

/// Who acts, when, on what; one for each request, job run or command.
#[derive(Clone)]
pub struct Ctx {
    /// What the program has one of.
    pub platform: Arc<Platform>,
    /// Who acts.
    pub actor: Actor,
    /// When; the same moment through the whole operation.
    pub now: Timestamp,
    /// Under which the log and the error page speak of this operation.
    pub request_id: String,
}

impl Ctx {
    /// Begins a transaction that writes: one action, one audit entry.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(self.platform.db.begin().await?)
    }

    /// Begins a transaction that only reads.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read(&self) -> Result<Tx> {
        Ok(self.platform.db.read().await?)
    }

    /// A new identifier.
    #[must_use]
    pub fn id<K>(&self) -> Id<K> {
        self.platform.ids.next(self.now)
    }

    /// The same context for another actor.
    #[must_use]
    pub fn acting_as(&self, actor: Actor) -> Self {
        Self { actor, ..self.clone() }
    }

    /// Asks for a permission in a place.
    ///
    /// # Errors
    /// Not found, since what one may not do answers like what does not exist.
    pub fn require(&self, permission: Permission, place: Scope, what: &'static str) -> Result<()> {
        if self.actor.may(permission, place) { Ok(()) } else { Err(kernel::Error::NotFound { what }) }
    }

    /// An address on the public site, absolute: `/advisories/x` becomes `https://…/advisories/x`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.platform.settings.base_url.trim_end_matches('/'))
    }
}
