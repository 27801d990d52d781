//! What people can do to policies: write and remove.

use kernel::{Error, RecordRef, Result};
use platform::audit::{self, Entry};
use platform::Ctx;

use super::model::{Policy, PolicyId};
use super::{may_manage, rules, store};

/// Refuses whoever may not manage policies, as if there were none.
pub(super) fn require(ctx: &Ctx) -> Result<()> {
    if may_manage(&ctx.actor) { Ok(()) } else { Err(Error::NotFound { what: "page" }) }
}

/// Writes a policy. Clocks that run keep their ends; new ones follow the new targets.
pub(super) async fn save(ctx: &Ctx, policy: &Policy) -> Result<()> {
    require(ctx)?;
    let problems = rules::target_problems(policy);
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let id: PolicyId = policy.id.unwrap_or_else(|| ctx.id());
    let mut tx = ctx.begin().await?;
    store::set(&mut tx, policy, id).await?;
    let detail = serde_json::json!({
        "family": policy.family.map(|family| family.to_string()),
        "advisory_threshold": policy.advisory_threshold.as_str(),
        "low_entries": policy.low_entries,
        "targets": policy.targets.iter().map(|target| {
            format!("{} {}: {} {}", target.severity.as_str(), target.step.as_str(), target.amount, target.unit.as_str())
        }).collect::<Vec<_>>(),
    });
    audit::record(&mut tx, ctx, Entry::new("policy.saved", RecordRef::new("policy", id)).with(detail)).await?;
    tx.commit().await
}

/// Removes the policy of a family.
pub(super) async fn remove(ctx: &Ctx, id: PolicyId, revision: i64) -> Result<()> {
    require(ctx)?;
    let mut tx = ctx.begin().await?;
    store::delete(&mut tx, id, revision).await?;
    audit::record(&mut tx, ctx, Entry::new("policy.removed", RecordRef::new("policy", id))).await?;
    tx.commit().await
}
