//! A version of a process pack as it is kept.

use std::sync::Arc;

use kernel::{Id, Timestamp};
use pack::Pack;

/// Packs as kept.
pub enum PackKind {}
/// One version of a pack.
pub type PackRowId = Id<PackKind>;

/// A version of a pack, without its content.
#[derive(Clone, Debug)]
pub struct PackRow {
    /// Which.
    pub id: PackRowId,
    /// The identifier that the pack gives itself.
    pub pack_id: String,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: String,
    /// The pack it builds on; may be empty.
    pub extends: String,
    /// How many things its check warned about.
    pub warnings: i64,
    /// Whether new plans are made from it.
    pub active: bool,
    /// When it came.
    pub loaded_at: Timestamp,
    /// Who brought it.
    pub loaded_by: String,
    /// SHA-256 of its content.
    pub digest: String,
}

impl PackRow {
    /// `standard 1.0.0`
    #[must_use]
    pub fn label(&self) -> String {
        format!("{} {}", self.pack_id, self.version)
    }
}

/// A version with its content.
#[derive(Clone, Debug)]
pub struct Document {
    /// About it.
    pub row: PackRow,
    /// The content.
    pub pack: Arc<Pack>,
}
