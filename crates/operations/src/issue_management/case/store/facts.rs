//! Vulnerabilities, exposures, remediations and names of a case: what the page and the advisory are made of.

use db::{Row, Tx};
use kernel::{Date, Id, Result, Timestamp, kinds};

use super::super::exposure::{Justification, Status};
use super::super::model::{Case, CaseId, Severity};
use super::super::vulnerability::Category;

/// A vulnerability of a case.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct VulnerabilityRow {
    /// Which one.
    pub(crate) id: Id<kinds::Vulnerability>,
    /// Its case.
    pub(crate) case: CaseId,
    /// Its place in the case.
    pub(crate) position: i64,
    /// In a line.
    pub(crate) title: String,
    /// In detail.
    pub(crate) description: String,
    /// `CWE-787`, or empty.
    pub(crate) cwe: String,
    /// `CVE-2026-12345`.
    pub(crate) cve: Option<String>,
    /// The vector of record (P2).
    pub(crate) cvss31: Option<String>,
    /// Why it is rated so.
    pub(crate) cvss31_reason: String,
    /// The vector beside it.
    pub(crate) cvss40: Option<String>,
    /// Why it is rated so.
    pub(crate) cvss40_reason: String,
    /// The v3.1 score in tenths.
    pub(crate) score: Option<i64>,
    /// The v3.1 severity.
    pub(crate) severity: Option<Severity>,
    /// Counts writes.
    pub(crate) revision: i64,
}

/// A release with its product.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ReleaseRow {
    /// Which one.
    pub(crate) id: Id<kinds::Release>,
    /// Its product.
    pub(crate) product: Id<kinds::Product>,
    /// The product's name.
    pub(crate) product_name: String,
    /// Its version.
    pub(crate) version: String,
    /// Its place among the product's releases, the oldest first.
    pub(crate) position: i64,
    /// `planned`, `in_development`, `released` or `withdrawn`.
    pub(crate) state: String,
    /// The last day of support.
    pub(crate) support_ends_on: Option<Date>,
}

impl ReleaseRow {
    /// Whether the release is supported on `day`; one without an end is.
    pub(crate) fn is_supported(&self, day: Date) -> bool {
        self.support_ends_on.is_none_or(|end| end >= day)
    }
}

/// The status of one release to one vulnerability.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ExposureRow {
    /// The vulnerability.
    pub(crate) vulnerability: Id<kinds::Vulnerability>,
    /// The release.
    pub(crate) release: ReleaseRow,
    /// Affected or not.
    pub(crate) status: Status,
    /// Why not.
    pub(crate) justification: Option<Justification>,
    /// In words.
    pub(crate) statement: String,
    /// When that was said.
    pub(crate) changed_at: Timestamp,
    /// Counts writes.
    pub(crate) revision: i64,
}

/// What users can do about a vulnerability.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RemediationRow {
    /// Which one.
    pub(crate) id: Id<super::super::vulnerability::RemediationKind>,
    /// The vulnerability.
    pub(crate) vulnerability: Id<kinds::Vulnerability>,
    /// Fix, mitigation or none.
    pub(crate) category: Category,
    /// In words.
    pub(crate) details: String,
    /// Where to get it.
    pub(crate) url: String,
    /// The release that brings it.
    pub(crate) release: Option<Id<kinds::Release>>,
    /// That release's product.
    pub(crate) product: Option<Id<kinds::Product>>,
    /// That release's product and version.
    pub(crate) release_name: String,
    /// From when on.
    pub(crate) available_on: Option<Date>,
    /// Whether users can have it today.
    pub(crate) available: bool,
    /// Counts writes.
    pub(crate) revision: i64,
}

/// Names of what a case refers to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Names {
    /// The product.
    pub(crate) product: String,
    /// The product's name in addresses.
    pub(crate) product_slug: String,
    /// Its CPE.
    pub(crate) product_cpe: Option<String>,
    /// Its package URL.
    pub(crate) product_purl: Option<String>,
    /// The family.
    pub(crate) family: String,
    /// The assignee.
    pub(crate) assignee: String,
    /// The target release's version.
    pub(crate) target_release: String,
    /// The number of the case that this one went into.
    pub(crate) merged_into: String,
}

