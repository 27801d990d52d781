//! Process packs in the database: the built-in one at first start, a vendor's own by upload, one of them active.
//!
//! A version once loaded never changes, since plans name it. What an upload gets wrong is shown with file and line, and
//! nothing of it is kept.

mod actions;
mod model;
mod pages;
mod rules;
mod store;
#[cfg(test)]
mod tests;

use kernel::Permission;
use web::{Routes, Who};

pub use actions::{Loaded, choose, import, load_built_in};
pub use model::{Document, PackRow, PackRowId};
pub(crate) use pages::difference;
pub(crate) use store::list;
pub use store::{list_documents, load_active, load_document, load_row};

/// The routes of packs.
pub(crate) fn routes() -> Routes {
    let read = Who::May(Permission::ReadPlans);
    let run = Who::May(Permission::RunProgramme);
    Routes::new()
        .get("/desk/practices/packs", read, pages::list)
        .post("/desk/practices/packs", run, pages::upload)
        .get("/desk/practices/packs/{id}", read, pages::show)
        .post("/desk/practices/packs/{id}/choose", run, pages::choose)
}
