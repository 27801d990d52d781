//! What people can do to policies: write and remove.

use kernel::{Error, RecordRef, Result};
use platform::Ctx;
use platform::audit::{self, Entry};

use super::model::{Policy, PolicyId};
use super::{may_manage, rules, store};

/// Refuses whoever may not manage policies, as if there were none.
pub(super) fn require(ctx: &Ctx) -> Result<()> {
    if may_manage(&ctx.actor) { Ok(()) } else { Err(Error::NotFound { what: "page" }) }
}

/// Writes a policy. Cases follow the new targets from their next change on.
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

/// Writes the built-in policy as the one for all families, where nobody wrote one, so that it can be seen and changed.
pub(crate) async fn ensure_default(ctx: &Ctx) -> Result<()> {
    let mut tx = ctx.read().await?;
    if store::list(&mut tx).await?.iter().any(|policy| policy.family.is_none()) {
        return Ok(());
    }
    drop(tx);
    let id: PolicyId = ctx.id();
    let mut tx = ctx.begin().await?;
    match store::set(&mut tx, &Policy::built_in(), id).await {
        // Another node was faster.
        Err(Error::Stale { .. }) => return Ok(()),
        other => other?,
    }
    audit::record(&mut tx, ctx, Entry::new("policy.made", RecordRef::new("policy", id))).await?;
    tx.commit().await
}
