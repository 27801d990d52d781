//! Lists of findings: a million of them, read by seeking.

use db::{Row, Tx, Value};
use kernel::{Id, Result, Timestamp, kinds};

use super::super::model::{Finding, FindingId, Kind, Practice, State, TargetId};
use super::super::report::key_of;
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

/// Conditions with their parameters.
struct Conditions {
    text: Vec<String>,
    parameters: Vec<Value>,
}

impl Conditions {
    fn add(&mut self, condition: &str, value: impl Into<Value>) {
        self.parameters.push(value.into());
        self.text.push(condition.replace("$n", &format!("${}", self.parameters.len())));
    }

    fn joined(&self) -> String {
        if self.text.is_empty() { "1 = 1".to_owned() } else { self.text.join(" and ") }
    }
}

/// The first text that does not begin with `key`, which has letters and digits only.
fn after_prefix(key: &str) -> String {
    let mut chars: Vec<char> = key.chars().collect();
    if let Some(last) = chars.pop() {
        chars.push(char::from_u32(u32::from(last) + 1).unwrap_or(char::MAX));
    }
    chars.into_iter().collect()
}

/// Where the rows come from: with an identifier, its marks come first, in their own order.
///
/// `cross join` keeps the order of the two on SQLite; PostgreSQL plans by its statistics.
fn source(filter: &Filter) -> &'static str {
    if filter.mark.is_empty() {
        "verification_finding f"
    } else {
        "verification_mark m cross join verification_finding f"
    }
}

/// Whether a part of the filter leaves few rows, so that its index is the one to walk.
fn leaves_few(filter: &Filter) -> bool {
    !filter.mark.is_empty()
        || !filter.component.is_empty()
        || !key_of(&filter.text).is_empty()
        || filter.opened_before.is_some()
        || filter.opened_after.is_some()
        || filter.open_at.is_some()
}

/// The conditions of a filter. Next to one that leaves `few` rows, or an order that has its own index, those that leave
/// half of the rows are written so that no index is chosen for their sake.
fn conditions(filter: &Filter, few: bool) -> Conditions {
    let mut all = Conditions { text: Vec::new(), parameters: Vec::new() };
    let key = key_of(&filter.text);
    if !filter.mark.is_empty() {
        all.add("m.mark = $n", filter.mark.to_uppercase());
        all.text.push("f.id = m.finding_id".to_owned());
    }
    if let Some(target) = filter.target {
        all.add("f.target_id = $n", target);
    }
    if let Some(product) = filter.product {
        all.add("f.product_id = $n", product);
    }
    let wide = |column: &str| if few { format!("(f.{column} || '') = $n") } else { format!("f.{column} = $n") };
    if let Some(practice) = filter.practice {
        all.add(&wide("practice"), practice.as_str());
    }
    if let Some(kind) = filter.kind {
        all.add(&wide("kind"), kind.as_str());
    }
    if !filter.tool.is_empty() {
        all.add(&wide("tool"), filter.tool.as_str());
    }
    if let Some(severity) = filter.severity {
        all.add(if few { "(f.severity + 0) = $n" } else { "f.severity = $n" }, severity);
    }
    match (filter.state, filter.live) {
        (Some(state), _) => {
            all.add(&wide("state"), state.as_str());
            if !few {
                all.add("f.live = $n", state.is_live());
            }
        }
        (None, Some(live)) => all.add(if few { "coalesce(f.live, true) = $n" } else { "f.live = $n" }, live),
        (None, None) => {}
    }
    if filter.waiting {
        all.text.push("f.waiting = true".to_owned());
    }
    if !filter.component.is_empty() {
        all.add("f.component_key = $n", filter.component.to_lowercase());
    }
    if !key.is_empty() {
        all.add("f.title_key >= $n", key.as_str());
        all.add("f.title_key < $n", after_prefix(&key));
    }
    if let Some(before) = filter.opened_before {
        all.add("f.opened_at <= $n", before);
    }
    if let Some(after) = filter.opened_after {
        all.add("f.opened_at > $n", after);
    }
    if let Some(at) = filter.open_at {
        all.add("f.opened_at <= $n", at);
        all.add("(f.live = true or f.closed_at > $n)", at);
    }
    all
}

