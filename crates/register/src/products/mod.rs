//! Product families, products, releases with support periods, and contacts (P4, M1).
//!
//! Everybody who may read products sees all of them: what is confidential is the cases, not the catalogue.
//! Changes need the permission for the family or product they touch. A release is never removed, since cases and
//! advisories speak of it; it is withdrawn.

mod actions;
mod import;
mod model;
mod pages;
mod release_pages;
mod rules;
mod scope_names;
mod store;
#[cfg(test)]
mod tests;

use kernel::Permission;
use web::{Routes, Who};

pub use actions::{add_contact, add_family, add_product, add_release, change_family, change_product, change_release};
pub use import::{ImportReport, import};
pub use model::{
    Contact, Family, FamilyDraft, FamilyId, Product, ProductDraft, ProductId, ProductState, Release, ReleaseDraft,
    ReleaseId, ReleaseState, Support,
};
pub use pages::tabs;
pub use rules::support_at;
pub use scope_names::{ScopeNames, scope_names};
pub use store::{
    list_contacts, list_families, list_products, list_releases, list_releases_of, load_family, load_product,
    load_products, load_release,
};

/// The routes of families, products and releases.
#[must_use]
pub fn routes() -> Routes {
    let read = Who::May(Permission::ReadProducts);
    let edit = Who::May(Permission::EditProducts);
    Routes::new()
        .get("/desk/products", read, pages::list)
        .get("/desk/products/new", edit, pages::new_form)
        .post("/desk/products/new", edit, pages::new)
        .get("/desk/products/import", edit, pages::import_form)
        .post("/desk/products/import", edit, pages::import_csv)
        .get("/desk/products/{id}", read, pages::show)
        .get("/desk/products/{id}/edit", edit, pages::edit_form)
        .post("/desk/products/{id}/edit", edit, pages::edit)
        .post("/desk/products/{id}/contacts", edit, pages::add_contact)
        .post("/desk/products/{id}/contacts/remove", edit, pages::remove_contact)
        .get("/desk/products/{id}/releases/new", edit, release_pages::new_form)
        .post("/desk/products/{id}/releases/new", edit, release_pages::new)
        .get("/desk/products/{id}/releases/{release}/edit", edit, release_pages::edit_form)
        .post("/desk/products/{id}/releases/{release}/edit", edit, release_pages::edit)
        .get("/desk/families/new", edit, pages::family_form)
        .post("/desk/families/new", edit, pages::new_family)
        .get("/desk/families/{id}/edit", edit, pages::family_edit_form)
        .post("/desk/families/{id}/edit", edit, pages::family_edit)
        .get("/desk/products.csv", read, pages::csv)
}

/// How products and releases are shown by other slices.
pub fn cards(cards: &mut platform::cards::Cards) {
    cards.add("product", |tx, actor, ids| Box::pin(store::load_product_cards(tx, actor, ids)));
    cards.add("release", |tx, actor, ids| Box::pin(store::load_release_cards(tx, actor, ids)));
    cards.add_finder("Products", |tx, actor, words| Box::pin(store::find_products(tx, actor, words)));
    cards.add_finder("Releases", |tx, actor, words| Box::pin(store::find_releases(tx, actor, words)));
}
