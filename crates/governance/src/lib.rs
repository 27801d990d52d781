//! Governance: strategy and metrics, policy and compliance, education and guidance.

pub mod strategy_metrics;
pub mod policy_compliance;
pub mod education_guidance;
