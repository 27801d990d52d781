//! The views that the figures are counted from, as of a moment.

use db::{Row, Tx, Value};
use kernel::{Result, Timestamp};
use register::products::ProductId;

use super::model::{
    AffectedRow, DecisionRow, FieldRow, FindingCount, PersonRow, ProfileRow, ScoreRow, TargetRow, TeamRow, WaiverRow,
};
use crate::strategy_metrics::lens::Lens;

/// The profiles that held.
pub(super) async fn list_profiles(tx: &mut Tx, at: Timestamp) -> Result<Vec<ProfileRow>> {
    let rows = tx
        .fetch_all(
            "select product_id, open_questions, review_on from v_process_profile
              where made_at <= $1 and (ended_at is null or ended_at > $1)",
            &[at.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ProfileRow {
                product: row.get("product_id")?,
                open_questions: row.get("open_questions")?,
                review_on: row.get("review_on")?,
            })
        })
        .collect()
}

/// The parts that people had.
pub(super) async fn list_teams(tx: &mut Tx, at: Timestamp) -> Result<Vec<TeamRow>> {
    let rows = tx
        .fetch_all(
            "select product_id, person_id, role from v_process_team
              where made_at <= $1 and (ended_at is null or ended_at > $1)",
            &[at.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(TeamRow { product: row.get("product_id")?, person: row.get("person_id")?, role: row.get("role")? })
        })
        .collect()
}

/// The people who work here, of those who were known then.
pub(super) async fn list_people(tx: &mut Tx, at: Timestamp) -> Result<Vec<PersonRow>> {
    let rows = tx
        .fetch_all(
            "select person_id, name from v_platform_person where state = 'active' and created_at <= $1
              order by lower(name), person_id",
            &[at.into()],
        )
        .await?;
    rows.iter().map(|row| Ok(PersonRow { id: row.get("person_id")?, name: row.get("name")? })).collect()
}

/// The decisions at gates, the newest first.
pub(super) async fn list_decisions(tx: &mut Tx, at: Timestamp) -> Result<Vec<DecisionRow>> {
    let rows = tx
        .fetch_all(
            "select release_id, gate, outcome, made_at from v_process_decision where made_at <= $1
              order by made_at desc, decision_id desc",
            &[at.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(DecisionRow {
                release: row.get("release_id")?,
                gate: row.get("gate")?,
                outcome: row.get("outcome")?,
                made_at: row.get("made_at")?,
            })
        })
        .collect()
}

/// The approved exceptions that were not ended.
pub(super) async fn list_waivers(tx: &mut Tx, at: Timestamp) -> Result<Vec<WaiverRow>> {
    let rows = tx
        .fetch_all(
            "select w.release_id, w.kind, w.expires_on, t.practice, t.activity
               from v_process_waiver w join v_process_task t on t.task_id = w.task_id
              where w.approved = true and w.decided_at <= $1 and (w.ended_at is null or w.ended_at > $1)
                and t.made_at <= $1 and (t.ended_at is null or t.ended_at > $1)
              order by w.expires_on, w.waiver_id",
            &[at.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(WaiverRow {
                release: row.get("release_id")?,
                practice: row.get("practice")?,
                activity: row.get("activity")?,
                kind: row.get("kind")?,
                expires_on: row.get("expires_on")?,
            })
        })
        .collect()
}

/// The condition that keeps findings to the products of the lens, from `$first` on.
fn of_products(lens: &Lens, first: usize) -> (String, Vec<Value>) {
    if lens.whole {
        return ("1 = 1".to_owned(), Vec::new());
    }
    let products: Vec<ProductId> = lens.shown().map(|product| product.id).collect();
    if products.is_empty() {
        return ("1 = 0".to_owned(), Vec::new());
    }
    let places: Vec<String> = (first..first + products.len()).map(|place| format!("${place}")).collect();
    (format!("product_id in ({})", places.join(", ")), products.into_iter().map(Value::from).collect())
}

fn finding(row: &Row) -> Result<FindingCount> {
    Ok(FindingCount {
        severity: row.get("severity")?,
        age: row.get("age")?,
        state: row.get("state")?,
        count: row.get("count")?,
    })
}

/// Findings that are open, by severity, state and age in days, from the counts that are kept of them.
pub(super) async fn list_open_findings(tx: &mut Tx, lens: &Lens) -> Result<Vec<FindingCount>> {
    let (place, mut more) = of_products(lens, 4);
    let today = lens.at.micros() / 86_400_000_000;
    let mut parameters: Vec<Value> = vec![(today - 7).into(), (today - 30).into(), (today - 90).into()];
    parameters.append(&mut more);
    let sql = format!(
        "select severity, state, age, sum(count) as count from (
           select severity, state, count, case when opened_day > $1 then 'week' when opened_day > $2 then 'month'
                                               when opened_day > $3 then 'quarter' else 'older' end as age
             from v_verification_open where {place}) counted
         group by severity, state, age"
    );
    tx.fetch_all(sql, &parameters).await?.iter().map(finding).collect()
}

