//! Everything an advisory needs of a case, in a fixed number of statements.

use db::Tx;
use kernel::Result;
use platform::Ctx;

use super::model::{Case, CaseId};
use super::store::{self, ExposureRow, Names, ReleaseRow, RemediationRow, VulnerabilityRow};
use crate::issue_management::policy::{self, Policy};

/// A case with all that is published of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CaseFacts {
    /// The case itself.
    pub(crate) case: Case,
    /// Names of product, family and target release, and the product's CPE and package URL.
    pub(crate) names: Names,
    /// Its vulnerabilities in their order, with CWE, CVE, vectors and scores.
    pub(crate) vulnerabilities: Vec<VulnerabilityRow>,
    /// The releases that matter to it, assessed or not.
    pub(crate) releases: Vec<ReleaseRow>,
    /// What was assessed, each with its release and product.
    pub(crate) exposures: Vec<ExposureRow>,
    /// What users can do, each with its release's name.
    pub(crate) remediations: Vec<RemediationRow>,
    /// Whether every vulnerability has a mitigation, workaround or fix that is available today (P6).
    pub(crate) mitigation_available: bool,
    /// Whether every vulnerability has a vendor fix that is available today.
    pub(crate) fix_available: bool,
    /// The policy of its family: threshold, prefixes, legal notice.
    pub(crate) policy: Policy,
}

/// Loads what an advisory needs of a case that the actor may see.
pub(crate) async fn for_publication(tx: &mut Tx, ctx: &Ctx, id: CaseId) -> Result<CaseFacts> {
    let case = store::load_visible(tx, ctx, id).await?;
    let today = ctx.now.date();
    let standing = store::load_standing(tx, &case, today).await?;
    Ok(CaseFacts {
        names: store::load_names(tx, &case).await?,
        vulnerabilities: store::list_vulnerabilities(tx, id).await?,
        releases: store::list_releases(tx, &case).await?,
        exposures: store::list_exposures(tx, id).await?,
        remediations: store::list_remediations(tx, id, today).await?,
        mitigation_available: standing.mitigated,
        fix_available: standing.fixed,
        policy: policy::load_for(tx, case.family).await?,
        case,
    })
}
