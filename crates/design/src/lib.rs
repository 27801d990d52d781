//! Design: threat assessment, security requirements, secure architecture.

pub mod threat_assessment;
pub mod security_requirements;
pub mod secure_architecture;
