//! Design: threat assessment, security requirements, secure architecture.

pub mod secure_architecture;
pub mod security_requirements;
pub mod threat_assessment;

use web::Routes;

/// The routes of this function.
#[must_use]
pub fn routes() -> Routes {
    secure_architecture::routes()
}

/// How its records are shown elsewhere.
pub fn cards(cards: &mut platform::cards::Cards) {
    secure_architecture::cards(cards);
}
