//! The search over everything: each slice finds its own records, and only those that whoever asks may see.

use std::future::Future;
use std::pin::Pin;

use db::{Tx, Value};
use kernel::{Actor, Permission, Result, Scope};

/// How many records of one kind a search shows.
pub const MOST: u32 = 20;

/// A record that the search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it is.
    pub link: String,
    /// Its number, place or kind in a few words.
    pub number: String,
    /// What it is called.
    pub title: String,
}

/// Finds records of one kind by words; in a fixed number of statements, and at most [`MOST`].
pub type Finder =
    for<'a> fn(&'a mut Tx, &'a Actor, &'a str) -> Pin<Box<dyn Future<Output = Result<Vec<Found>>> + Send + 'a>>;

/// Words as a pattern for `like`; wildcards that somebody types have no meaning.
#[must_use]
pub fn pattern(words: &str) -> String {
    format!("%{}%", words.trim().to_lowercase().replace(['%', '_'], ""))
}

/// The condition that keeps rows to the places where the actor has a permission, by the columns with their family and
/// product; its parameters are added.
#[must_use]
pub fn visible(
    actor: &Actor,
    permission: Permission,
    (family_column, product_column): (&str, &str),
    parameters: &mut Vec<Value>,
) -> String {
    let mut parts = Vec::new();
    for place in actor.places(permission) {
        let (column, value): (&str, Value) = match place {
            Scope::All => return "1 = 1".to_owned(),
            Scope::Family(family) => (family_column, family.into()),
            Scope::Product { product, .. } => (product_column, product.into()),
        };
        parameters.push(value);
        parts.push(format!("{column} = ${}", parameters.len()));
    }
    if parts.is_empty() { "1 = 0".to_owned() } else { format!("({})", parts.join(" or ")) }
}
