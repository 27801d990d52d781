//! Where the advisory meets its neighbours: the case it is about, whom to thank, and the key that signs. Everything is
//! asked from the neighbour's own functions, in a fixed number of statements.

use std::collections::HashMap;

use db::{Tx, Value};
use kernel::{Actor, Id, Result, kinds};
use mail::openpgp::SecretKey;
use platform::Ctx;
use register::products::{Product, load_products};

use super::model::{
    CaseFacts, ExposureFacts, PolicyFacts, ProductFacts, ReleaseFacts, RemediationFacts, VulnerabilityFacts,
    parse_severity,
};
use crate::issue_management::{case, intake, policy};

/// What the advisory takes from its case, for an actor who may see it.
///
/// # Errors
/// Not found when there is no such case or the actor may not see it.
pub(crate) async fn load_facts(tx: &mut Tx, ctx: &Ctx, id: Id<kinds::Case>) -> Result<CaseFacts> {
    let found = case::load_visible(tx, ctx, id).await?;
    let names = case::load_names(tx, &found).await?;
    let vulnerabilities = case::list_vulnerabilities(tx, id).await?;
    let assessed = case::list_exposures(tx, id).await?;
    let remediations = case::list_remediations(tx, id, ctx.now.date()).await?;
    let mut products: Vec<Id<kinds::Product>> = assessed.iter().map(|one| one.release.product).collect();
    products.sort_unstable();
    products.dedup();
    let products = load_products(tx, &products).await?;
    let (releases, exposures) = matrix(&products, assessed);
    let policy = policy::load_for(tx, found.family).await?;
    Ok(CaseFacts {
        id,
        place: found.place(),
        family: found.family,
        product: found.product.map(|id| ProductFacts {
            id,
            name: names.product,
            slug: names.product_slug,
            family_name: names.family,
        }),
        route: found.route.as_str().to_owned(),
        is_confirmed: found.is_confirmed(),
        exploited: found.exploited,
        number: found.number,
        title: found.title,
        vulnerabilities: vulnerabilities
            .into_iter()
            .map(|one| VulnerabilityFacts {
                id: one.id,
                title: one.title,
                description: one.description,
                cwe: one.cwe,
                cve: one.cve,
                cvss31: one.cvss31,
                cvss40: one.cvss40,
            })
            .collect(),
        releases,
        exposures,
        remediations: remediations.into_iter().map(remediation).collect(),
        credits: intake::list_credits(tx, id).await?,
        policy: PolicyFacts {
            prefix: policy.advisory_prefix,
            threshold: parse_severity(policy.advisory_threshold.as_str()).unwrap_or(cvss::Severity::Medium),
            legal_notice: policy.legal_notice,
            time_zone: policy.time_zone,
        },
    })
}

/// The assessed releases by family, product and age, and the assessments in that order.
fn matrix(products: &[Product], mut assessed: Vec<case::ExposureRow>) -> (Vec<ReleaseFacts>, Vec<ExposureFacts>) {
    let places: HashMap<_, _> = products.iter().enumerate().map(|(place, one)| (one.id, (place, one))).collect();
    // The sort is stable: within a release the vulnerabilities keep their order.
    assessed.sort_by_key(|one| {
        let place = places.get(&one.release.product).map(|(place, _)| *place);
        (place, one.release.position, one.release.id)
    });
    let mut releases: Vec<ReleaseFacts> = Vec::new();
    let mut exposures = Vec::with_capacity(assessed.len());
    for one in assessed {
        exposures.push(ExposureFacts {
            vulnerability: one.vulnerability,
            release: one.release.id,
            status: one.status.as_str().to_owned(),
            justification: one.justification.map(|why| why.as_str().to_owned()),
            statement: one.statement,
        });
        if releases.last().is_some_and(|last| last.id == one.release.id) {
            continue;
        }
        let Some((_, product)) = places.get(&one.release.product) else { continue };
        releases.push(ReleaseFacts {
            id: one.release.id,
            version: one.release.version,
            product: product.id,
            product_name: product.name.clone(),
            slug: product.slug.clone(),
            cpe: product.cpe.clone(),
            purl: product.purl.clone(),
            family_name: product.family_name.clone(),
        });
    }
    (releases, exposures)
}

fn remediation(row: case::RemediationRow) -> RemediationFacts {
    RemediationFacts {
        vulnerability: row.vulnerability,
        category: row.category.as_str().to_owned(),
        details: row.details,
        url: row.url,
        release: row.release,
        available_on: row.available_on,
        available: row.available,
    }
}

/// A condition on `issue_case` under the name `alias` for what the actor may see.
pub(crate) fn visible_cases(actor: &Actor, alias: &str, parameters: &mut Vec<Value>) -> String {
    case::visible_condition(actor, alias, parameters)
}

/// Whether the actor may see cases at all.
pub(crate) fn may_see_cases(actor: &Actor) -> bool {
    actor.may_somewhere(kernel::Permission::ReadCases)
}

/// Sends the case to an advisory against the policy's line; the caller records why.
pub(super) async fn route_by_exception(tx: &mut Tx, ctx: &Ctx, id: Id<kinds::Case>, reason: &str) -> Result<()> {
    case::route_by_exception(tx, ctx, id, reason).await
}

/// Tells the case that the public knows.
pub(crate) async fn mark_published(tx: &mut Tx, ctx: &Ctx, id: Id<kinds::Case>) -> Result<()> {
    case::mark_published(tx, ctx, id).await
}

/// Tells the reporters of a case, where there is a way to reach them.
pub(crate) async fn tell_reporters(
    tx: &mut Tx,
    ctx: &Ctx,
    id: Id<kinds::Case>,
    subject: &str,
    text: &str,
) -> Result<()> {
    intake::tell_reporters(tx, ctx, id, subject, text).await.map(|_| ())
}

/// The key that signs what a family publishes: its own, else the one for all; `None` while there is none in force.
///
/// # Errors
/// When the database does not answer, or the key cannot be opened.
pub(crate) async fn open_signing_key(
    tx: &mut Tx,
    ctx: &Ctx,
    family: Option<Id<kinds::Family>>,
) -> Result<Option<SecretKey>> {
    Ok(intake::keys::signing_key(tx, ctx, family).await?.map(|key| key.secret))
}