/// The names of what a case refers to, in one statement.
pub(crate) async fn load_names(tx: &mut Tx, case: &Case) -> Result<Names> {
    let row = tx
        .fetch_one(
            "select p.name as product, p.slug, p.cpe, p.purl, f.name as family, a.name as assignee, r.version,
                    o.number as merged_into
               from issue_case c
               left join register_product p on p.id = c.product_id
               left join register_family f on f.id = c.family_id
               left join person a on a.id = c.assignee_id
               left join register_release r on r.id = c.target_release_id
               left join issue_case o on o.id = c.merged_into
              where c.id = $1",
            &[case.id.into()],
        )
        .await?;
    let text = |column: &str| -> Result<String> { Ok(row.get::<Option<String>>(column)?.unwrap_or_default()) };
    Ok(Names {
        product: text("product")?,
        product_slug: text("slug")?,
        product_cpe: row.get("cpe")?,
        product_purl: row.get("purl")?,
        family: text("family")?,
        assignee: text("assignee")?,
        target_release: text("version")?,
        merged_into: text("merged_into")?,
    })
}

/// The vulnerabilities of a case, in their order.
pub(crate) async fn list_vulnerabilities(tx: &mut Tx, case: CaseId) -> Result<Vec<VulnerabilityRow>> {
    let rows = tx
        .fetch_all("select * from issue_vulnerability where case_id = $1 order by position, id", &[case.into()])
        .await?;
    rows.iter().map(read_vulnerability).collect()
}

fn read_vulnerability(row: &Row) -> Result<VulnerabilityRow> {
    Ok(VulnerabilityRow {
        id: row.get("id")?,
        case: row.get("case_id")?,
        position: row.get("position")?,
        title: row.get("title")?,
        description: row.get("description")?,
        cwe: row.get("cwe")?,
        cve: row.get("cve")?,
        cvss31: row.get("cvss31")?,
        cvss31_reason: row.get("cvss31_reason")?,
        cvss40: row.get("cvss40")?,
        cvss40_reason: row.get("cvss40_reason")?,
        score: row.get("score")?,
        severity: row.read_optional("severity", Severity::parse)?,
        revision: row.get("revision")?,
    })
}

/// The releases that matter to a case: of its product, of its family while no product is named, and whatever was
/// assessed before.
pub(crate) async fn list_releases(tx: &mut Tx, case: &Case) -> Result<Vec<ReleaseRow>> {
    let rows = tx
        .fetch_all(
            "select r.id, r.product_id, p.name as product_name, r.version, r.position, r.state, r.support_ends_on
               from register_release r join register_product p on p.id = r.product_id
              where r.product_id = $2
                 or r.id in (select e.release_id from issue_exposure e
                               join issue_vulnerability v on v.id = e.vulnerability_id where v.case_id = $1)
                 or r.product_id in (select o.product_id from issue_exposure e
                               join issue_vulnerability v on v.id = e.vulnerability_id
                               join register_release o on o.id = e.release_id where v.case_id = $1)
              order by case when r.product_id = $2 then 0 else 1 end, lower(p.name), r.position, r.id limit 500",
            &[case.id.into(), case.product.into()],
        )
        .await?;
    rows.iter().map(read_release).collect()
}

fn read_release(row: &Row) -> Result<ReleaseRow> {
    Ok(ReleaseRow {
        id: row.get("id")?,
        product: row.get("product_id")?,
        product_name: row.get("product_name")?,
        version: row.get("version")?,
        position: row.get("position")?,
        state: row.get("state")?,
        support_ends_on: row.get("support_ends_on")?,
    })
}

/// What was assessed in a case.
pub(crate) async fn list_exposures(tx: &mut Tx, case: CaseId) -> Result<Vec<ExposureRow>> {
    let rows = tx
        .fetch_all(
            "select e.vulnerability_id, e.status, e.justification, e.statement, e.changed_at, e.revision,
                    r.id, r.product_id, p.name as product_name, r.version, r.position, r.state, r.support_ends_on
               from issue_exposure e
               join issue_vulnerability v on v.id = e.vulnerability_id
               join register_release r on r.id = e.release_id
               join register_product p on p.id = r.product_id
              where v.case_id = $1 order by v.position, lower(p.name), r.position, r.id",
            &[case.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ExposureRow {
                vulnerability: row.get("vulnerability_id")?,
                release: read_release(row)?,
                status: row.read("status", Status::parse)?,
                justification: row.read_optional("justification", Justification::parse)?,
                statement: row.get("statement")?,
                changed_at: row.get("changed_at")?,
                revision: row.get("revision")?,
            })
        })
        .collect()
}

