//! How records of other slices are shown: many references in, many cards out, one batch for each kind; and how they are
//! found.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;

use db::Tx;
use kernel::{Actor, RecordRef, Result};

use crate::finders::{Finder, Found};

/// A record as another slice shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// What people call it, such as `PSIRT-2026-0042 Overflow in the dialler`.
    pub title: String,
    /// Where it is.
    pub link: String,
}

/// Loads the cards of one kind that `actor` may see; the others are left out.
pub type Loader = for<'a> fn(
    &'a mut Tx,
    &'a Actor,
    &'a [String],
) -> Pin<Box<dyn Future<Output = Result<HashMap<String, Card>>> + Send + 'a>>;

/// The registry that `app` fills at start.
#[derive(Clone, Default)]
pub struct Cards {
    loaders: HashMap<&'static str, Loader>,
    finders: Vec<(&'static str, Finder)>,
}

impl Cards {
    /// Adds the loader of a kind.
    pub fn add(&mut self, kind: &'static str, loader: Loader) {
        self.loaders.insert(kind, loader);
    }

    /// Adds what finds records for the search over everything, under a heading.
    pub fn add_finder(&mut self, heading: &'static str, finder: Finder) {
        self.finders.push((heading, finder));
    }

    /// What the search finds, by heading; headings under which nothing was found are left out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find(&self, tx: &mut Tx, actor: &Actor, words: &str) -> Result<Vec<(&'static str, Vec<Found>)>> {
        let mut all = Vec::new();
        for (heading, finder) in &self.finders {
            let found = finder(tx, actor, words).await?;
            if !found.is_empty() {
                all.push((*heading, found));
            }
        }
        Ok(all)
    }

    /// The cards of these references, for those that exist and that `actor` may see.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn load(&self, tx: &mut Tx, actor: &Actor, references: &[RecordRef]) -> Result<HashMap<RecordRef, Card>> {
        let mut found = HashMap::new();
        for (kind, loader) in &self.loaders {
            let mut ids: Vec<String> = references
                .iter()
                .filter(|reference| reference.kind == *kind)
                .map(|reference| reference.id.clone())
                .collect();
            ids.sort();
            ids.dedup();
            if ids.is_empty() {
                continue;
            }
            for (id, card) in loader(tx, actor, &ids).await? {
                found.insert(RecordRef { kind: (*kind).to_owned(), id }, card);
            }
        }
        Ok(found)
    }
}
