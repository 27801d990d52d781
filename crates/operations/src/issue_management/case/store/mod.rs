//! Cases in the database: who may see which, the row itself, and what stands beside it.

mod facts;
mod list;
mod members;
mod moving;

use std::collections::HashMap;

use db::{Row, Tx, Value};
use kernel::{Actor, Date, Error, Id, Permission, Result, Scope, kinds};
use platform::Ctx;

use super::model::{Case, CaseId, Outcome, Route, Severity, State, Tlp};
use super::rules::Standing;

pub(super) use facts::{Counts, list_releases, list_reports, load_counts};
pub(crate) use facts::{
    ExposureRow, Names, ReleaseRow, RemediationRow, VulnerabilityRow, list_exposures, list_remediations,
    list_vulnerabilities, load_names,
};
pub(super) use list::{Filter, Listed, count, list, list_assignees, list_products};
pub(super) use members::{
    Member, PersonChoice, delete_member, insert_member, list_candidates, list_members, load_email, set_watches,
};
pub(super) use moving::{copy_members, count_advisories, move_vulnerabilities, move_work};

/// A condition on a case under the name `alias` that holds for the cases `actor` may see: those they are a member of,
/// and those in the places where they lead. The values it needs are added to `parameters`.
pub(crate) fn visible_condition(actor: &Actor, alias: &str, parameters: &mut Vec<Value>) -> String {
    let places = actor.places(Permission::LeadCases);
    if places.contains(&Scope::All) {
        return "1 = 1".to_owned();
    }
    let mut parts = Vec::new();
    if let Some(person) = actor.person() {
        parameters.push(person.into());
        parts.push(format!(
            "exists (select 1 from issue_member own where own.case_id = {alias}.id and own.person_id = ${})",
            parameters.len()
        ));
    }
    for place in places {
        match place {
            Scope::All => {}
            Scope::Family(family) => {
                parameters.push(family.into());
                parts.push(format!("{alias}.family_id = ${}", parameters.len()));
            }
            Scope::Product { product, .. } => {
                parameters.push(product.into());
                parts.push(format!("{alias}.product_id = ${}", parameters.len()));
            }
        }
    }
    if parts.is_empty() { "1 = 0".to_owned() } else { format!("({})", parts.join(" or ")) }
}

/// A case that the actor may see. What they may not see is reported as missing: a guessed identifier must not confirm
/// that an embargoed case exists.
pub(crate) async fn load_visible(tx: &mut Tx, ctx: &Ctx, id: CaseId) -> Result<Case> {
    load_where(tx, ctx, "c.id", id.to_string()).await
}

/// The same by number.
pub(super) async fn load_numbered(tx: &mut Tx, ctx: &Ctx, number: &str) -> Result<Case> {
    load_where(tx, ctx, "c.number", number.trim().to_uppercase()).await
}

async fn load_where(tx: &mut Tx, ctx: &Ctx, column: &str, value: String) -> Result<Case> {
    let missing = Error::NotFound { what: "case" };
    let mut parameters = Vec::new();
    let condition = visible_condition(&ctx.actor, "c", &mut parameters);
    parameters.push(value.into());
    let sql = format!("select c.* from issue_case c where {column} = ${} and {condition}", parameters.len());
    read(&tx.fetch_optional(sql, &parameters).await?.ok_or(missing)?)
}

/// A case without asking who may see it: for the program's own work and for siblings that asked before.
pub(super) async fn load(tx: &mut Tx, id: CaseId) -> Result<Case> {
    let row = tx.fetch_optional("select * from issue_case where id = $1", &[id.into()]).await?;
    read(&row.ok_or(Error::NotFound { what: "case" })?)
}

