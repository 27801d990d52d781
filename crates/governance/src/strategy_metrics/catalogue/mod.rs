//! Question models: our own in both scorings, the official ones and a vendor's by import.
//!
//! A model once kept never changes, since assessments are scored by it; the same content is kept once.

mod actions;
mod model;
mod pages;
mod store;

use kernel::Permission;
use web::{Routes, Who};

pub use actions::{Imported, import, load_built_in};
pub(crate) use actions::{keep_within, prepare};
pub use model::{Document, ModelId, ModelRow, Series, Source};
pub(crate) use store::{list, list_series, load, load_newest};

/// The routes of question models.
pub(crate) fn routes() -> Routes {
    let read = Who::May(Permission::ReadProgramme);
    let run = Who::May(Permission::RunProgramme);
    Routes::new()
        .get("/desk/assessments/models", read, pages::list)
        .post("/desk/assessments/models", run, pages::import)
        .get("/desk/assessments/models/{id}", read, pages::show)
}