/// Findings that were open on a past day, by severity and age, where that day is kept.
pub(super) async fn list_kept_findings(tx: &mut Tx, lens: &Lens) -> Result<Option<Vec<FindingCount>>> {
    let sql = "select first_day, last_day from v_verification_day_kept where first_day <= $1 and last_day >= $1";
    if tx.fetch_optional(sql, &[lens.day().into()]).await?.is_none() {
        return Ok(None);
    }
    let (place, mut more) = of_products(lens, 2);
    let mut parameters: Vec<Value> = vec![lens.day().into()];
    parameters.append(&mut more);
    let sql = format!(
        "select severity, cast('' as text) as state, age, sum(count) as count from v_verification_day
          where day = $1 and {place} group by severity, age"
    );
    Ok(Some(tx.fetch_all(sql, &parameters).await?.iter().map(finding).collect::<Result<_>>()?))
}

/// Findings that were open on a past day, by severity and age, in one pass over all of them: there may be a million.
pub(super) async fn list_past_findings(tx: &mut Tx, lens: &Lens) -> Result<Vec<FindingCount>> {
    let (place, mut more) = of_products(lens, 5);
    let mut parameters: Vec<Value> = [0_u64, 7, 30, 90]
        .into_iter()
        .map(|days| (lens.at - std::time::Duration::from_secs(days * 86_400)).into())
        .collect();
    parameters.append(&mut more);
    let sql = format!(
        "select severity, cast('' as text) as state, age, count(*) as count from (
           select severity, case when opened_at > $2 then 'week' when opened_at > $3 then 'month'
                                 when opened_at > $4 then 'quarter' else 'older' end as age
             from v_verification_finding where opened_at <= $1 and (live = true or closed_at > $1) and {place}) counted
         group by severity, age"
    );
    tx.fetch_all(sql, &parameters).await?.iter().map(finding).collect()
}

/// The response targets of cases that were no mistake.
pub(super) async fn list_targets(tx: &mut Tx, at: Timestamp) -> Result<Vec<TargetRow>> {
    let rows = tx
        .fetch_all(
            "select t.case_id, c.product_id, c.severity, t.step, t.started_at, t.due_at, t.met_at
               from v_issue_management_target t join v_issue_management_case c on c.case_id = t.case_id
              where t.started_at <= $1 and t.provisional = false
                and (c.outcome is null or c.outcome in ('fixed', 'unsupported'))
              order by t.due_at, t.case_id, t.step",
            &[at.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(TargetRow {
                case: row.get("case_id")?,
                product: row.get("product_id")?,
                severity: row.get::<Option<String>>("severity")?.unwrap_or_default(),
                step: row.get("step")?,
                started_at: row.get("started_at")?,
                due_at: row.get("due_at")?,
                met_at: row.get("met_at")?,
            })
        })
        .collect()
}

/// Confirmed cases with the number of their vulnerabilities, the newest first.
pub(super) async fn list_field(tx: &mut Tx, at: Timestamp) -> Result<Vec<FieldRow>> {
    let rows = tx
        .fetch_all(
            "select c.case_id, c.product_id, c.severity, c.confirmed_at, count(v.vulnerability_id) as vulnerabilities
               from v_issue_management_case c join v_issue_management_vulnerability v on v.case_id = c.case_id
              where c.confirmed_at <= $1 and (c.outcome is null or c.outcome in ('fixed', 'unsupported'))
              group by c.case_id, c.product_id, c.severity, c.confirmed_at
              order by c.confirmed_at desc, c.case_id",
            &[at.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(FieldRow {
                case: row.get("case_id")?,
                product: row.get("product_id")?,
                severity: row.get::<Option<String>>("severity")?.unwrap_or_default(),
                confirmed_at: row.get("confirmed_at")?,
                vulnerabilities: row.get("vulnerabilities")?,
            })
        })
        .collect()
}

/// Releases by the vulnerabilities that affect them now, or that they fix.
pub(super) async fn list_affected(tx: &mut Tx, at: Timestamp) -> Result<Vec<AffectedRow>> {
    let rows = tx
        .fetch_all(
            "select e.release_id, count(case when e.status = 'affected' then 1 end) as affected,
                    count(case when e.status = 'fixed' then 1 end) as fixed
               from v_issue_management_exposure e
               join v_issue_management_vulnerability v on v.vulnerability_id = e.vulnerability_id
               join v_issue_management_case c on c.case_id = v.case_id
              where e.status in ('affected', 'fixed') and e.changed_at <= $1 and c.confirmed_at <= $1
                and (c.outcome is null or c.outcome in ('fixed', 'unsupported'))
              group by e.release_id",
            &[at.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(AffectedRow {
                release: row.get("release_id")?,
                affected: row.get("affected")?,
                fixed: row.get("fixed")?,
            })
        })
        .collect()
}

/// The scores of the assessments that were finished, the oldest first.
pub(super) async fn list_scores(tx: &mut Tx, at: Timestamp) -> Result<Vec<ScoreRow>> {
    let rows = tx
        .fetch_all(
            "select assessment_id, assessment, model, scope_kind, family_id, product_id, assessed_on, practice_title, score
               from v_strategy_metrics_scores where finished_at <= $1
              order by assessed_on, finished_at, assessment_id, position",
            &[at.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ScoreRow {
                assessment: row.get("assessment_id")?,
                name: row.get("assessment")?,
                model: row.get("model")?,
                family: row.get("family_id")?,
                product: row.get("product_id")?,
                place: row.get("scope_kind")?,
                assessed_on: row.get("assessed_on")?,
                practice: row.get("practice_title")?,
                score: row.get("score")?,
            })
        })
        .collect()
}