pub(super) fn read(row: &Row) -> Result<Case> {
    Ok(Case {
        id: row.get("id")?,
        number: row.get("number")?,
        title: row.get("title")?,
        state: row.read("state", State::parse)?,
        outcome: row.read_optional("outcome", Outcome::parse)?,
        outcome_reason: row.get("outcome_reason")?,
        family: row.get("family_id")?,
        product: row.get("product_id")?,
        assignee: row.get("assignee_id")?,
        severity: row.read_optional("severity", Severity::parse)?,
        score: row.get("score")?,
        exploited: row.get("exploited")?,
        tlp: row.read("tlp", Tlp::parse)?,
        encrypted_only: row.get("encrypted_only")?,
        route: row.read("route", Route::parse)?,
        route_exception: row.get("route_exception")?,
        route_reason: row.get("route_reason")?,
        target_release: row.get("target_release_id")?,
        support_override: row.get("support_override")?,
        agreed_disclosure: row.get("agreed_disclosure")?,
        received_at: row.get("received_at")?,
        opened_at: row.get("opened_at")?,
        acknowledged_at: row.get("acknowledged_at")?,
        triaged_at: row.get("triaged_at")?,
        confirmed_at: row.get("confirmed_at")?,
        mitigated_at: row.get("mitigated_at")?,
        fixed_at: row.get("fixed_at")?,
        disclosed_at: row.get("disclosed_at")?,
        closed_at: row.get("closed_at")?,
        merged_into: row.get("merged_into")?,
        revision: row.get("revision")?,
    })
}

fn values(case: &Case) -> Vec<Value> {
    vec![
        case.id.into(),
        case.revision.into(),
        case.title.as_str().into(),
        case.state.as_str().into(),
        case.outcome.map(Outcome::as_str).into(),
        case.outcome_reason.as_str().into(),
        case.family.into(),
        case.product.into(),
        case.assignee.into(),
        case.severity.map(Severity::as_str).into(),
        case.score.into(),
        case.exploited.into(),
        case.tlp.as_str().into(),
        case.encrypted_only.into(),
        case.route.as_str().into(),
        case.route_exception.into(),
        case.route_reason.as_str().into(),
        case.target_release.into(),
        case.support_override.as_str().into(),
        case.agreed_disclosure.into(),
        case.acknowledged_at.into(),
        case.triaged_at.into(),
        case.confirmed_at.into(),
        case.mitigated_at.into(),
        case.fixed_at.into(),
        case.disclosed_at.into(),
        case.closed_at.into(),
        case.merged_into.into(),
        case.received_at.into(),
    ]
}

/// Writes a new case.
pub(super) async fn insert(tx: &mut Tx, case: &Case) -> Result<()> {
    tx.execute(
        "insert into issue_case (id, number, title, state, family_id, product_id, assignee_id, encrypted_only,
           received_at, opened_at, acknowledged_at, tlp)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &[
            case.id.into(),
            case.number.as_str().into(),
            case.title.as_str().into(),
            case.state.as_str().into(),
            case.family.into(),
            case.product.into(),
            case.assignee.into(),
            case.encrypted_only.into(),
            case.received_at.into(),
            case.opened_at.into(),
            case.acknowledged_at.into(),
            case.tlp.as_str().into(),
        ],
    )
    .await?;
    Ok(())
}

/// Writes a case, unless somebody else wrote it since it was loaded; counts its revision up.
pub(super) async fn set(tx: &mut Tx, case: &mut Case) -> Result<()> {
    let changed = tx
        .execute(
            "update issue_case set title = $3, state = $4, outcome = $5, outcome_reason = $6, family_id = $7,
               product_id = $8, assignee_id = $9, severity = $10, score = $11, exploited = $12, tlp = $13,
               encrypted_only = $14, route = $15, route_exception = $16, route_reason = $17, target_release_id = $18,
               support_override = $19, agreed_disclosure = $20, acknowledged_at = $21, triaged_at = $22,
               confirmed_at = $23, mitigated_at = $24, fixed_at = $25, disclosed_at = $26, closed_at = $27,
               merged_into = $28, received_at = $29, revision = revision + 1
             where id = $1 and revision = $2",
            &values(case),
        )
        .await?;
    if changed == 0 {
        return Err(Error::Stale { what: "case" });
    }
    case.revision += 1;
    Ok(())
}

/// Makes other writers of this case wait until the transaction ends.
pub(super) async fn set_locked(tx: &mut Tx, id: CaseId) -> Result<()> {
    tx.execute("update issue_case set revision = revision where id = $1", &[id.into()]).await?;
    Ok(())
}

