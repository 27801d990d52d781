//! The case desk: the response team's work on reports, from triage to the end.
//!
//! A case has a state that only the table in `rules/table.rs` moves (`docs/guide/cases.md` shows the same table), members who
//! need to know, vulnerabilities with scores, an exposure matrix, clocks that follow from policy and confirmed score,
//! and a timeline, which is the audit log of the case. Siblings call what is exported here: intake opens cases and
//! marks them acknowledged, advisories read its facts and mark cases published.

mod actions;
mod cards;
mod clock;
pub(crate) mod exposure;
mod model;
pub(super) mod pages;
mod root_cause;
mod rules;
mod store;
#[cfg(test)]
mod tests;
pub(crate) mod vulnerability;
mod work;

use std::time::Duration;

use kernel::Permission;
use platform::cards::Cards;
use platform::jobs::Jobs;
use web::{Routes, Who};

pub(crate) use actions::{mark_acknowledged, mark_published, open, route_by_exception};
pub(crate) use model::{NewCase, Severity};
pub(crate) use store::{
    ExposureRow, RemediationRow, list_exposures, list_remediations, list_vulnerabilities, load_names, load_visible,
    visible_condition,
};

/// The addresses of the case desk.
pub(crate) fn routes() -> Routes {
    let read = Who::May(Permission::ReadCases);
    let work = Who::May(Permission::WorkCases);
    Routes::new()
        .get("/desk/cases", read, pages::list)
        .get("/desk/cases/new", work, pages::new_form)
        .post("/desk/cases/new", work, pages::new_save)
        .get("/desk/cases/{id}", read, pages::overview)
        .get("/desk/cases/{id}/edit", work, pages::edit_form)
        .post("/desk/cases/{id}/edit", work, pages::edit_save)
        .post("/desk/cases/{id}/move", work, pages::make_move)
        .post("/desk/cases/{id}/duplicate", work, pages::mark_duplicate)
        .post("/desk/cases/{id}/merge", work, pages::merge)
        .get("/desk/cases/{id}/split", work, pages::split_form)
        .post("/desk/cases/{id}/split", work, pages::split_save)
        .post("/desk/cases/{id}/route", work, pages::set_route)
        .post("/desk/cases/{id}/exploited", work, pages::set_exploited)
        .post("/desk/cases/{id}/assign", work, pages::assign)
        .get("/desk/cases/{id}/people", read, pages::people)
        .post("/desk/cases/{id}/people/add", work, pages::add_member)
        .post("/desk/cases/{id}/people/remove", read, pages::remove_member)
        .post("/desk/cases/{id}/watch", read, pages::watch)
        .get("/desk/cases/{id}/conversation", read, pages::conversation)
        .get("/desk/cases/{id}/advisories", read, pages::advisories)
        .get("/desk/cases/{id}/timeline", read, pages::timeline)
        .get("/desk/cases/{id}/root-cause", read, root_cause::pages::show)
        .post("/desk/cases/{id}/root-cause", work, root_cause::pages::save)
        .get("/desk/cases/{id}/vulnerabilities", read, vulnerability::pages::list)
        .get("/desk/cases/{id}/vulnerabilities/new", work, vulnerability::pages::new_form)
        .post("/desk/cases/{id}/vulnerabilities/new", work, vulnerability::pages::new_save)
        .get("/desk/cases/{id}/vulnerabilities/{flaw}", read, vulnerability::pages::show)
        .post("/desk/cases/{id}/vulnerabilities/{flaw}", work, vulnerability::pages::save)
        .post("/desk/cases/{id}/vulnerabilities/{flaw}/score", work, vulnerability::pages::score)
        .post("/desk/cases/{id}/vulnerabilities/{flaw}/remove", work, vulnerability::pages::remove)
        .post("/desk/cases/{id}/vulnerabilities/{flaw}/remediation", work, vulnerability::pages::add_remediation)
        .post(
            "/desk/cases/{id}/vulnerabilities/{flaw}/remediation/remove",
            work,
            vulnerability::pages::remove_remediation,
        )
        .get("/desk/cases/{id}/exposure", read, exposure::pages::matrix)
        .post("/desk/cases/{id}/exposure", work, exposure::pages::assess)
        .merge(work::routes())
}

/// The jobs of the case desk.
pub(crate) fn jobs(jobs: &mut Jobs) {
    jobs.add_recurring(clock::CHECK, Duration::from_secs(600), clock::check);
}

/// How cases are shown elsewhere.
pub(crate) fn cards(cards: &mut Cards) {
    cards.add("case", cards::load);
}
