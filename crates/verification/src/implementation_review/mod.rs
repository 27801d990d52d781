//! Implementation review (M11): source analysis, secrets, components and configuration in source, manual review.
//!
//! The machinery stands in [`crate::finding`] and is shared with security testing. This room says which kinds of look
//! are its own; what the gate reads of it is the view `v_implementation_review_facts`.

use kernel::Permission;
use web::{Routes, Who};

use crate::finding::model::{Kind, Practice};

/// The practice.
pub const PRACTICE: Practice = Practice::ImplementationReview;

/// The kinds of look that are its own.
pub const KINDS: [Kind; 5] = [Kind::Sast, Kind::Secrets, Kind::Sca, Kind::Config, Kind::ManualReview];

/// Its routes: the way into its findings.
#[must_use]
pub fn routes() -> Routes {
    Routes::new().get("/desk/implementation-review", Who::May(Permission::ReadPlans), crate::finding::open_review)
}

#[cfg(test)]
mod tests {
    #[test]
    fn its_kinds_are_of_its_practice() {
        assert!(super::KINDS.iter().all(|kind| kind.practice() == super::PRACTICE));
    }
}
