//! Design: threat assessment, security requirements, secure architecture.

pub mod threat_assessment;
pub mod security_requirements;
pub mod secure_architecture;

use web::Routes;

/// The routes of this function.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
}
