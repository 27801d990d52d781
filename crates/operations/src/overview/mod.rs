//! The desk's first page for whoever signed in, and the search over everything they may see.
//!
//! Both ask the same condition as the pages behind them: what somebody may not open is neither counted nor found.

mod pages;
mod store;
#[cfg(test)]
mod tests;

use platform::cards::Cards;
use web::{Routes, Who};

/// How the records of this function are found.
pub(crate) fn finders(cards: &mut Cards) {
    cards.add_finder("Cases", |tx, actor, words| Box::pin(store::find_cases(tx, actor, words)));
    cards.add_finder("Advisories", |tx, actor, words| Box::pin(store::find_advisories(tx, actor, words)));
    cards.add_finder("Reports", |tx, actor, words| Box::pin(store::find_reports(tx, actor, words)));
}

/// The addresses of this folder.
#[must_use]
pub(crate) fn routes() -> Routes {
    Routes::new().get("/desk", Who::SignedIn, pages::overview).get("/desk/search", Who::SignedIn, pages::search)
}
