//! The release quality standard and what is needed to judge releases by it.

use std::collections::HashMap;

use db::{Tx, Value};
use kernel::{Id, Result, Timestamp, kinds};

use super::super::model::{Class, Judgement, Kind, Practice, Standard};
use super::super::rules::OpenSince;
use super::places;

/// The standards that somebody changed.
///
/// # Errors
/// When the database does not answer.
pub async fn list_standards(tx: &mut Tx) -> Result<HashMap<(Practice, Class), Standard>> {
    let rows = tx.fetch_all("select * from verification_standard", &[]).await?;
    rows.iter()
        .map(|row| {
            let standard = Standard {
                days: [row.get("critical_days")?, row.get("high_days")?, row.get("medium_days")?, row.get("low_days")?],
                fresh: row.get("fresh_days")?,
                revision: row.get("revision")?,
            };
            Ok(((row.read("practice", Practice::parse)?, row.read("class", Class::parse)?), standard))
        })
        .collect()
}

/// Writes a standard; whether the revision was the one that was read.
///
/// # Errors
/// When the database does not answer.
pub async fn set_standard(tx: &mut Tx, practice: Practice, class: Class, standard: &Standard) -> Result<bool> {
    let [critical, high, medium, low] = standard.days;
    let changed = tx
        .execute(
            "insert into verification_standard (practice, class, critical_days, high_days, medium_days, low_days, fresh_days)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (practice, class) do update set critical_days = $3, high_days = $4, medium_days = $5, low_days = $6,
               fresh_days = $7, revision = verification_standard.revision + 1
              where verification_standard.revision = $8",
            &[
                practice.as_str().into(),
                class.as_str().into(),
                critical.into(),
                high.into(),
                medium.into(),
                low.into(),
                standard.fresh.into(),
                standard.revision.into(),
            ],
        )
        .await?;
    Ok(changed > 0)
}

/// A release to judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The release.
    pub release: Id<kinds::Release>,
    /// Of which product.
    pub product: Id<kinds::Product>,
}

/// A condition that keeps to these releases, or to all of them when there are none named.
fn among(releases: &[Id<kinds::Release>]) -> (String, Vec<Value>) {
    if releases.is_empty() {
        return ("t.release_id is not null".to_owned(), Vec::new());
    }
    (
        format!("t.release_id in ({})", places(1, releases.len())),
        releases.iter().map(|release| Value::from(*release)).collect(),
    )
}

/// The releases that have findings or reports; all of them when none is named.
///
/// # Errors
/// When the database does not answer.
pub async fn list_places(tx: &mut Tx, releases: &[Id<kinds::Release>]) -> Result<Vec<Place>> {
    let (condition, parameters) = among(releases);
    let sql = format!("select t.release_id, t.product_id from verification_target t where {condition}");
    let rows = tx.fetch_all(sql, &parameters).await?;
    rows.iter().map(|row| Ok(Place { release: row.get("release_id")?, product: row.get("product_id")? })).collect()
}

/// The open findings of releases by practice, kind, severity and day; all releases when none is named.
///
/// # Errors
/// When the database does not answer.
pub async fn list_open(
    tx: &mut Tx,
    releases: &[Id<kinds::Release>],
) -> Result<HashMap<(Id<kinds::Release>, Practice), Vec<(Kind, OpenSince)>>> {
    let (condition, parameters) = among(releases);
    let sql = format!(
        "select t.release_id, a.practice, a.kind, a.severity, a.opened_day, sum(a.count) as count
           from verification_target t join verification_tally a on a.target_id = t.id
          where {condition} group by t.release_id, a.practice, a.kind, a.severity, a.opened_day"
    );
    let mut found: HashMap<_, Vec<(Kind, OpenSince)>> = HashMap::new();
    for row in tx.fetch_all(sql, &parameters).await? {
        let since = OpenSince { severity: row.get("severity")?, day: row.get("opened_day")?, count: row.get("count")? };
        let kind = row.read("kind", Kind::parse)?;
        found.entry((row.get("release_id")?, row.read("practice", Practice::parse)?)).or_default().push((kind, since));
    }
    Ok(found)
}

/// The last report of a tool for a release.
#[derive(Clone, Debug)]
pub struct LastReport {
    /// What kind of look it was.
    pub kind: Kind,
    /// The tool.
    pub tool: String,
    /// SHA-256 of the report.
    pub sha256: String,
    /// When it came.
    pub at: Timestamp,
}

/// The last report of each tool, by release and practice; all releases when none is named.
///
/// # Errors
/// When the database does not answer.
pub async fn list_last_reports(
    tx: &mut Tx,
    releases: &[Id<kinds::Release>],
) -> Result<HashMap<(Id<kinds::Release>, Practice), Vec<LastReport>>> {
    let (condition, parameters) = among(releases);
    let sql = format!(
        "select t.release_id, i.practice, i.kind, i.tool, i.sha256, i.created_at from verification_target t
           join verification_import i on i.target_id = t.id and i.state = 'done'
          where {condition} and not exists (
            select 1 from verification_import n where n.target_id = i.target_id and n.tool = i.tool and n.state = 'done'
               and n.practice = i.practice and n.kind = i.kind and n.id > i.id)
          order by i.created_at, i.id"
    );
    let mut found: HashMap<_, Vec<LastReport>> = HashMap::new();
    for row in tx.fetch_all(sql, &parameters).await? {
        let report = LastReport {
            kind: row.read("kind", Kind::parse)?,
            tool: row.get("tool")?,
            sha256: row.get("sha256")?,
            at: row.get("created_at")?,
        };
        found.entry((row.get("release_id")?, row.read("practice", Practice::parse)?)).or_default().push(report);
    }
    Ok(found)
}

/// What the views say now; of all releases when none is named.
///
/// # Errors
/// When the database does not answer.
pub async fn list_facts(
    tx: &mut Tx,
    releases: &[Id<kinds::Release>],
) -> Result<HashMap<(Id<kinds::Release>, Practice), Judgement>> {
    let (condition, parameters) = among(releases);
    let sql = format!(
        "select t.release_id, v.practice, v.holds, v.at, v.words from verification_target t
           join verification_fact v on v.release_id = t.release_id where {condition}"
    );
    let rows = tx.fetch_all(sql, &parameters).await?;
    rows.iter()
        .map(|row| {
            let judgement = Judgement { holds: row.get("holds")?, at: row.get("at")?, words: row.get("words")? };
            Ok(((row.get("release_id")?, row.read("practice", Practice::parse)?), judgement))
        })
        .collect()
}

/// Writes what the views say.
///
/// # Errors
/// When the database does not answer.
pub async fn set_facts(tx: &mut Tx, facts: &[(Id<kinds::Release>, Practice, Judgement)]) -> Result<()> {
    let rows = facts
        .iter()
        .map(|(release, practice, judgement)| {
            vec![
                practice.as_str().into(),
                (*release).into(),
                judgement.holds.into(),
                judgement.at.into(),
                judgement.words.as_str().into(),
            ]
        })
        .collect();
    tx.execute_many(
        "insert into verification_fact (practice, release_id, holds, at, words) values ($1, $2, $3, $4, $5)
         on conflict (practice, release_id) do update set holds = excluded.holds, at = excluded.at, words = excluded.words",
        rows,
    )
    .await?;
    Ok(())
}
