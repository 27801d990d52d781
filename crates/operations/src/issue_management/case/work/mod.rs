//! Internal notes, tasks and files of a case. Every member may write here, also those who do not work on cases
//! otherwise: the developer who was asked for help answers in a note.

mod actions;
mod pages;
mod store;

use kernel::Permission;
use web::{Routes, Who};

/// The addresses of notes, tasks and files.
pub(super) fn routes() -> Routes {
    let read = Who::May(Permission::ReadCases);
    Routes::new()
        .get("/desk/cases/{id}/work", read, pages::show)
        .post("/desk/cases/{id}/notes", read, pages::write_note)
        .post("/desk/cases/{id}/notes/{note}", read, pages::edit_note)
        .post("/desk/cases/{id}/tasks", read, pages::add_task)
        .post("/desk/cases/{id}/tasks/{task}", read, pages::set_task)
        .post("/desk/cases/{id}/files", read, pages::add_files)
        .get("/desk/cases/{id}/files/{file}", read, pages::download)
        .post("/desk/cases/{id}/files/{file}/remove", read, pages::remove_file)
}
