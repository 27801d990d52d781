//! Assessing releases: one release, a row, a column or the whole matrix at once.

use kernel::{Error, Id, Result, clean_text, kinds};
use platform::Ctx;
use platform::audit::{self, Entry};
use serde_json::json;

use super::super::actions::{load_to_work, reference, settle};
use super::super::model::CaseId;
use super::super::store as cases;
use super::model::{Justification, Status};
use super::{rules, store};

/// What a person says about releases.
#[derive(Clone, Debug)]
pub(super) struct Assessment {
    pub(super) vulnerabilities: Vec<Id<kinds::Vulnerability>>,
    pub(super) releases: Vec<Id<kinds::Release>>,
    pub(super) status: Option<Status>,
    pub(super) justification: Option<Justification>,
    pub(super) statement: String,
}

/// Writes one assessment for every chosen release and vulnerability; how many pairs that were.
pub(super) async fn assess(ctx: &Ctx, id: CaseId, writes: i64, said: &Assessment) -> Result<usize> {
    let status = said.status.ok_or_else(|| Error::invalid("status", "Choose a status."))?;
    let statement = if said.statement.trim().is_empty() {
        String::new()
    } else {
        clean_text("statement", &said.statement, 4_000).map_err(|problem| Error::Invalid(vec![problem]))?
    };
    rules::may_assess(status, said.justification, &statement)
        .map_err(|refused| Error::invalid("justification", refused.to_string()))?;
    if said.vulnerabilities.is_empty() {
        return Err(Error::invalid("vulnerability", "Tick at least one vulnerability."));
    }
    if said.releases.is_empty() {
        return Err(Error::invalid("release", "Tick at least one release."));
    }
    let mut tx = ctx.begin().await?;
    let before = load_to_work(&mut tx, ctx, id).await?;
    cases::set_locked(&mut tx, id).await?;
    if store::count_writes(&mut tx, id).await? != writes {
        return Err(Error::Stale { what: "exposure matrix" });
    }
    let vulnerabilities = cases::list_vulnerabilities(&mut tx, id).await?;
    let releases = cases::list_releases(&mut tx, &before).await?;
    let known = said.vulnerabilities.iter().all(|chosen| vulnerabilities.iter().any(|row| row.id == *chosen))
        && said.releases.iter().all(|chosen| releases.iter().any(|row| row.id == *chosen));
    if !known {
        return Err(Error::Stale { what: "exposure matrix" });
    }
    let pairs: Vec<_> = said
        .vulnerabilities
        .iter()
        .flat_map(|vulnerability| said.releases.iter().map(move |release| (*vulnerability, *release)))
        .collect();
    store::set(&mut tx, ctx, &pairs, status, said.justification, &statement).await?;
    let mut case = before.clone();
    settle(&mut tx, ctx, &before, &mut case).await?;
    let detail = json!({
        "status": status.as_str(), "justification": said.justification.map(Justification::as_str),
        "vulnerabilities": said.vulnerabilities.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "releases": releases.iter().filter(|row| said.releases.contains(&row.id))
            .map(|row| format!("{} {}", row.product_name, row.version)).collect::<Vec<_>>(),
    });
    audit::record(&mut tx, ctx, Entry::new("exposure.assessed", reference(id)).with(detail)).await?;
    tx.commit().await?;
    Ok(pairs.len())
}
