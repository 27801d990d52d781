//! The ordered list of schema changes, for all slices.
//!
//! File names are date, practice, change. Two branches that add one collide here, on purpose.

/// One change of the schema; the same text serves both databases.
pub(crate) struct Change {
    pub(crate) name: &'static str,
    pub(crate) sql: &'static str,
}

macro_rules! changes {
    ($($name:literal),* $(,)?) => {
        &[$(Change { name: $name, sql: include_str!(concat!("../../../migrations/", $name, ".sql")) }),*]
    };
}

#[rustfmt::skip]
pub(crate) const CHANGES: &[Change] = changes![
    "2026-11-22-platform-base",
    "2026-11-22-register-base",
    "2026-11-22-issue-management-base",
    "2026-11-22-process-base",
    "2026-11-22-secure-architecture-base",
    "2026-11-22-issue-management-measures",
    "2026-11-22-verification-base",
    "2026-11-22-process-measures",
    "2026-11-22-issue-management-root-cause",
    "2026-11-22-strategy-metrics-improvement",
    "2026-11-22-strategy-metrics-base",
    "2026-11-22-issue-management-drafts",
    "2026-11-22-issue-management-facts",
    "2026-11-22-verification-speed",
    "2026-11-22-process-days",
];
