//! Findings in the database. SQL is in this folder only.

mod day;
mod decision;
mod import;
mod list;
mod standard;
mod tally;
mod way;

use db::{Row, Tx, Value};
use kernel::{Error, Id, Result, Timestamp, kinds};

pub use day::{count_day, insert_day, load_first_day, load_kept_days, set_kept_days};
pub use decision::{
    Carrier, Moved, end_decisions, insert_decisions, insert_history, insert_requests, list_carriers, list_decisions,
    list_history, list_lapsed, list_requests, load_request, set_moved, set_rated, set_request, set_waiting,
};
pub use import::{
    ImportFilter, insert_added, insert_import, insert_target, list_imports, list_known, list_others_with_project,
    list_tools, load_import, load_lock, load_same, set_changed, set_gone, set_import,
};
pub use list::{
    Cursor, Exported, Filter, Sort, count_findings, list_export, list_findings, list_same, list_summary, load_chosen,
};
pub use standard::{
    LastReport, Place, list_facts, list_last_reports, list_open, list_places, list_standards, set_facts, set_standard,
};
#[cfg(test)]
pub use tally::count_wrong_tallies;
pub use tally::{list_releases_of, lock_targets, set_tallies};
pub use way::Way;

use super::model::{Finding, FindingId, Kind, Practice, State, TargetId};

/// A release or branch with findings or reports.
#[derive(Clone, Debug)]
pub struct Target {
    /// Which.
    pub id: TargetId,
    /// Of which product.
    pub product: Id<kinds::Product>,
    /// The release, unless it is a branch.
    pub release: Option<Id<kinds::Release>>,
    /// The version or the branch's name.
    pub name: String,
    /// Where the release stands among those of its product.
    pub position: Option<i64>,
}

/// How many values go into one `in (…)`.
const CHUNK: usize = 400;

/// `$first, $first+1, …` for so many values.
fn places(first: usize, count: usize) -> String {
    (first..first + count).map(|index| format!("${index}")).collect::<Vec<_>>().join(", ")
}

const TARGET: &str = "select t.id, t.product_id, t.release_id, t.branch, r.version, r.position
   from verification_target t left join register_release r on r.id = t.release_id";

fn target(row: &Row) -> Result<Target> {
    Ok(Target {
        id: row.get("id")?,
        product: row.get("product_id")?,
        release: row.get("release_id")?,
        name: row.get::<Option<String>>("version")?.or(row.get("branch")?).unwrap_or_default(),
        position: row.get("position")?,
    })
}

/// One target.
///
/// # Errors
/// Not found, or when the database does not answer.
pub async fn load_target(tx: &mut Tx, id: TargetId) -> Result<Target> {
    let row = tx.fetch_optional(format!("{TARGET} where t.id = $1"), &[id.into()]).await?;
    target(&row.ok_or(Error::NotFound { what: "release" })?)
}

/// The targets of a product: branches by name, then releases, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list_targets(tx: &mut Tx, product: Id<kinds::Product>) -> Result<Vec<Target>> {
    let sql = format!("{TARGET} where t.product_id = $1 order by coalesce(r.position, 0) desc, t.branch, t.id");
    tx.fetch_all(sql, &[product.into()]).await?.iter().map(target).collect()
}

/// The target of a release or branch, when something was sent for it.
///
/// # Errors
/// When the database does not answer.
pub async fn load_target_of(
    tx: &mut Tx,
    product: Id<kinds::Product>,
    release: Option<Id<kinds::Release>>,
    branch: &str,
) -> Result<Option<Target>> {
    let row = match release {
        Some(release) => tx.fetch_optional(format!("{TARGET} where t.release_id = $1"), &[release.into()]).await?,
        None => {
            let sql = format!("{TARGET} where t.product_id = $1 and t.branch = $2");
            tx.fetch_optional(sql, &[product.into(), branch.into()]).await?
        }
    };
    row.as_ref().map(target).transpose()
}

/// The columns of a finding, from `verification_finding f` with its target, release and product.
const FINDING: &str = "select f.*, t.release_id, t.branch, r.version, p.name as product_name from ";
/// What stands after the findings to give these columns.
const JOINS: &str = " join verification_target t on t.id = f.target_id
   left join register_release r on r.id = t.release_id join register_product p on p.id = f.product_id";

fn severity(row: &Row, column: &str) -> Result<scan::Severity> {
    Ok(scan::Severity::from_level(row.get(column)?))
}

fn finding(row: &Row) -> Result<Finding> {
    Ok(Finding {
        id: row.get("id")?,
        product: row.get("product_id")?,
        product_name: row.get("product_name")?,
        target: row.get("target_id")?,
        release: row.get("release_id")?,
        target_name: row.get::<Option<String>>("version")?.or(row.get("branch")?).unwrap_or_default(),
        practice: row.read("practice", Practice::parse)?,
        kind: row.read("kind", Kind::parse)?,
        tool: row.get("tool")?,
        scope: row.get("scope")?,
        fingerprint: row.get("fingerprint")?,
        context: row.get("context")?,
        state: row.read("state", State::parse)?,
        present: row.get("present")?,
        waiting: row.get("waiting")?,
        severity: severity(row, "severity")?,
        tool_severity: severity(row, "tool_severity")?,
        rated: row.get("rated")?,
        title: row.get("title")?,
        rule: row.get("rule")?,
        cwe: row.get("cwe")?,
        cve: row.get("cve")?,
        component: row.get("component")?,
        component_version: row.get("component_version")?,
        fixed_in: row.get("fixed_in")?,
        place: row.get("place")?,
        duplicate_of: row.get("duplicate_of")?,
        accepted_until: row.get("accepted_until")?,
        opened_at: row.get("opened_at")?,
        closed_at: row.get("closed_at")?,
        created_at: row.get("created_at")?,
        revision: row.get("revision")?,
    })
}

/// One finding.
///
/// # Errors
/// Not found, or when the database does not answer.
pub async fn load_finding(tx: &mut Tx, id: FindingId) -> Result<Finding> {
    let sql = format!("{FINDING} verification_finding f {JOINS} where f.id = $1");
    let row = tx.fetch_optional(sql, &[id.into()]).await?;
    finding(&row.ok_or(Error::NotFound { what: "finding" })?)
}

/// The finding as the tool gave it.
///
/// # Errors
/// When the database does not answer.
pub async fn load_document(tx: &mut Tx, id: FindingId) -> Result<serde_json::Value> {
    let row = tx.fetch_optional("select document from verification_detail where finding_id = $1", &[id.into()]).await?;
    let text = row.map(|row| row.get::<String>("document")).transpose()?.unwrap_or_default();
    Ok(serde_json::from_str(&text).unwrap_or(serde_json::Value::Null))
}

/// Makes other writers of this target's findings wait; nothing is changed for readers.
///
/// # Errors
/// When the database does not answer.
pub async fn set_locked(tx: &mut Tx, id: TargetId) -> Result<()> {
    tx.execute("update verification_target set revision = revision + 1 where id = $1", &[id.into()]).await?;
    Ok(())
}

/// A moment or nothing, as a value.
fn moment(at: Option<Timestamp>) -> Value {
    at.into()
}
