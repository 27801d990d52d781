//! The list of cases: one statement for the rows, one for their number, whatever is filtered.

use db::{Row, Tx, Value};
use kernel::{Actor, Id, Result, Timestamp, kinds};

use super::super::model::{CaseId, Outcome, Severity, State};
use super::visible_condition;
use crate::issue_management::policy::Step;

/// What the list is filtered by; empty texts match everything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// `open`, `any` or one state.
    pub(crate) state: String,
    /// A severity, or `unrated`.
    pub(crate) severity: String,
    /// A product.
    pub(crate) product: String,
    /// A family.
    pub(crate) family: String,
    /// A person, or `nobody`.
    pub(crate) assignee: String,
    /// Only cases with a missed target.
    pub(crate) overdue: bool,
    /// Only cases that this person is assigned to or a member of.
    pub(crate) mine: Option<Id<kinds::Person>>,
    /// Part of the number, the title or a CVE id.
    pub(crate) text: String,
    /// `number`, `title`, `severity`, `state`, `due`, `assignee` or `received`; with `-` before it descending.
    pub(crate) sort: String,
}

/// A case as the list shows it.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    /// Which one.
    pub(crate) id: CaseId,
    /// Its number.
    pub(crate) number: String,
    /// Its title.
    pub(crate) title: String,
    /// Where it stands.
    pub(crate) state: State,
    /// How it ended.
    pub(crate) outcome: Option<Outcome>,
    /// Its severity.
    pub(crate) severity: Option<Severity>,
    /// Its score in tenths.
    pub(crate) score: Option<i64>,
    /// Whether its severity stands.
    pub(crate) confirmed: bool,
    /// Whether it is exploited.
    pub(crate) exploited: bool,
    /// The product's name.
    pub(crate) product: Option<String>,
    /// The family's name.
    pub(crate) family: Option<String>,
    /// The assignee's name.
    pub(crate) assignee: Option<String>,
    /// When it came.
    pub(crate) received_at: Timestamp,
    /// The next target.
    pub(crate) step: Option<Step>,
    /// When it is due.
    pub(crate) due_at: Option<Timestamp>,
    /// Whether somebody was warned of it.
    pub(crate) warned: bool,
}

const FROM: &str = "from issue_case c
   left join register_product p on p.id = c.product_id
   left join register_family f on f.id = c.family_id
   left join person a on a.id = c.assignee_id
   left join (select k.case_id, k.step, k.due_at, k.warned_at,
                     row_number() over (partition by k.case_id order by k.due_at, k.step) as place
                from issue_clock k where k.met_at is null) n on n.case_id = c.id and n.place = 1";

fn conditions(actor: &Actor, filter: &Filter, now: Timestamp) -> (String, Vec<Value>) {
    let mut parameters: Vec<Value> = Vec::new();
    let mut parts = vec![visible_condition(actor, "c", &mut parameters)];
    let mut equals = |column: &str, value: &str, parts: &mut Vec<String>| {
        if !value.is_empty() {
            parameters.push(value.into());
            parts.push(format!("{column} = ${}", parameters.len()));
        }
    };
    match filter.state.as_str() {
        "" | "open" => parts.push("c.state <> 'closed'".to_owned()),
        "any" => {}
        state => equals("c.state", state, &mut parts),
    }
    match filter.severity.as_str() {
        "unrated" => parts.push("c.severity is null".to_owned()),
        severity => equals("c.severity", severity, &mut parts),
    }
    match filter.assignee.as_str() {
        "nobody" => parts.push("c.assignee_id is null".to_owned()),
        assignee => equals("c.assignee_id", assignee, &mut parts),
    }
    equals("c.product_id", &filter.product, &mut parts);
    equals("c.family_id", &filter.family, &mut parts);
    if filter.overdue {
        parameters.push(now.into());
        parts.push(format!("n.due_at < ${}", parameters.len()));
    }
    if let Some(person) = filter.mine {
        parameters.push(person.into());
        let place = parameters.len();
        parts.push(format!(
            "(c.assignee_id = ${place} or exists
               (select 1 from issue_member mine where mine.case_id = c.id and mine.person_id = ${place}))"
        ));
    }
    let text: String = filter.text.trim().to_lowercase().replace(['%', '_', '\\'], "");
    if !text.is_empty() {
        parameters.push(format!("%{text}%").into());
        let place = parameters.len();
        parts.push(format!(
            "(lower(c.number) like ${place} or lower(c.title) like ${place} or exists
               (select 1 from issue_vulnerability v where v.case_id = c.id and lower(v.cve) like ${place}))"
        ));
    }
    (parts.join(" and "), parameters)
}