/// What stands beside the case, in one statement.
pub(super) async fn load_standing(tx: &mut Tx, case: &Case, today: Date) -> Result<Standing> {
    let row = tx
        .fetch_one(
            "with own as (select id, cvss31 from issue_vulnerability where case_id = $1),
             assessed as (select e.release_id, e.status from issue_exposure e join own on own.id = e.vulnerability_id),
             concerned as (
               select r.id, r.support_ends_on from register_release r
                where r.id in (select release_id from assessed where status in ('affected', 'under_investigation'))
                   or (r.product_id = $2 and r.state = 'released' and not exists (select 1 from assessed))),
             helped as (
               select m.vulnerability_id, m.category from issue_remediation m
                 join own on own.id = m.vulnerability_id
                 left join register_release r on r.id = m.release_id
                where m.category in ('vendor_fix', 'mitigation', 'workaround')
                  and (m.available_on <= $3
                       or (m.available_on is null and (m.release_id is null or r.state = 'released'))))
             select (select count(*) from own) as vulnerabilities,
                    (select count(*) from own where cvss31 is null) as unscored,
                    (select count(*) from concerned) as concerned,
                    (select count(*) from concerned where support_ends_on is null or support_ends_on >= $3) as supported,
                    (select count(*) from assessed where status = 'under_investigation') as unsettled,
                    (select count(*) from own where id not in (select vulnerability_id from helped)) as unmitigated,
                    (select count(*) from own where id not in
                       (select vulnerability_id from helped where category = 'vendor_fix')) as unfixed,
                    (select count(*) from issue_report p where p.case_id = $1 and p.channel <> 'desk' and not exists
                       (select 1 from issue_message s where s.report_id = p.id and s.direction = 'out'
                          and s.person_id is not null)) as unanswered,
                    (select count(*) from issue_root_cause k where k.case_id = $1 and k.ended_at is null) as root_causes",
            &[case.id.into(), case.product.into(), today.into()],
        )
        .await?;
    let number = |column: &str| -> Result<u32> { Ok(u32::try_from(row.get::<i64>(column)?).unwrap_or(u32::MAX)) };
    let vulnerabilities = number("vulnerabilities")?;
    Ok(Standing {
        vulnerabilities,
        unscored: number("unscored")?,
        concerned: number("concerned")?,
        supported: number("supported")?,
        unsettled: number("unsettled")?,
        mitigated: vulnerabilities > 0 && number("unmitigated")? == 0,
        fixed: vulnerabilities > 0 && number("unfixed")? == 0,
        unanswered: number("unanswered")?,
        root_cause: number("root_causes")? > 0,
    })
}

/// The worst score of the vulnerabilities of a case, in tenths.
pub(super) async fn load_worst_score(tx: &mut Tx, id: CaseId) -> Result<Option<i64>> {
    let row =
        tx.fetch_one("select max(score) as worst from issue_vulnerability where case_id = $1", &[id.into()]).await?;
    Ok(row.get("worst")?)
}

/// The family of a product.
pub(super) async fn load_family(tx: &mut Tx, product: Id<kinds::Product>) -> Result<Id<kinds::Family>> {
    let row = tx.fetch_optional("select family_id from register_product where id = $1", &[product.into()]).await?;
    Ok(row.ok_or_else(|| Error::invalid("product", "Choose a product from the list."))?.get("family_id")?)
}

/// Numbers and titles of the cases `actor` may see, for cards and links.
pub(super) async fn list_titles(
    tx: &mut Tx,
    actor: &Actor,
    ids: &[String],
) -> Result<HashMap<String, (String, String)>> {
    let mut parameters: Vec<Value> = Vec::new();
    let condition = visible_condition(actor, "c", &mut parameters);
    let places: Vec<String> = ids
        .iter()
        .map(|id| {
            parameters.push(id.as_str().into());
            format!("${}", parameters.len())
        })
        .collect();
    if places.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "select c.id, c.number, c.title from issue_case c where c.id in ({}) and {condition}",
        places.join(", ")
    );
    let rows = tx.fetch_all(sql, &parameters).await?;
    rows.iter().map(|row| Ok((row.get("id")?, (row.get("number")?, row.get("title")?)))).collect()
}