/// The columns that a list is in the order of.
fn ordered_by(filter: &Filter, sort: Sort) -> (String, &'static str) {
    let (column, _) = sort.order();
    if !filter.mark.is_empty() && column == "severity" {
        ("m.severity".to_owned(), "m.finding_id")
    } else {
        (format!("f.{column}"), "f.id")
    }
}

/// Where a seek begins, as a condition.
fn seek(all: &mut Conditions, filter: &Filter, sort: Sort, cursor: &Cursor) {
    let (column, down) = sort.order();
    let (first, second) = ordered_by(filter, sort);
    let sign = if down == cursor.back { ">" } else { "<" };
    let key: Value =
        if column == "title_key" { cursor.key.as_str().into() } else { cursor.key.parse::<i64>().unwrap_or(0).into() };
    all.parameters.push(key);
    let place = all.parameters.len();
    all.add(&format!("({first}, {second}) {sign} (${place}, $n)"), cursor.id);
}

/// A page of findings in order, at most `most`, from `cursor` on.
///
/// People who see some products only get one branch of the statement for each, so that every branch is an index walk;
/// it stays one statement.
///
/// # Errors
/// When the database does not answer.
pub async fn list_findings(
    tx: &mut Tx,
    filter: &Filter,
    sort: Sort,
    cursor: Option<&Cursor>,
    most: u32,
) -> Result<Vec<Finding>> {
    let by_severity = sort.order().0 == "severity";
    let few = leaves_few(filter) || !by_severity;
    let mut all = conditions(filter, few);
    if let Some(cursor) = cursor {
        seek(&mut all, filter, sort, cursor);
    }
    let back = cursor.is_some_and(|cursor| cursor.back);
    let (column, down) = sort.order();
    let way = if down == back { "asc" } else { "desc" };
    let (first, second) = ordered_by(filter, sort);
    let inner_order = format!("{first} {way}, {second} {way}");
    let order = format!("f.{column} {way}, f.id {way}");
    let from = source(filter);
    let conditions = all.joined();
    let one =
        |extra: &str| format!("select f.* from {from} where {extra}{conditions} order by {inner_order} limit {most}");
    let mut branches = vec![String::new()];
    if let (Some(products), None, None) = (&filter.visible, filter.product, filter.target) {
        branches.clear();
        for product in products {
            all.parameters.push((*product).into());
            branches.push(format!("f.product_id = ${} and ", all.parameters.len()));
        }
    }
    // The indexes by severity know open from settled first, so a list of both is two walks.
    if !few && filter.state.is_none() && filter.live.is_none() {
        let both = |branch: &String| ["true", "false"].map(|live| format!("{branch}f.live = {live} and "));
        branches = branches.iter().flat_map(both).collect();
    }
    let inner = match branches.as_slice() {
        [] => return Ok(Vec::new()),
        [only] => one(only),
        many => many
            .iter()
            .map(|branch| format!("select * from ({}) b", one(branch)))
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

/// How many findings fit, counted up to `most`: a million rows are not counted for one line of text.
///
/// # Errors
/// When the database does not answer.
pub async fn count_findings(tx: &mut Tx, filter: &Filter, most: u32) -> Result<i64> {
    let mut all = conditions(filter, leaves_few(filter));
    if let (Some(products), None, None) = (&filter.visible, filter.product, filter.target) {
        if products.is_empty() {
            return Ok(0);
        }
        let list = places(all.parameters.len() + 1, products.len());
        all.parameters.extend(products.iter().map(|id| Value::from(*id)));
        all.text.push(format!("f.product_id in ({list})"));
    }
    let sql = format!(
        "select count(*) as count from (select 1 as one from {} where {} limit {most}) b",
        source(filter),
        all.joined()
    );
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
            "select practice, severity, state, count(*) as count from verification_finding where target_id = $1
              group by practice, severity, state",
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

#[cfg(test)]
mod tests {
    use super::after_prefix;

    #[test]
    fn a_prefix_ends_before_its_successor() {
        assert_eq!(after_prefix("sql"), "sqm");
        assert_eq!(after_prefix(""), "");
    }
}
