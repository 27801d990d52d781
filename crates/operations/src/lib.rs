//! Operations: issue management, environment hardening, operations enablement, and the public portal.

pub mod environment_hardening;
pub mod issue_management;
pub mod operations_enablement;
mod overview;
mod portal;

pub use portal::{TreeReport, publish_tree};
use web::Routes;

/// The routes of this function.
#[must_use]
pub fn routes() -> Routes {
    issue_management::routes().merge(portal::routes()).merge(overview::routes())
}

/// Its background work.
pub fn jobs(jobs: &mut platform::jobs::Jobs) {
    issue_management::jobs(jobs);
}

/// How its records are shown elsewhere.
pub fn cards(cards: &mut platform::cards::Cards) {
    issue_management::cards(cards);
    overview::finders(cards);
}

/// Makes what a new installation needs: a default policy and a key pair. Does nothing when they are there.
///
/// # Errors
/// When the database does not answer.
pub async fn ensure_ready(ctx: &platform::Ctx) -> kernel::Result<()> {
    issue_management::ensure_ready(ctx).await
}
