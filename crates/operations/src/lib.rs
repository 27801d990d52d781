//! Operations: issue management, environment hardening, operations enablement, and the public portal.

pub mod issue_management;
pub mod environment_hardening;
pub mod operations_enablement;
