//! The response policy of each product family (P4, P5, P16, P18).
//!
//! A family without its own policy follows the one that holds for all; before anybody wrote that one, a built-in
//! policy holds, so that a case can be opened on the first day. Response targets run on the policy's own business
//! calendar: its time zone, working weekdays and holidays.

mod actions;
mod model;
mod pages;
mod rules;
mod store;
#[cfg(test)]
mod tests;

use kernel::Permission;
use web::{Routes, Who};

pub(crate) use actions::ensure_default;
pub(crate) use model::{Policy, Step};
pub(crate) use rules::{due, warn_at};
pub(crate) use store::load_for;

/// The addresses of the policy pages. The action asks again, since leads may change policies too.
pub(crate) fn routes() -> Routes {
    let who = Who::SignedIn;
    Routes::new()
        .get("/desk/settings/policies", who, pages::list)
        .get("/desk/settings/policies/edit", who, pages::edit)
        .post("/desk/settings/policies/edit", who, pages::save)
        .post("/desk/settings/policies/remove", who, pages::remove)
}

/// Who may read and change policies: whoever sets up the installation, and leads of all cases.
pub(crate) fn may_manage(actor: &kernel::Actor) -> bool {
    actor.may(Permission::ManageSettings, kernel::Scope::All) || actor.may(Permission::LeadCases, kernel::Scope::All)
}
