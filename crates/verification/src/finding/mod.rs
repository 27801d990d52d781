//! Findings: the machinery that implementation review (M11) and security testing (M12) share.
//!
//! A report of a scanner comes for a release or a branch, is read by `scan`, and each of its findings is known by its
//! fingerprint, whatever moved around it. One state machine stands in `rules`; decisions are written for the
//! fingerprint, with what they rest on, so that they carry over to later releases and other branches until that
//! changes. A report closes what it does not have any more, of its own tool and scope, and opens what comes back.
//! `standing` judges releases by the release quality standard and writes what the gate's views say.
//!
//! Permissions: to see ReadPlans, to import and judge WorkPlans, to decide about acceptances ApprovePlans (and never
//! about one's own), to change the standard RunProgramme; each for the product that is touched.

mod actions;
mod api;
mod bodies;
mod compare;
mod days;
mod find;
mod import;
mod kinds;
mod manual;
pub mod model;
mod pages;
mod report;
mod rules;
mod sarif;
mod standing;
pub mod store;
#[cfg(test)]
mod tests;

use std::time::Duration;

use kernel::Permission;
use web::{Routes, Who};

pub use days::keep_days;
pub use import::{Sent, Taken, take};
pub(crate) use pages::list::{open_review, open_testing};

/// The routes of findings.
#[must_use]
pub fn routes() -> Routes {
    let read = Who::May(Permission::ReadPlans);
    let work = Who::May(Permission::WorkPlans);
    let approve = Who::May(Permission::ApprovePlans);
    let run = Who::May(Permission::RunProgramme);
    let machine = Who::Machine(Permission::WorkPlans);
    let machine_reads = Who::Machine(Permission::ReadPlans);
    Routes::new()
        .get("/desk/findings", read, pages::list::list)
        .get("/desk/findings.csv", read, pages::list::csv)
        .post("/desk/findings/bulk", work, pages::triage::bulk)
        .get("/desk/findings/summary", read, pages::list::summary)
        .get("/desk/findings/new", work, pages::manual::form)
        .post("/desk/findings/new", work, pages::manual::add)
        .get("/desk/findings/import", work, pages::import::form)
        .post("/desk/findings/import", work, pages::import::take)
        .get("/desk/findings/imports", read, pages::import::list)
        .get("/desk/findings/imports.csv", read, pages::import::csv)
        .get("/desk/findings/imports/{id}", read, pages::import::show)
        .get("/desk/findings/export.sarif", read, pages::list::sarif)
        .get("/desk/findings/thresholds", read, pages::thresholds::show)
        .post("/desk/findings/thresholds", run, pages::thresholds::change)
        .get("/desk/findings/{id}", read, pages::show::show)
        .post("/desk/findings/{id}/judge", work, pages::triage::judge)
        .post("/desk/findings/{id}/rate", work, pages::triage::rate)
        .post("/desk/findings/{id}/acceptance", work, pages::triage::ask)
        .post("/desk/findings/{id}/acceptance/decide", approve, pages::triage::decide)
        .post("/desk/findings/{id}/retest", work, pages::manual::retest)
        .post("/api/v1/products/{slug}/releases/{version}/scans", machine, api::post_release)
        .post("/api/v1/products/{slug}/branches/{branch}/scans", machine, api::post_branch)
        .get("/api/v1/products/{slug}/scans/{id}", machine_reads, api::show)
        .get("/api/v1/products/{slug}/releases/{version}/findings.sarif", machine_reads, api::sarif_release)
        .get("/api/v1/products/{slug}/branches/{branch}/findings.sarif", machine_reads, api::sarif_branch)
}

/// The background work of findings.
pub fn jobs(jobs: &mut platform::jobs::Jobs) {
    jobs.add(import::READ, import::read);
    jobs.add_recurring("verification.days", Duration::from_secs(3_600), days::keep);
    jobs.add_recurring("verification.lapse", Duration::from_secs(3_600), actions::lapse);
}

/// How findings are found by the search over everything.
pub(crate) fn cards(cards: &mut platform::cards::Cards) {
    cards.add_finder("Findings", |tx, actor, words| Box::pin(find::findings(tx, actor, words)));
}
