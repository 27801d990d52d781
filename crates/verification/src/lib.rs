//! Verification: design review, implementation review, security testing.

pub mod design_review;
pub mod finding;
pub mod implementation_review;
pub mod security_testing;

use web::Routes;

/// The routes of this function.
#[must_use]
pub fn routes() -> Routes {
    finding::routes().merge(implementation_review::routes()).merge(security_testing::routes())
}

/// Its background work.
pub fn jobs(jobs: &mut platform::jobs::Jobs) {
    finding::jobs(jobs);
}

/// How its records are found elsewhere.
pub fn cards(cards: &mut platform::cards::Cards) {
    finding::cards(cards);
}
