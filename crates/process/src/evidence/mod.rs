//! Evidence: files, links, pipeline posts and what other practices record, with producer, time and validity.
//!
//! What a person adds counts only after somebody else has looked at it; what a machine measures counts at once, and only
//! the newest measurement of a kind counts. Nothing is overwritten: evidence is taken away by an end with a reason.

mod actions;
pub(crate) mod api;
mod model;
mod pages;
mod rules;
mod store;
#[cfg(test)]
mod tests;

use kernel::Permission;
use web::{Routes, Who};

pub use ::pack::EvidenceKind;
pub use actions::{Record, add, end, post, record_in, review, review_all};
pub use model::{Draft, Evidence, EvidenceId, LiveFact, PostDraft, Review, Source};
pub(crate) use pages::task_parts;
pub(crate) use store::{Carried, carried_of, insert_carried, list_carried, list_facts, list_of, set_carried_ended};

/// The routes of evidence.
pub(crate) fn routes() -> Routes {
    let read = Who::May(Permission::ReadPlans);
    let work = Who::May(Permission::WorkPlans);
    let approve = Who::May(Permission::ApprovePlans);
    Routes::new()
        .post("/desk/releases/{id}/tasks/{task}/evidence", work, pages::add)
        .post("/desk/releases/{id}/evidence/{evidence}/review", approve, pages::review)
        .post("/desk/releases/{id}/evidence/{evidence}/end", work, pages::end)
        .get("/desk/releases/{id}/evidence/{evidence}/file", read, pages::file)
        .post("/api/v1/products/{slug}/releases/{version}/evidence", Who::Machine(Permission::WorkPlans), api::post)
        .get("/api/v1/products/{slug}/releases/{version}/evidence", Who::Machine(Permission::ReadPlans), api::list)
}
