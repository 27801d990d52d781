//! The spine of the life cycle: packs, release plans, tasks, evidence, waivers and gates.

use web::Routes;

/// The routes of this function.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
}

/// Its background work.
pub fn jobs(_jobs: &mut platform::jobs::Jobs) {}
