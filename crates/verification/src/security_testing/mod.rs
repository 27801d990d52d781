//! Security testing (M12): application, network and platform scans, security tests, penetration tests and their retest.
//!
//! The machinery stands in [`crate::finding`] and is shared with implementation review. This room says which kinds of
//! look are its own; what the gate reads of it is the view `v_security_testing_facts`, computed by the release quality
//! standard.

use kernel::Permission;
use web::{Routes, Who};

use crate::finding::model::{Kind, Practice};

/// The practice.
pub const PRACTICE: Practice = Practice::SecurityTesting;

/// The kinds of look that are its own.
pub const KINDS: [Kind; 5] = [Kind::Dast, Kind::Network, Kind::Platform, Kind::Test, Kind::PenetrationTest];

/// Its routes: the way into its findings.
#[must_use]
pub fn routes() -> Routes {
    Routes::new().get("/desk/security-testing", Who::May(Permission::ReadPlans), crate::finding::open_testing)
}

#[cfg(test)]
mod tests {
    #[test]
    fn its_kinds_are_of_its_practice() {
        assert!(super::KINDS.iter().all(|kind| kind.practice() == super::PRACTICE));
    }
}
