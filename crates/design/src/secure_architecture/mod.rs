//! Secure architecture (M9): what releases are made of, and which components may be in them.
//!
//! The SBOM of a release is read by `libs/sbom` into an inventory; a newer one replaces it, and the older stays for
//! comparison. Rules name components by package URL, version range or licence as approved, limited or banned, with a
//! reason and an end. What the rules say of each release's present SBOM is stored, so that the gate and the lists need no
//! judging; it is made anew in the transaction that changes an SBOM or a rule.
//! Others learn of it by `v_secure_architecture_facts` and `v_secure_architecture_sbom`.

mod actions;
mod api;
mod inventory_pages;
mod model;
mod pages;
mod rule_pages;
mod rules;
mod store;
#[cfg(test)]
mod tests;

use kernel::Permission;
use web::{Routes, Who};

/// The routes of SBOMs, components and rules.
#[must_use]
pub fn routes() -> Routes {
    let read = Who::May(Permission::ReadPlans);
    let work = Who::May(Permission::WorkPlans);
    let run = Who::May(Permission::RunProgramme);
    Routes::new()
        .get("/desk/components", read, pages::list)
        .get("/desk/components/releases", read, pages::releases)
        .get("/desk/components/releases/{id}", read, inventory_pages::inventory)
        .get("/desk/components/releases/{id}/difference", read, inventory_pages::difference)
        .post("/desk/components/releases/{id}/upload", work, inventory_pages::upload)
        .get("/desk/components/sboms/{id}/file", read, inventory_pages::download)
        .get("/desk/components/rules", read, rule_pages::list)
        .get("/desk/components/rules/new", run, rule_pages::new_form)
        .post("/desk/components/rules/new", run, rule_pages::new)
        .post("/desk/components/rules/{id}/end", run, rule_pages::end)
        .post("/api/v1/products/{slug}/releases/{version}/sbom", Who::Machine(Permission::WorkPlans), api::upload)
}

/// How SBOMs are shown by other slices.
pub fn cards(cards: &mut platform::cards::Cards) {
    cards.add("sbom", |tx, actor, ids| Box::pin(store::load_cards(tx, actor, ids)));
    cards.add_finder("Components", |tx, actor, words| Box::pin(store::find(tx, actor, words)));
}
