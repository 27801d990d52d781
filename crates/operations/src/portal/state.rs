//! All machine-readable files of one state of the publications, made once and kept in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use db::Tx;
use kernel::{Error, Result, Timestamp};
use platform::{Ctx, profile};
use sha2::{Digest, Sha256};

use super::files;
use super::store::{self, Published, Stamp};

/// How many bytes of documents are kept; those beyond are read again from the database.
const MOST_KEPT: usize = 64 << 20;

/// A file as it is served.
#[derive(Clone, Debug)]
pub(super) struct File {
    /// The value of `Content-Type`.
    pub(super) media_type: &'static str,
    /// The content.
    pub(super) bytes: Arc<Vec<u8>>,
    /// A strong entity tag, made of the content.
    pub(super) tag: String,
    /// When it changed.
    pub(super) changed: Timestamp,
}

impl File {
    /// A file with its tag.
    pub(super) fn new(media_type: &'static str, bytes: Vec<u8>, changed: Timestamp) -> Self {
        let tag = format!("\"{}\"", hex::encode(Sha256::digest(&bytes)).get(..32).unwrap_or_default());
        Self { media_type, bytes: Arc::new(bytes), tag, changed }
    }
}

/// Everything of one state.
pub(super) struct State {
    stamp: Stamp,
    /// Current publications, newest first.
    pub(super) published: Vec<Published>,
    /// Files by their path below `/.well-known/csaf/`, apart from the documents themselves.
    pub(super) files: HashMap<String, File>,
    /// The documents by their path, as places in `published`.
    pub(super) documents: HashMap<String, usize>,
    /// The vendor's name.
    pub(super) vendor: String,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    bytes: usize,
    documents: HashMap<usize, File>,
}

#[derive(Default)]
struct Remembered(Mutex<Option<Arc<State>>>);

fn poisoned<T>(_: T) -> Error {
    Error::internal("the state of the portal is poisoned")
}

/// The current state; made anew when something was published since it was made.
pub(super) async fn load(tx: &mut Tx, ctx: &Ctx) -> Result<Arc<State>> {
    let remembered = ctx.platform.memory.of::<Remembered>()?;
    let stamp = store::load_stamp(tx).await?;
    let known = remembered.0.lock().map_err(poisoned)?.clone();
    if let Some(state) = known.filter(|state| state.stamp == stamp) {
        return Ok(state);
    }
    let published = store::list_published(tx).await?;
    let keys = store::list_keys(tx).await?;
    let vendor = profile::load(tx).await?;
    let base = ctx.url("").trim_end_matches('/').to_owned();
    let files =
        files::all(&files::Made { base: &base, vendor: &vendor, published: &published, keys: &keys, now: ctx.now });
    let documents = published
        .iter()
        .enumerate()
        .map(|(place, one)| (format!("white/{}/{}", one.first_published_at.date().year(), one.csaf_name), place))
        .collect();
    let state = Arc::new(State { stamp, published, files, documents, vendor: vendor.name, kept: Mutex::default() });
    *remembered.0.lock().map_err(poisoned)? = Some(Arc::clone(&state));
    Ok(state)
}

impl State {
    /// When anything public changed last; `None` before the first publication.
    pub(super) fn changed(&self) -> Option<Timestamp> {
        self.published.first().map(|newest| newest.published_at)
    }

    /// The document at a place of the list.
    pub(super) async fn document(&self, tx: &mut Tx, place: usize) -> Result<File> {
        if let Some(file) = self.kept.lock().map_err(poisoned)?.documents.get(&place) {
            return Ok(file.clone());
        }
        let one = self.published.get(place).ok_or(Error::NotFound { what: "document" })?;
        let bytes = store::load_csaf(tx, &one.advisory, one.version).await?;
        let file = File::new("application/json", bytes, one.published_at);
        let mut kept = self.kept.lock().map_err(poisoned)?;
        if kept.bytes + file.bytes.len() <= MOST_KEPT {
            kept.bytes += file.bytes.len();
            kept.documents.insert(place, file.clone());
        }
        Ok(file)
    }
}
