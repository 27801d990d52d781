//! The process packs and question catalogues of `content/`, compiled in so that the program works without its source.
#![warn(missing_docs)]

/// A folder of content: names of its files and their bytes.
pub type Folder = [(&'static str, &'static [u8])];

macro_rules! folder {
    ($path:literal: $($file:literal),+ $(,)?) => {
        &[$(($file, include_bytes!(concat!("../../../content/", $path, "/", $file)))),+]
    };
}

/// The process pack that a new installation starts with.
pub const STANDARD_PACK: &Folder = folder!("packs/standard":
    "pack.toml",
    "strategy_metrics.toml",
    "policy_compliance.toml",
    "education_guidance.toml",
    "threat_assessment.toml",
    "security_requirements.toml",
    "secure_architecture.toml",
    "design_review.toml",
    "implementation_review.toml",
    "security_testing.toml",
    "issue_management.toml",
    "environment_hardening.toml",
    "operations_enablement.toml",
);

/// A small pack of another style, for vendors with few people.
pub const COMPACT_PACK: &Folder = folder!("packs/compact": "pack.toml", "plan.toml", "make.toml", "run.toml");

/// The packs by id, for finding the one that another extends.
#[must_use]
pub fn pack(id: &str) -> Option<&'static Folder> {
    match id {
        "standard" => Some(STANDARD_PACK),
        "compact" => Some(COMPACT_PACK),
        _ => None,
    }
}

/// Our own maturity questions for the twelve practices.
pub const MATURITY_QUESTIONS: &str = include_str!("../../../content/maturity/house.toml");
