//! Gates: where tasks are counted, what lacks is said item by item, and a person decides.
//!
//! The rule is a pure function of the sheet of a release. Its answer comes as a page, as JSON, JUnit and SARIF, and as a
//! signed statement that anyone with the public key can check offline.

mod actions;
mod api;
mod model;
mod output;
mod pages;
mod rules;
mod sign;
mod store;
#[cfg(test)]
mod tests;

use kernel::Permission;
use web::{Routes, Who};

pub use actions::{ask, decide, make_key};
pub use model::{Choice, Decision, Item, Outcome, Verdict};
pub(crate) use store::{list_decisions, list_newest};

/// The routes of gates.
pub(crate) fn routes() -> Routes {
    let read = Who::May(Permission::ReadPlans);
    let approve = Who::May(Permission::ApprovePlans);
    Routes::new()
        .get("/desk/releases/{id}/gate", read, pages::show)
        .post("/desk/releases/{id}/gate/decide", approve, pages::decide)
        .get("/api/v1/products/{slug}/releases/{version}/gate", Who::Machine(Permission::ReadPlans), api::gate)
        .get("/api/v1/gate-key.pem", Who::Anyone, api::key)
        .get("/api/v1/openapi.json", Who::Anyone, api::openapi::show)
}
