//! The desk's first page for whoever signed in, and the search over everything they may see.
//!
//! Both ask the same condition as the pages behind them: what somebody may not open is neither counted nor found.

mod pages;
mod store;
#[cfg(test)]
mod tests;

use web::{Routes, Who};

/// The addresses of this folder.
#[must_use]
pub(crate) fn routes() -> Routes {
    Routes::new().get("/desk", Who::SignedIn, pages::overview).get("/desk/search", Who::SignedIn, pages::search)
}
