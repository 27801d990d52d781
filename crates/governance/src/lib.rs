//! Governance: strategy and metrics, policy and compliance, education and guidance.

pub mod education_guidance;
pub mod policy_compliance;
pub mod strategy_metrics;

use web::Routes;

/// The routes of this function.
#[must_use]
pub fn routes() -> Routes {
    strategy_metrics::routes()
}

/// Its background work.
pub fn jobs(_jobs: &mut platform::jobs::Jobs) {}
