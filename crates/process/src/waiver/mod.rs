//! Waivers and "not applicable": exceptions with a reason, an approver who is not the one who asks, and an end.

mod actions;
mod model;
mod pages;
mod rules;
mod store;
#[cfg(test)]
mod tests;

use kernel::Permission;
use web::{Routes, Who};

pub use actions::{decide, decide_all, end, request};
pub use model::{Kind, Waiver, WaiverId};
pub(crate) use pages::task_part;
pub(crate) use store::list_of;

/// The routes of waivers.
pub(crate) fn routes() -> Routes {
    let work = Who::May(Permission::WorkPlans);
    let approve = Who::May(Permission::ApprovePlans);
    Routes::new()
        .post("/desk/releases/{id}/tasks/{task}/waiver", work, pages::request)
        .post("/desk/releases/{id}/waivers/{waiver}/decide", approve, pages::decide)
        .post("/desk/releases/{id}/waivers/{waiver}/end", work, pages::end)
}
