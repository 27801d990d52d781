//! Lists of findings: a million of them, read by seeking.

use db::{Row, Tx, Value};
use kernel::{Id, Result, Timestamp, kinds};

use super::super::model::{Finding, FindingId, Kind, Practice, State, TargetId};
use super::way::{Conditions, Way, live_of};
use super::{CHUNK, FINDING, JOINS, finding, places};

/// In which order a list is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Worst first, of equal ones the newest.
    #[default]
    Severity,
    /// Mildest first.
    Mildest,
    /// Open since last first.
    Newest,
    /// Open the longest first.
    Oldest,
    /// By title.
    Title,
    /// By title, from the end.
    TitleDown,
}

impl Sort {
    /// What addresses say.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Mildest => "-severity",
            Self::Newest => "new",
            Self::Oldest => "-new",
            Self::Title => "title",
            Self::TitleDown => "-title",
        }
    }

    /// Reads what an address says.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Severity, Self::Mildest, Self::Newest, Self::Oldest, Self::Title, Self::TitleDown]
            .into_iter()
            .find(|sort| sort.as_str() == text)
    }

    /// Whether the order is that of the indexes by severity.
    pub(super) const fn is_by_severity(self) -> bool {
        matches!(self, Self::Severity | Self::Mildest)
    }

    /// The column before the identifier, and whether the order goes down.
    const fn order(self) -> (&'static str, bool) {
        match self {
            Self::Severity => ("severity", true),
            Self::Mildest => ("severity", false),
            Self::Newest => ("opened_at", true),
            Self::Oldest => ("opened_at", false),
            Self::Title => ("title_key", false),
            Self::TitleDown => ("title_key", true),
        }
    }
}

/// The row from which a page goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The value of the sorted column.
    pub key: String,
    /// The row.
    pub id: FindingId,
    /// Whether the page before it is wanted, not the one after.
    pub back: bool,
}

/// What a list is filtered by; empty and `None` match everything.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The products whose findings may be seen; `None` is all of them.
    pub visible: Option<Vec<Id<kinds::Product>>>,
    /// One product.
    pub product: Option<Id<kinds::Product>>,
    /// One release or branch.
    pub target: Option<TargetId>,
    /// One practice.
    pub practice: Option<Practice>,
    /// One kind of look.
    pub kind: Option<Kind>,
    /// One tool.
    pub tool: String,
    /// One severity.
    pub severity: Option<i64>,
    /// Only what somebody has to do something about.
    pub live: Option<bool>,
    /// One state.
    pub state: Option<State>,
    /// Only those whose acceptance somebody wishes.
    pub waiting: bool,
    /// A CVE or CWE identifier.
    pub mark: String,
    /// The name of a component.
    pub component: String,
    /// How the title begins.
    pub text: String,
    /// Open since this moment or before.
    pub opened_before: Option<Timestamp>,
    /// Open since after this moment.
    pub opened_after: Option<Timestamp>,
    /// Open at this moment, whatever became of it since.
    pub open_at: Option<Timestamp>,
}

/// The columns that a list is in the order of. Where all rows are looked at, they are written so that no index of theirs is
/// chosen for the order's sake.
fn ordered_by(all: &Conditions, way: &Way, sort: Sort) -> (String, &'static str) {
    let (column, _) = sort.order();
    if all.by_mark && sort.is_by_severity() {
        return ("m.severity".to_owned(), "m.finding_id");
    }
    let first = match (way.is_in_order(), column) {
        (true, _) => format!("f.{column}"),
        (false, "title_key") => "(f.title_key || '')".to_owned(),
        (false, _) => format!("(f.{column} + 0)"),
    };
    (first, "f.id")
}

/// Where a seek begins, as a condition.
fn seek(all: &mut Conditions, way: &Way, sort: Sort, cursor: &Cursor) {
    let (column, down) = sort.order();
    let (first, second) = ordered_by(all, way, sort);
    let sign = if down == cursor.back { ">" } else { "<" };
    let key: Value =
        if column == "title_key" { cursor.key.as_str().into() } else { cursor.key.parse::<i64>().unwrap_or(0).into() };
    all.parameters.push(key);
    let place = all.parameters.len();
    all.add(&format!("({first}, {second}) {sign} (${place}, $n)"), cursor.id);
}

/// A page of findings in order, at most `most`, from `cursor` on.
///
/// # Errors
/// When the database does not answer.
pub async fn list_findings(
    tx: &mut Tx,
    (filter, way): (&Filter, &Way),
    sort: Sort,
    cursor: Option<&Cursor>,
    most: u32,
) -> Result<Vec<Finding>> {
    if filter.visible.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let mut all = way.page(filter, sort);
    if let Some(cursor) = cursor {
        seek(&mut all, way, sort, cursor);
    }
    let back = cursor.is_some_and(|cursor| cursor.back);
    let (column, down) = sort.order();
    let direction = if down == back { "asc" } else { "desc" };
    let (first, second) = ordered_by(&all, way, sort);
    let inner_order = format!("{first} {direction}, {second} {direction}");
    let order = format!("f.{column} {direction}, f.id {direction}");
    let from = all.source();
    let one = |all: &Conditions, extra: &str| {
        format!("select f.* from {from} where {extra}{} order by {inner_order} limit {most}", all.joined())
    };
    let branches = branches(&mut all, filter, way, sort);
    let inner = match branches.as_slice() {
        [] => one(&all, ""),
        many => many
            .iter()
            .map(|branch| format!("select * from ({}) b", one(&all, branch)))
            .collect::<Vec<_>>()
            .join(" union all "),
    };
    let sql = format!("{FINDING} ({inner}) f {JOINS} order by {order} limit {most}");
    let mut found: Vec<Finding> =
        tx.fetch_all(sql, &all.parameters).await?.iter().map(finding).collect::<Result<_>>()?;
    if back {
        found.reverse();
    }
    Ok(found)
}