fn order(sort: &str) -> String {
    let (name, direction) = sort.strip_prefix('-').map_or((sort, "asc"), |name| (name, "desc"));
    let rank = "case c.severity when 'critical' then 5 when 'high' then 4 when 'medium' then 3 when 'low' then 2
                 when 'none' then 1 else 0 end";
    let stage = "case c.state when 'triage' then 1 when 'confirmed' then 2 when 'fixing' then 3 when 'ready' then 4
                  when 'published' then 5 else 6 end";
    let key = match name {
        "number" => "c.number".to_owned(),
        "title" => "lower(c.title)".to_owned(),
        "severity" => format!("{rank} {direction}, coalesce(c.score, -1)"),
        "state" => stage.to_owned(),
        "assignee" => "lower(coalesce(a.name, ''))".to_owned(),
        "received" => "c.received_at".to_owned(),
        // Cases without a target come last either way.
        _ => return format!("case when n.due_at is null then 1 else 0 end, n.due_at {direction}, c.id"),
    };
    format!("{key} {direction}, c.id {direction}")
}

/// The cases of one page.
pub(crate) async fn list(
    tx: &mut Tx,
    actor: &Actor,
    filter: &Filter,
    now: Timestamp,
    page: web::Page,
) -> Result<Vec<Listed>> {
    let (condition, mut parameters) = conditions(actor, filter, now);
    parameters.push(page.size.into());
    parameters.push(page.offset().into());
    let sql = format!(
        "select c.id, c.number, c.title, c.state, c.outcome, c.severity, c.score, c.confirmed_at, c.exploited,
                c.received_at, p.name as product_name, f.name as family_name, a.name as assignee_name,
                n.step, n.due_at, n.warned_at
           {FROM} where {condition} order by {} limit ${} offset ${}",
        order(&filter.sort),
        parameters.len() - 1,
        parameters.len()
    );
    tx.fetch_all(sql, &parameters).await?.iter().map(read).collect()
}

/// How many cases the filter lets pass.
pub(crate) async fn count(tx: &mut Tx, actor: &Actor, filter: &Filter, now: Timestamp) -> Result<u64> {
    let (condition, parameters) = conditions(actor, filter, now);
    let row = tx.fetch_one(format!("select count(*) as cases {FROM} where {condition}"), &parameters).await?;
    Ok(u64::try_from(row.get::<i64>("cases")?).unwrap_or(0))
}

fn read(row: &Row) -> Result<Listed> {
    Ok(Listed {
        id: row.get("id")?,
        number: row.get("number")?,
        title: row.get("title")?,
        state: row.read("state", State::parse)?,
        outcome: row.read_optional("outcome", Outcome::parse)?,
        severity: row.read_optional("severity", Severity::parse)?,
        score: row.get("score")?,
        confirmed: row.get::<Option<Timestamp>>("confirmed_at")?.is_some(),
        exploited: row.get("exploited")?,
        product: row.get("product_name")?,
        family: row.get("family_name")?,
        assignee: row.get("assignee_name")?,
        received_at: row.get("received_at")?,
        step: row.read_optional("step", Step::parse)?,
        due_at: row.get("due_at")?,
        warned: row.get::<Option<Timestamp>>("warned_at")?.is_some(),
    })
}

/// Families and products to choose from: identifier of the family, its name, identifier and name of the product.
pub(crate) async fn list_products(tx: &mut Tx) -> Result<Vec<(String, String, String, String)>> {
    let rows = tx
        .fetch_all(
            "select f.id as family_id, f.name as family_name, p.id, p.name
               from register_product p join register_family f on f.id = p.family_id
              where p.state <> 'archived' and f.state = 'active' order by lower(f.name), lower(p.name), p.id",
            &[],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((row.get("family_id")?, row.get("family_name")?, row.get("id")?, row.get("name")?)))
        .collect()
}

/// The people who are assigned to a case that the actor may see.
pub(crate) async fn list_assignees(tx: &mut Tx, actor: &Actor) -> Result<Vec<(String, String)>> {
    let mut parameters = Vec::new();
    let condition = visible_condition(actor, "c", &mut parameters);
    let sql = format!(
        "select a.id, a.name from person a where exists
           (select 1 from issue_case c where c.assignee_id = a.id and {condition}) order by lower(a.name), a.id"
    );
    let rows = tx.fetch_all(sql, &parameters).await?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get("name")?))).collect()
}
