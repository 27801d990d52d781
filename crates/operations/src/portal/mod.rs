//! The public portal: what was published, for people and for machines, without an account.
//!
//! Everything here reads publications and nothing else of the response team's work: neither cases nor drafts can be
//! reached from these queries, so no embargoed word can appear on a page, in a feed or in a provider file (P8). The
//! machine-readable files (CSAF 2.0 trusted provider, Atom) are made once for each state of the publications and kept
//! in memory; a request costs one small query that asks whether that state still holds.

mod feed;
mod files;
mod machine_pages;
mod page;
mod pages;
mod provider;
mod state;
mod store;
#[cfg(test)]
mod tests;
mod tree;

use web::{Routes, Who};

pub(crate) use page::advisory_body;
pub use tree::{TreeReport, publish_tree};

/// The public addresses of this folder.
#[must_use]
pub(crate) fn routes() -> Routes {
    let who = Who::Anyone;
    Routes::new()
        .get("/", who, pages::start)
        .get("/advisories", who, pages::list)
        .get("/advisories/{number}", who, pages::show)
        .get("/advisories/{number}/score/{index}", who, pages::score)
        .get("/advisories/{number}/versions/{version}", who, pages::version)
        .get("/policy", who, pages::policy)
        .get("/privacy", who, pages::privacy)
        .get("/documents", who, pages::documents)
        .get("/feeds/advisories.atom", who, machine_pages::atom)
        .get("/.well-known/csaf", who, machine_pages::csaf_root)
        .get("/.well-known/csaf/", who, machine_pages::csaf_root)
        .get("/.well-known/csaf/{*path}", who, machine_pages::csaf)
}