/// The indexes by severity know the product and open from settled first, so a list of several products or of both is
/// several walks, in one statement.
fn branches(all: &mut Conditions, filter: &Filter, way: &Way, sort: Sort) -> Vec<String> {
    if !way.is_in_order() || !sort.is_by_severity() || all.by_mark {
        return Vec::new();
    }
    let mut branches = Vec::new();
    if let (Some(products), None, None) = (&filter.visible, filter.product, filter.target) {
        for product in products {
            all.parameters.push((*product).into());
            branches.push(format!("f.product_id = ${} and ", all.parameters.len()));
        }
    }
    if live_of(filter).is_some() {
        return branches;
    }
    if branches.is_empty() {
        branches.push(String::new());
    }
    let both = |branch: &String| ["true", "false"].map(|live| format!("{branch}f.live = {live} and "));
    branches.iter().flat_map(both).collect()
}

/// How many findings fit, counted up to `most`: a million rows are not counted for one line of text.
///
/// # Errors
/// When the database does not answer.
pub async fn count_findings(tx: &mut Tx, (filter, way): (&Filter, &Way), most: u32) -> Result<i64> {
    let all = way.count(filter);
    let (from, conditions) = (all.source(), all.joined());
    let one = |extra: &str| format!("select 1 as one from {from} where {extra}{conditions} limit {most}");
    // Without open or settled first an index by severity does not serve a severity; see `branches`.
    let inner = if way.is_in_order() && !all.by_mark && live_of(filter).is_none() && filter.severity.is_some() {
        format!(
            "select one from ({}) open union all select one from ({}) settled",
            one("f.live = true and "),
            one("f.live = false and ")
        )
    } else {
        one("")
    };
    let sql = format!("select count(*) as count from (select one from ({inner}) a limit {most}) b");
    Ok(tx.fetch_one(sql, &all.parameters).await?.get("count")?)
}

/// The same finding in the other releases and branches of its product, at most 100.
///
/// # Errors
/// When the database does not answer.
pub async fn list_same(tx: &mut Tx, one: &Finding) -> Result<Vec<Finding>> {
    let sql = format!(
        "{FINDING} verification_finding f {JOINS} where f.product_id = $1 and f.fingerprint = $2 and f.id <> $3
          order by coalesce(r.position, 0) desc, f.id limit 100"
    );
    let parameters = [one.product.into(), one.fingerprint.as_str().into(), one.id.into()];
    tx.fetch_all(sql, &parameters).await?.iter().map(finding).collect()
}

/// The findings of these identifiers, those that exist.
///
/// # Errors
/// When the database does not answer.
pub async fn load_chosen(tx: &mut Tx, ids: &[FindingId]) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let parameters: Vec<Value> = chunk.iter().map(|id| Value::from(*id)).collect();
        let sql = format!("{FINDING} verification_finding f {JOINS} where f.id in ({})", places(1, chunk.len()));
        for row in tx.fetch_all(sql, &parameters).await? {
            found.push(finding(&row)?);
        }
    }
    Ok(found)
}

/// A finding with its document and the reason for its state, for an export.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The finding.
    pub finding: Finding,
    /// As the tool gave it.
    pub document: String,
    /// Why it is where it is, when somebody decided that.
    pub reason: String,
}

/// The findings of a target that are there, by tool, at most 200,000.
///
/// # Errors
/// When the database does not answer.
pub async fn list_export(tx: &mut Tx, target: TargetId) -> Result<Vec<Exported>> {
    let sql = format!(
        "select f.*, t.release_id, t.branch, r.version, p.name as product_name, d.document,
           (select h.reason from verification_history h where h.finding_id = f.id and h.to_state = f.state
             order by h.id desc limit 1) as why
           from verification_finding f {JOINS} left join verification_detail d on d.finding_id = f.id
          where f.target_id = $1 and f.state <> 'fixed' order by f.tool, f.scope, f.id limit 200000"
    );
    let read = |row: &Row| {
        Ok(Exported {
            finding: finding(row)?,
            document: row.get::<Option<String>>("document")?.unwrap_or_default(),
            reason: row.get::<Option<String>>("why")?.unwrap_or_default(),
        })
    };
    tx.fetch_all(sql, &[target.into()]).await?.iter().map(read).collect()
}

/// How many findings of a target there are in each practice, severity and state.
///
/// # Errors
/// When the database does not answer.
pub async fn list_summary(tx: &mut Tx, target: TargetId) -> Result<Vec<(Practice, i64, State, i64)>> {
    let rows = tx
        .fetch_all(
            "select practice, severity, state, count(*) as count from verification_finding
              where target_id = $1 and live in (true, false) group by practice, severity, state",
            &[target.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok((
                row.read("practice", Practice::parse)?,
                row.get("severity")?,
                row.read("state", State::parse)?,
                row.get("count")?,
            ))
        })
        .collect()
}
