//! What the overview counts and the search finds.

use db::{Tx, Value};
use kernel::{Actor, Permission, Result, Scope, Timestamp};
use platform::finders::{Found, pattern};

use crate::issue_management::advisory::{may_see_cases, visible_cases};

/// A case with the clock that ends next.
#[derive(Clone, Debug)]
pub(super) struct MyCase {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) title: String,
    pub(super) state: String,
    pub(super) severity: String,
    pub(super) step: String,
    pub(super) due_at: Option<Timestamp>,
}

/// Open cases that the person leads the work on or watches, what is due first at the top.
pub(super) async fn list_my_cases(tx: &mut Tx, actor: &Actor, most: u32) -> Result<Vec<MyCase>> {
    let Some(person) = actor.person() else { return Ok(Vec::new()) };
    let rows = tx
        .fetch_all(
            "select c.id, c.number, c.title, c.state, coalesce(c.severity, '') as severity, k.step, k.due_at
               from issue_case c
               left join issue_clock k on k.case_id = c.id and k.met_at is null
                and k.due_at = (select min(o.due_at) from issue_clock o where o.case_id = c.id and o.met_at is null)
              where c.state <> 'closed'
                and (c.assignee_id = $1 or exists (select 1 from issue_member m where m.case_id = c.id and m.person_id = $1))
              order by case when k.due_at is null then 1 else 0 end, k.due_at, c.opened_at desc, k.step limit $2",
            &[person.into(), most.into()],
        )
        .await?;
    let mut list: Vec<MyCase> = Vec::new();
    for row in &rows {
        let id: String = row.get("id")?;
        // Two targets may end at the same moment; the case stands here once.
        if list.iter().any(|known| known.id == id) {
            continue;
        }
        list.push(MyCase {
            id,
            number: row.get("number")?,
            title: row.get("title")?,
            state: row.get("state")?,
            severity: row.get("severity")?,
            step: row.get::<Option<String>>("step")?.unwrap_or_default(),
            due_at: row.get("due_at")?,
        });
    }
    Ok(list)
}

/// What waits, in figures.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) open_cases: i64,
    pub(super) overdue: i64,
    pub(super) new_reports: i64,
    pub(super) in_review: i64,
    pub(super) scheduled: i64,
    pub(super) products: i64,
    pub(super) people: i64,
    pub(super) published: i64,
}

/// A condition on a report under the name `r` for the places where the actor may read reports.
pub(super) fn readable_reports(actor: &Actor, parameters: &mut Vec<Value>) -> String {
    let places = actor.places(Permission::ReadReports);
    if places.contains(&Scope::All) {
        return "1 = 1".to_owned();
    }
    let mut parts = Vec::new();
    for place in places {
        let (column, value): (&str, Value) = match place {
            Scope::All => continue,
            Scope::Family(family) => ("family_id", family.into()),
            Scope::Product { product, .. } => ("product_id", product.into()),
        };
        parameters.push(value);
        parts.push(format!("r.{column} = ${}", parameters.len()));
    }
    if parts.is_empty() { "1 = 0".to_owned() } else { format!("({})", parts.join(" or ")) }
}

/// All figures in one statement.
pub(super) async fn load_counts(tx: &mut Tx, actor: &Actor, now: Timestamp) -> Result<Counts> {
    let mut parameters: Vec<Value> = vec![now.into()];
    let cases = visible_cases(actor, "c", &mut parameters);
    let reports = readable_reports(actor, &mut parameters);
    let sql = format!(
        "select
           (select count(*) from issue_case c where c.state <> 'closed' and {cases}) as open_cases,
           (select count(distinct k.case_id) from issue_clock k join issue_case c on c.id = k.case_id
             where k.met_at is null and k.due_at < $1 and c.state <> 'closed' and {cases}) as overdue,
           (select count(*) from issue_report r where r.state = 'new' and {reports}) as new_reports,
           (select count(*) from issue_advisory a join issue_case c on c.id = a.case_id
             where a.state = 'in_review' and {cases}) as in_review,
           (select count(*) from issue_advisory a join issue_case c on c.id = a.case_id
             where a.state = 'scheduled' and {cases}) as scheduled,
           (select count(*) from register_product) as products,
           (select count(*) from person) as people,
           (select count(*) from issue_publication where current = true) as published"
    );
    let row = tx.fetch_one(sql, &parameters).await?;
    Ok(Counts {
        open_cases: row.get("open_cases")?,
        overdue: row.get("overdue")?,
        new_reports: row.get("new_reports")?,
        in_review: row.get("in_review")?,
        scheduled: row.get("scheduled")?,
        products: row.get("products")?,
        people: row.get("people")?,
        published: row.get("published")?,
    })
}

