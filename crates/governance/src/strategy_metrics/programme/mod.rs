//! The programme in figures: coverage, gates, tasks, exceptions, findings, targets, what was found in the field, maturity.
//!
//! Every number opens to its rows and can be asked for as of a past day. Figures come from views; a page takes a fixed
//! number of statements.

mod data;
mod figures;
mod model;
mod pages;
mod panels;
mod row_pages;
mod rules;
mod store;
#[cfg(test)]
mod tests;

use kernel::Permission;
use web::{Routes, Who, ui};

/// The addresses of the dashboard.
pub(super) fn routes() -> Routes {
    let read = Who::May(Permission::ReadProgramme);
    Routes::new().get("/desk/programme", read, pages::show).get("/desk/programme/rows", read, row_pages::show)
}

/// The tabs of the programme.
pub(super) fn tabs(here: &str) -> Vec<ui::Tab> {
    [
        ("Figures", "/desk/programme"),
        ("Improvement", "/desk/programme/improvement"),
        ("Escapes", "/desk/programme/improvement/escapes"),
        ("Actions", "/desk/programme/improvement/actions"),
    ]
    .into_iter()
    .map(|(label, href)| ui::Tab::new(label, href).here(label == here))
    .collect()
}
