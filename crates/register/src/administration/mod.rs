//! Running the installation: vendor profile, audit log, jobs and outgoing mail, and the gallery of components.

mod audit_pages;
mod job_pages;
mod profile_pages;
#[cfg(test)]
mod tests;

use kernel::Permission;
use maud::Markup;
use web::{Flashed, Operation, Routes, Who, desk_page, ui};

/// The routes of the administration.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .get("/desk/settings", Who::May(Permission::ManageSettings), profile_pages::show)
        .post("/desk/settings/vendor", Who::May(Permission::ManageSettings), profile_pages::change)
        .get("/desk/audit", Who::May(Permission::ReadAudit), audit_pages::list)
        .post("/desk/audit/verify", Who::May(Permission::ReadAudit), audit_pages::verify)
        .get("/desk/jobs", Who::May(Permission::ManageJobs), job_pages::list)
        .post("/desk/jobs/{id}/retry", Who::May(Permission::ManageJobs), job_pages::retry)
        .get("/desk/components-gallery", Who::SignedIn, gallery)
}

/// `GET /desk/components-gallery`: every component in every state.
async fn gallery(Operation(ctx): Operation) -> Markup {
    desk_page(&ctx, "", Flashed::default(), ui::Shell::new("Components"), ui::gallery())
}