/// A report that nobody took up yet.
#[derive(Clone, Debug)]
pub(super) struct NewReport {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) subject: String,
    pub(super) received_at: Timestamp,
}

/// New reports in the actor's places, the oldest first.
pub(super) async fn list_new_reports(tx: &mut Tx, actor: &Actor, most: u32) -> Result<Vec<NewReport>> {
    let mut parameters = Vec::new();
    let condition = readable_reports(actor, &mut parameters);
    parameters.push(most.into());
    let sql = format!(
        "select r.id, r.number, r.subject, r.received_at from issue_report r
          where r.state = 'new' and r.classification <> 'spam' and {condition} order by r.received_at, r.id limit ${}",
        parameters.len()
    );
    tx.fetch_all(sql, &parameters)
        .await?
        .iter()
        .map(|row| {
            Ok(NewReport {
                id: row.get("id")?,
                number: row.get("number")?,
                subject: row.get("subject")?,
                received_at: row.get("received_at")?,
            })
        })
        .collect()
}

/// Runs a search that gives identifier, number and title.
async fn find(tx: &mut Tx, sql: String, parameters: Vec<Value>, folder: &str) -> Result<Vec<Found>> {
    tx.fetch_all(sql, &parameters)
        .await?
        .iter()
        .map(|row| {
            Ok(Found {
                link: format!("/desk/{folder}/{}", row.get::<String>("id")?),
                number: row.get("number")?,
                title: row.get("title")?,
            })
        })
        .collect()
}

/// Cases by number, title or CVE.
pub(super) async fn find_cases(tx: &mut Tx, actor: &Actor, words: &str) -> Result<Vec<Found>> {
    if !may_see_cases(actor) {
        return Ok(Vec::new());
    }
    let mut parameters: Vec<Value> = vec![pattern(words).into()];
    let visible = visible_cases(actor, "c", &mut parameters);
    let sql = format!(
        "select c.id, c.number, c.title from issue_case c
          where {visible} and (lower(c.number) like $1 or lower(c.title) like $1 or exists (
                select 1 from issue_vulnerability v where v.case_id = c.id and (lower(v.cve) like $1 or lower(v.title) like $1)))
          order by c.opened_at desc, c.id limit 20"
    );
    find(tx, sql, parameters, "cases").await
}

/// Reports by number, subject or sender.
pub(super) async fn find_reports(tx: &mut Tx, actor: &Actor, words: &str) -> Result<Vec<Found>> {
    if !actor.may_somewhere(Permission::ReadReports) {
        return Ok(Vec::new());
    }
    let mut parameters: Vec<Value> = vec![pattern(words).into()];
    let readable = readable_reports(actor, &mut parameters);
    let visible = visible_cases(actor, "c", &mut parameters);
    // A report that went into a case is as confidential as the case.
    let sql = format!(
        "select r.id, r.number, r.subject as title from issue_report r left join issue_case c on c.id = r.case_id
          where {readable} and (r.case_id is null or {visible})
            and (lower(r.number) like $1 or lower(r.subject) like $1 or lower(r.sender_address) like $1)
          order by r.received_at desc, r.id limit 20"
    );
    find(tx, sql, parameters, "reports").await
}

/// Advisories by number, title or CVE.
pub(super) async fn find_advisories(tx: &mut Tx, actor: &Actor, words: &str) -> Result<Vec<Found>> {
    if !actor.may_somewhere(Permission::WriteAdvisories) {
        return Ok(Vec::new());
    }
    let mut parameters: Vec<Value> = vec![pattern(words).into()];
    let visible = visible_cases(actor, "c", &mut parameters);
    let sql = format!(
        "select a.id, a.number, a.title from issue_advisory a join issue_case c on c.id = a.case_id
          where {visible} and (lower(a.number) like $1 or lower(a.title) like $1 or exists (
                select 1 from issue_vulnerability v where v.case_id = c.id and lower(v.cve) like $1))
          order by a.created_at desc, a.id limit 20"
    );
    find(tx, sql, parameters, "advisories").await
}
