//! Verification: design review, implementation review, security testing.

pub mod design_review;
pub mod implementation_review;
pub mod security_testing;
