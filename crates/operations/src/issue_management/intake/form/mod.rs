//! The public form, and the page behind a reporter's secret link (P11, P14; CRA Article 13(17)).

mod actions;
mod fields;
mod pages;
mod reporter_pages;

use web::{Routes, Who};

pub(super) fn routes() -> Routes {
    let anyone = Who::Anyone;
    Routes::new()
        .get("/report", anyone, pages::form)
        .post("/report", anyone, pages::send)
        .get("/report/{secret}", anyone, reporter_pages::show)
        .post("/report/{secret}/message", anyone, reporter_pages::write)
        .post("/report/{secret}/credit", anyone, reporter_pages::set_credit)
        .post("/report/{secret}/key", anyone, reporter_pages::add_key)
        .get("/report/{secret}/files/{id}", anyone, reporter_pages::file)
}
