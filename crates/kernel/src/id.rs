//! Typed identifiers: time-ordered UUIDs that cannot be mixed up.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

use crate::Timestamp;

/// The kinds of record that more than one crate names.
///
/// A kind that only one practice names is declared in that practice.
pub mod kinds {
    macro_rules! kinds {
        ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
            $($(#[$doc])* #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)] pub enum $name {})*
        };
    }
    kinds! {
        /// Somebody who signs in.
        Person,
        /// A product family.
        Family,
        /// A product.
        Product,
        /// A release of a product.
        Release,
        /// The response team's work on one or more reports.
        Case,
        /// What somebody sent.
        Report,
        /// One flaw.
        Vulnerability,
        /// What is published.
        Advisory,
        /// A stored file.
        File,
        /// One activity for one release.
        Task,
        /// What proves a task.
        Evidence,
        /// An approved exception that expires.
        Waiver,
        /// One result of one scanner or reviewer.
        Finding,
        /// A job in the queue.
        Job,
        /// An access token of a machine.
        Token,
    }
}

/// The identifier of a record of one kind; a version 7 UUID, so that order of creation is order of identifier.
pub struct Id<K> {
    uuid: Uuid,
    kind: PhantomData<fn() -> K>,
}

impl<K> Id<K> {
    /// The identifier with these bits.
    #[must_use]
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self { uuid, kind: PhantomData }
    }

    /// The bits.
    #[must_use]
    pub const fn uuid(&self) -> Uuid {
        self.uuid
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.uuid.cmp(&other.uuid)
    }
}
impl<K> std::hash::Hash for Id<K> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}
impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uuid.as_hyphenated().fmt(f)
    }
}
impl<K> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.uuid.as_hyphenated())
    }
}
impl<K> FromStr for Id<K> {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::try_parse(text).map(Self::from_uuid)
    }
}

/// A record in another slice: its kind and its identifier as text.
///
/// A slice turns references into titles and links through the registry in `platform`, in one batch.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RecordRef {
    /// The kind, in the words of the glossary: `case`, `advisory`, `product`.
    pub kind: String,
    /// The identifier.
    pub id: String,
}

impl RecordRef {
    /// A reference to the record of this kind and identifier.
    #[must_use]
    pub fn new<K>(kind: &str, id: Id<K>) -> Self {
        Self { kind: kind.to_owned(), id: id.to_string() }
    }
}

/// Where new identifiers come from: random in the program, counted in tests so that they are exact.
#[derive(Clone, Debug)]
pub enum IdSource {
    /// Version 7 UUIDs from the operating system's random source.
    Random,
    /// The same sequence in every run.
    Counted(Arc<AtomicU64>),
}

impl IdSource {
    /// A source that gives the same sequence in every run.
    #[must_use]
    pub fn counted() -> Self {
        Self::Counted(Arc::new(AtomicU64::new(1)))
    }

    /// A new identifier, made at `now`.
    #[must_use]
    pub fn next<K>(&self, now: Timestamp) -> Id<K> {
        let millis = u64::try_from(now.micros() / 1_000).unwrap_or(0);
        let random = match self {
            Self::Random => rand::random::<[u8; 10]>(),
            Self::Counted(counter) => {
                let mut bytes = [0; 10];
                let count = counter.fetch_add(1, Ordering::Relaxed).to_be_bytes();
                for (to, from) in bytes.iter_mut().skip(2).zip(count) {
                    *to = from;
                }
                bytes
            }
        };
        Id::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}
