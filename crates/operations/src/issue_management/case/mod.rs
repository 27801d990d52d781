//! The case desk: the response team's work on reports, from triage to the end.
//!
//! A case has a state that only the table in `rules.rs` moves (`docs/guide/cases.md` shows the same table), members who
//! need to know, vulnerabilities with scores, an exposure matrix, clocks that follow from policy and confirmed score,
//! and a timeline, which is the audit log of the case. Siblings call what is exported here: intake opens cases and
//! marks them acknowledged, advisories are made from [`for_publication`] and mark cases published.

mod actions;
mod cards;
mod clock;
pub(crate) mod exposure;
mod facts;
mod model;
mod rules;
mod store;
pub(crate) mod vulnerability;

use std::time::Duration;

use platform::cards::Cards;
use platform::jobs::Jobs;
use web::Routes;

pub(crate) use actions::{mark_acknowledged, mark_published, open};
pub(crate) use facts::{CaseFacts, for_publication};
pub(crate) use model::{Case, CaseId, NewCase, Route, Severity, State, Tlp};
pub(crate) use store::{ExposureRow, Names, ReleaseRow, RemediationRow, VulnerabilityRow, load_visible, visible_condition};

/// The addresses of the case desk.
pub(crate) fn routes() -> Routes {
    Routes::new()
}

/// The jobs of the case desk.
pub(crate) fn jobs(jobs: &mut Jobs) {
    jobs.add_recurring(clock::CHECK, Duration::from_secs(600), clock::check);
}

/// How cases are shown elsewhere.
pub(crate) fn cards(cards: &mut Cards) {
    cards.add("case", cards::load);
}
