//! What an advisory takes from its case, in a fixed number of statements.

use std::collections::HashSet;

use db::{Row, Tx};
use kernel::{Date, Error, Id, Result, Scope, Timestamp, kinds};
use platform::Ctx;

use super::super::model::{
    CaseFacts, ExposureFacts, PolicyFacts, ProductFacts, ReleaseFacts, RemediationFacts, VulnerabilityFacts,
    parse_severity,
};
use crate::issue_management::{case::visible_condition, policy};

pub(crate) async fn load_facts(tx: &mut Tx, ctx: &Ctx, case: Id<kinds::Case>) -> Result<CaseFacts> {
    let mut parameters = Vec::new();
    let visible = visible_condition(&ctx.actor, "c", &mut parameters);
    parameters.push(case.into());
    let sql = format!(
        "select c.id, c.number, c.title, c.family_id, c.product_id, c.route, c.confirmed_at, c.exploited,
                p.name as product_name, p.slug, f.name as family_name
           from issue_case c left join register_product p on p.id = c.product_id
           left join register_family f on f.id = c.family_id
          where c.id = ${} and {visible}",
        parameters.len()
    );
    let row = tx.fetch_optional(sql, &parameters).await?.ok_or(Error::NotFound { what: "case" })?;
    let family: Option<Id<kinds::Family>> = row.get("family_id")?;
    let product: Option<Id<kinds::Product>> = row.get("product_id")?;
    let place = match (product, family) {
        (Some(product), Some(family)) => Scope::Product { product, family },
        (None, Some(family)) => Scope::Family(family),
        (Some(_) | None, None) => Scope::All,
    };
    let text = |column: &str| -> Result<String> { Ok(row.get::<Option<String>>(column)?.unwrap_or_default()) };
    let product = match product {
        Some(id) => Some(ProductFacts {
            id,
            name: text("product_name")?,
            slug: text("slug")?,
            family_name: text("family_name")?,
        }),
        None => None,
    };
    let (releases, exposures) = load_exposures(tx, case).await?;
    Ok(CaseFacts {
        id: row.get("id")?,
        number: row.get("number")?,
        title: row.get("title")?,
        place,
        family,
        product,
        route: row.get("route")?,
        is_confirmed: row.get::<Option<Timestamp>>("confirmed_at")?.is_some(),
        exploited: row.get("exploited")?,
        vulnerabilities: list_vulnerabilities(tx, case).await?,
        releases,
        exposures,
        remediations: list_remediations(tx, case, ctx.now.date()).await?,
        credits: list_credits(tx, case).await?,
        policy: load_policy(tx, family).await?,
    })
}

async fn list_vulnerabilities(tx: &mut Tx, case: Id<kinds::Case>) -> Result<Vec<VulnerabilityFacts>> {
    tx.fetch_all(
        "select id, title, description, cwe, cve, cvss31, cvss40 from issue_vulnerability where case_id = $1
          order by position, id",
        &[case.into()],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(VulnerabilityFacts {
            id: row.get("id")?,
            title: row.get("title")?,
            description: row.get("description")?,
            cwe: row.get("cwe")?,
            cve: row.get("cve")?,
            cvss31: row.get("cvss31")?,
            cvss40: row.get("cvss40")?,
        })
    })
    .collect()
}

