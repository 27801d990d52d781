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

/// How its records are shown elsewhere.
pub fn cards(cards: &mut platform::cards::Cards) {
    strategy_metrics::cards(cards);
}

/// Makes what a new installation needs; does nothing when it is there.
///
/// # Errors
/// When the database does not answer.
pub async fn ensure_ready(ctx: &platform::Ctx) -> kernel::Result<()> {
    strategy_metrics::ensure_ready(ctx).await
}