/// What users can do about the vulnerabilities of a case.
pub(crate) async fn list_remediations(tx: &mut Tx, case: CaseId, today: Date) -> Result<Vec<RemediationRow>> {
    let rows = tx
        .fetch_all(
            "select m.id, m.vulnerability_id, m.category, m.details, m.url, m.release_id, m.available_on, m.revision,
                    r.product_id, r.version, r.state as release_state, p.name as product_name
               from issue_remediation m
               join issue_vulnerability v on v.id = m.vulnerability_id
               left join register_release r on r.id = m.release_id
               left join register_product p on p.id = r.product_id
              where v.case_id = $1 order by v.position, m.created_at, m.id",
            &[case.into()],
        )
        .await?;
    rows.iter().map(|row| read_remediation(row, today)).collect()
}

fn read_remediation(row: &Row, today: Date) -> Result<RemediationRow> {
    let category: Category = row.read("category", Category::parse)?;
    let available_on: Option<Date> = row.get("available_on")?;
    let release: Option<Id<kinds::Release>> = row.get("release_id")?;
    let released = row.get::<Option<String>>("release_state")?.as_deref() == Some("released");
    let there = available_on.map_or(release.is_none() || released, |day| day <= today);
    let product: Option<String> = row.get("product_name")?;
    let version: Option<String> = row.get("version")?;
    Ok(RemediationRow {
        id: row.get("id")?,
        vulnerability: row.get("vulnerability_id")?,
        category,
        details: row.get("details")?,
        url: row.get("url")?,
        release,
        product: row.get("product_id")?,
        release_name: match (product, version) {
            (Some(product), Some(version)) => format!("{product} {version}"),
            (Some(_) | None, _) => String::new(),
        },
        available_on,
        available: category.helps() && there,
        revision: row.get("revision")?,
    })
}

/// How much is behind each tab of a case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Vulnerabilities.
    pub(crate) vulnerabilities: u64,
    /// Reports.
    pub(crate) reports: u64,
    /// Advisories.
    pub(crate) advisories: u64,
    /// Notes, open tasks and files.
    pub(crate) work: u64,
    /// Members.
    pub(crate) members: u64,
}

/// Counts what is behind the tabs of a case, in one statement.
pub(crate) async fn load_counts(tx: &mut Tx, case: CaseId) -> Result<Counts> {
    let row = tx
        .fetch_one(
            "select (select count(*) from issue_vulnerability where case_id = $1) as vulnerabilities,
                    (select count(*) from issue_report where case_id = $1) as reports,
                    (select count(*) from issue_advisory where case_id = $1) as advisories,
                    (select count(*) from issue_note where case_id = $1) as notes,
                    (select count(*) from issue_task where case_id = $1 and state = 'open') as tasks,
                    (select count(*) from issue_attachment where case_id = $1) as files,
                    (select count(*) from issue_member where case_id = $1) as members",
            &[case.into()],
        )
        .await?;
    let number = |column: &str| -> Result<u64> { Ok(u64::try_from(row.get::<i64>(column)?).unwrap_or(0)) };
    Ok(Counts {
        vulnerabilities: number("vulnerabilities")?,
        reports: number("reports")?,
        advisories: number("advisories")?,
        work: number("notes")? + number("tasks")? + number("files")?,
        members: number("members")?,
    })
}

/// The reports of a case by number and subject, for splitting.
pub(crate) async fn list_reports(tx: &mut Tx, case: CaseId) -> Result<Vec<(String, String, String)>> {
    let rows = tx
        .fetch_all(
            "select id, number, subject from issue_report where case_id = $1 order by received_at, id limit 200",
            &[case.into()],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get("number")?, row.get("subject")?))).collect()
}
