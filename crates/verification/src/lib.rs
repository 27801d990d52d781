//! Verification: design review, implementation review, security testing.

pub mod design_review;
pub mod implementation_review;
pub mod security_testing;

use web::Routes;

/// The routes of this function.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
}

/// Its background work.
pub fn jobs(_jobs: &mut platform::jobs::Jobs) {}