async fn load_exposures(tx: &mut Tx, case: Id<kinds::Case>) -> Result<(Vec<ReleaseFacts>, Vec<ExposureFacts>)> {
    let rows = tx
        .fetch_all(
            "select e.vulnerability_id, e.release_id, e.status, e.justification, e.statement,
                    r.version, r.product_id, p.name, p.slug, p.cpe, p.purl, f.name as family_name
               from issue_exposure e
               join issue_vulnerability v on v.id = e.vulnerability_id
               join register_release r on r.id = e.release_id
               join register_product p on p.id = r.product_id
               join register_family f on f.id = p.family_id
              where v.case_id = $1 order by lower(f.name), lower(p.name), p.id, r.position, r.id, v.position",
            &[case.into()],
        )
        .await?;
    let mut releases: Vec<ReleaseFacts> = Vec::new();
    let mut seen = HashSet::new();
    let mut exposures = Vec::new();
    for row in &rows {
        let exposure = ExposureFacts {
            vulnerability: row.get("vulnerability_id")?,
            release: row.get("release_id")?,
            status: row.get("status")?,
            justification: row.get("justification")?,
            statement: row.get("statement")?,
        };
        if seen.insert(exposure.release) {
            releases.push(read_release(row, exposure.release)?);
        }
        exposures.push(exposure);
    }
    Ok((releases, exposures))
}

fn read_release(row: &Row, id: Id<kinds::Release>) -> Result<ReleaseFacts> {
    Ok(ReleaseFacts {
        id,
        version: row.get("version")?,
        product: row.get("product_id")?,
        product_name: row.get("name")?,
        slug: row.get("slug")?,
        cpe: row.get("cpe")?,
        purl: row.get("purl")?,
        family_name: row.get("family_name")?,
    })
}

async fn list_remediations(tx: &mut Tx, case: Id<kinds::Case>, today: Date) -> Result<Vec<RemediationFacts>> {
    tx.fetch_all(
        "select m.vulnerability_id, m.category, m.details, m.url, m.release_id, m.available_on, r.state
           from issue_remediation m join issue_vulnerability v on v.id = m.vulnerability_id
           left join register_release r on r.id = m.release_id
          where v.case_id = $1 order by v.position, m.created_at, m.id",
        &[case.into()],
    )
    .await?
    .iter()
    .map(|row| {
        let category: String = row.get("category")?;
        let available_on: Option<Date> = row.get("available_on")?;
        let release: Option<Id<kinds::Release>> = row.get("release_id")?;
        let released = row.get::<Option<String>>("state")?.as_deref() == Some("released");
        let helps = matches!(category.as_str(), "vendor_fix" | "mitigation" | "workaround");
        let there = available_on.map_or(release.is_none() || released, |day| day <= today);
        Ok(RemediationFacts {
            vulnerability: row.get("vulnerability_id")?,
            category,
            details: row.get("details")?,
            url: row.get("url")?,
            release,
            available_on,
            available: helps && there,
        })
    })
    .collect()
}

/// The names of reporters who said that they want to be named.
async fn list_credits(tx: &mut Tx, case: Id<kinds::Case>) -> Result<Vec<String>> {
    let rows = tx
        .fetch_all(
            "select credit_name, sender_name from issue_report
              where case_id = $1 and credit = 'wanted' and anonymous = false order by received_at, id",
            &[case.into()],
        )
        .await?;
    let mut names = Vec::new();
    for row in rows {
        let (credit, sender): (String, String) = (row.get("credit_name")?, row.get("sender_name")?);
        let name = if credit.is_empty() { sender } else { credit };
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

async fn load_policy(tx: &mut Tx, family: Option<Id<kinds::Family>>) -> Result<PolicyFacts> {
    let policy = policy::load_for(tx, family).await?;
    Ok(PolicyFacts {
        prefix: policy.advisory_prefix,
        threshold: parse_severity(policy.advisory_threshold.as_str()).unwrap_or(cvss::Severity::Medium),
        legal_notice: policy.legal_notice,
        time_zone: policy.time_zone,
    })
}

/// A lead sends the case to an advisory against the policy's line (P1); the caller records why.
pub(crate) async fn set_route_exception(tx: &mut Tx, case: Id<kinds::Case>, reason: &str) -> Result<()> {
    tx.execute(
        "update issue_case set route = 'advisory', route_exception = true, route_reason = $1, revision = revision + 1
          where id = $2",
        &[reason.into(), case.into()],
    )
    .await?;
    Ok(())
}
