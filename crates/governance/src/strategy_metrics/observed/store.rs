//! The figures from the views of the practices. Every measure is one query whose rows are what is counted.

use std::collections::BTreeMap;

use db::{Tx, Value};
use kernel::{RecordRef, Result, Scope};
use web::AsOf;

use super::model::{Figure, Measure};

const DAY: i64 = 86_400_000_000;

/// The views in which the practices say what they know, with the practice.
const FACTS: [(&str, &str); 12] = [
    ("strategy_metrics", "v_strategy_metrics_facts"),
    ("policy_compliance", "v_policy_compliance_facts"),
    ("education_guidance", "v_education_guidance_facts"),
    ("threat_assessment", "v_threat_assessment_facts"),
    ("security_requirements", "v_security_requirements_facts"),
    ("secure_architecture", "v_secure_architecture_facts"),
    ("design_review", "v_design_review_facts"),
    ("implementation_review", "v_implementation_review_facts"),
    ("security_testing", "v_security_testing_facts"),
    ("issue_management", "v_issue_management_facts"),
    ("environment_hardening", "v_environment_hardening_facts"),
    ("operations_enablement", "v_operations_enablement_facts"),
];

/// When and where is counted: parameters 1 to 7 of every query.
const SPAN: &str = "with span as (
    select cast($1 as bigint) as at, cast($2 as text) as day, cast($3 as bigint) as year_ago, cast($4 as bigint) as month_ago,
           cast($5 as text) as family, cast($6 as text) as product, cast($7 as text) as practice)";

/// What tells pieces of evidence that counted at the moment: there, not run out, and looked at by a second person where a
/// person brought them.
const ACCEPTED: &str = "e.made_at <= s.at and (e.ended_at is null or e.ended_at > s.at)
     and (e.valid_until is null or e.valid_until > s.at)
     and (e.source in ('post', 'record') or coalesce((
           select case when r.accepted = true then 1 else 0 end from v_process_review r
            where r.evidence_id = e.evidence_id and r.made_at <= s.at order by r.made_at desc limit 1), 0) = 1)";

/// Where and when a figure is taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window<'a> {
    pub(crate) scope: Scope,
    pub(crate) moment: AsOf,
    /// The practice of the question; empty for all.
    pub(crate) practice: &'a str,
}

impl Window<'_> {
    fn parameters(&self, measure: Option<Measure>) -> Vec<Value> {
        let at = self.moment.at.micros();
        let (family, product) = match self.scope {
            Scope::All => (String::new(), String::new()),
            Scope::Family(family) => (family.to_string(), String::new()),
            Scope::Product { product, .. } => (String::new(), product.to_string()),
        };
        let practice = if measure.is_some_and(Measure::is_of_practice) { self.practice } else { "" };
        let known = FACTS.iter().any(|(name, _)| *name == practice);
        vec![
            at.into(),
            self.moment.day.into(),
            at.saturating_sub(365 * DAY).into(),
            at.saturating_sub(30 * DAY).into(),
            family.into(),
            product.into(),
            if known { practice } else { "" }.into(),
        ]
    }
}

/// The rows of a measure: kind and id of what is counted, its place, and 1 where it holds.
fn rows(measure: Measure) -> String {
    if let Some(fact) = measure.fact() {
        let parts: Vec<String> = FACTS
            .iter()
            .map(|(practice, view)| {
                format!(
                    "select cast('release' as text) as kind, f.release_id as id, p.id as product_id, p.family_id,
                            case when f.holds = true then 1 else 0 end as holds
                       from span s, {view} f join register_release r on r.id = f.release_id
                            join register_product p on p.id = r.product_id
                      where f.fact = '{fact}' and f.at <= s.at and (s.practice = '' or s.practice = '{practice}')"
                )
            })
            .collect();
        return parts.join(" union all ");
    }
    match measure {
        Measure::ProductsClassified => products(
            "exists (select 1 from v_process_profile f
                      where f.product_id = p.id and f.made_at <= s.at and f.made_at > s.year_ago)",
        ),
        Measure::ChampionsNamed => products(
            "exists (select 1 from v_process_team t where (t.product_id = p.id or t.product_id is null)
                        and t.role = 'security_champion' and t.made_at <= s.at and (t.ended_at is null or t.ended_at > s.at))",
        ),
        Measure::Scans => products(
            "exists (select 1 from v_verification_import i where i.product_id = p.id and i.created_at <= s.at
                        and i.created_at > s.month_ago and (s.practice = '' or i.practice = s.practice
                          or s.practice not in ('implementation_review', 'security_testing')))",
        ),
        Measure::Sboms => releases(
            "r.state in ('in_development', 'released') and r.created_at <= s.at
               and (r.support_ends_on is null or r.support_ends_on >= s.day)",
            "exists (select 1 from v_secure_architecture_sbom b where b.release_id = r.id and b.added_at <= s.at)",
        ),
        Measure::ReleasesGated => releases(
            "r.state = 'released' and r.released_on <= s.day
               and r.released_on >= cast(cast(cast(substr(s.day, 1, 4) as bigint) - 1 as text) || substr(s.day, 5) as text)",
            "exists (select 1 from v_process_decision d where d.release_id = r.id and d.made_at <= s.at
                        and d.outcome in ('passed', 'passed_with_exceptions'))",
        ),
        Measure::ThreatModels => releases(
            "exists (select 1 from v_process_plan l where l.release_id = r.id and l.made_at <= s.at
                        and (l.ended_at is null or l.ended_at > s.at))",
            &format!(
                "exists (select 1 from v_process_evidence e where e.kind = 'threat_model' and {ACCEPTED}
                          and (e.release_id = r.id or exists (select 1 from v_process_carried c
                                 join v_process_task t on t.task_id = c.task_id
                                where c.evidence_id = e.evidence_id and t.release_id = r.id and c.made_at <= s.at
                                  and (c.ended_at is null or c.ended_at > s.at)
                                  and (c.holds_until is null or c.holds_until > s.at))))"
            ),
        ),
        Measure::ExceptionsCurrent => "select cast('release' as text) as kind, w.release_id as id, p.id as product_id, p.family_id,
                    case when w.expires_on >= s.day then 1 else 0 end as holds
               from span s, v_process_waiver w join register_release r on r.id = w.release_id
                    join register_product p on p.id = r.product_id
              where w.approved = true and w.decided_at <= s.at and (w.ended_at is null or w.ended_at > s.at)"
            .to_owned(),
        Measure::CasesWithRootCause => closed_cases("k.case_id = c.case_id", ""),
        Measure::CasesForeseen => closed_cases(
            "k.case_id = c.case_id and k.practice <> 'threat_assessment'",
            "and exists (select 1 from v_issue_management_root_cause o where o.case_id = c.case_id and o.made_at <= s.at
                            and (o.ended_at is null or o.ended_at > s.at))",
        ),
        Measure::ReportsAcknowledged => "select cast('case' as text) as kind, c.case_id as id, c.product_id,
                    coalesce(c.family_id, p.family_id) as family_id,
                    case when t.met_at is not null and t.met_at <= t.due_at then 1 else 0 end as holds
               from span s, v_issue_management_target t join v_issue_management_case c on c.case_id = t.case_id
                    left join register_product p on p.id = c.product_id
              where t.step = 'acknowledge' and c.received_at <= s.at and c.received_at > s.year_ago
                and (t.due_at <= s.at or t.met_at <= s.at)"
            .to_owned(),
        Measure::CasesInTime => "select cast('case' as text) as kind, c.case_id as id, c.product_id,
                    coalesce(c.family_id, p.family_id) as family_id,
                    case when exists (select 1 from v_issue_management_target t where t.case_id = c.case_id
                                         and t.due_at <= s.at and (t.met_at is null or t.met_at > t.due_at))
                         then 0 else 1 end as holds
               from span s, v_issue_management_case c left join register_product p on p.id = c.product_id
              where c.received_at <= s.at and c.received_at > s.year_ago
                and exists (select 1 from v_issue_management_target t where t.case_id = c.case_id)"
            .to_owned(),
        Measure::TasksWithEvidence => format!(
            "select cast('release' as text) as kind, x.release_id as id, x.product_id, x.family_id, x.holds
               from ({}) x",
            tasks()
        ),
        Measure::FindingsWithinThreshold
        | Measure::PoliciesAcknowledged
        | Measure::PeopleTrained
        | Measure::RequirementsSelected
        | Measure::RequirementsTraced
        | Measure::SbomsMatched
        | Measure::BaselinesChecked
        | Measure::GuidesPublished => String::new(),
    }
}

fn products(holds: &str) -> String {
    format!(
        "select cast('product' as text) as kind, p.id as id, p.id as product_id, p.family_id,
                case when {holds} then 1 else 0 end as holds
           from span s, register_product p where p.state in ('development', 'active') and p.created_at <= s.at"
    )
}

fn releases(which: &str, holds: &str) -> String {
    format!(
        "select cast('release' as text) as kind, r.id as id, p.id as product_id, p.family_id,
                case when {holds} then 1 else 0 end as holds
           from span s, register_release r join register_product p on p.id = r.product_id where {which}"
    )
}

fn closed_cases(cause: &str, more: &str) -> String {
    format!(
        "select cast('case' as text) as kind, c.case_id as id, c.product_id,
                coalesce(c.family_id, p.family_id) as family_id,
                case when exists (select 1 from v_issue_management_root_cause k where {cause} and k.made_at <= s.at
                                     and (k.ended_at is null or k.ended_at > s.at)) then 1 else 0 end as holds
           from span s, v_issue_management_case c left join register_product p on p.id = c.product_id
          where c.closed_at <= s.at and c.closed_at > s.year_ago
            and (c.outcome is null or c.outcome in ('fixed', 'unsupported')) {more}"
    )
}

/// Tasks that were due, with 1 where accepted evidence was there: the task's own, one shared by all releases, or carried
/// over. What a pipeline posts for a whole release is not any one task's.
fn tasks() -> String {
    format!(
        "select t.task_id, t.activity, t.release_id, p.id as product_id, p.family_id,
                case when exists (select 1 from v_process_evidence e where e.task_id = t.task_id and {ACCEPTED})
                       or exists (select 1 from v_process_evidence e where e.shared_activity = t.activity and {ACCEPTED})
                       or exists (select 1 from v_process_carried c join v_process_evidence e on e.evidence_id = c.evidence_id
                                   where c.task_id = t.task_id and c.made_at <= s.at and (c.ended_at is null or c.ended_at > s.at)
                                     and (c.holds_until is null or c.holds_until > s.at) and {ACCEPTED})
                     then 1 else 0 end as holds
           from span s, v_process_task t join register_product p on p.id = t.product_id
          where t.made_at <= s.at and (t.ended_at is null or t.ended_at > s.at) and t.due_on <= s.day"
    )
}

/// Keeps rows to the place of the window.
const HERE: &str = "(s.family = '' or x.family_id = s.family) and (s.product = '' or x.product_id = s.product)";

/// The figure of a measure.
pub(crate) async fn figure(tx: &mut Tx, measure: Measure, window: &Window<'_>) -> Result<Figure> {
    let sql = format!(
        "{SPAN} select count(*) as of_all, coalesce(sum(x.holds), 0) as holding from span s, ({}) x where {HERE}",
        rows(measure)
    );
    let row = tx.fetch_one(sql, &window.parameters(Some(measure))).await?;
    read(&row)
}

fn read(row: &db::Row) -> Result<Figure> {
    let (of, holds): (i64, i64) = (row.get("of_all")?, row.get("holding")?);
    Ok(Figure { holds: u64::try_from(holds).unwrap_or(0), of: u64::try_from(of).unwrap_or(0) })
}

/// Tasks that were due with accepted evidence, by activity.
pub(crate) async fn by_activity(tx: &mut Tx, window: &Window<'_>) -> Result<BTreeMap<String, Figure>> {
    let sql = format!(
        "{SPAN} select x.activity, count(*) as of_all, coalesce(sum(x.holds), 0) as holding from span s, ({}) x
          where {HERE} group by x.activity",
        tasks()
    );
    let rows = tx.fetch_all(sql, &window.parameters(None)).await?;
    rows.iter().map(|row| Ok((row.get("activity")?, read(row)?))).collect()
}

/// What is counted, those for which it does not hold first; `lacking` leaves the others out.
pub(crate) async fn list(
    tx: &mut Tx,
    measure: Measure,
    window: &Window<'_>,
    lacking: bool,
    limit: u64,
    offset: u64,
) -> Result<Vec<(RecordRef, bool)>> {
    let sql = format!(
        "{SPAN} select x.kind, x.id, x.holds from span s, ({}) x where {HERE} and x.holds < $8
          order by x.holds, x.kind, x.id limit $9 offset $10",
        rows(measure)
    );
    let mut parameters = window.parameters(Some(measure));
    parameters.extend([Value::from(if lacking { 1 } else { 2 }), limit.into(), offset.into()]);
    let rows = tx.fetch_all(sql, &parameters).await?;
    rows.iter().map(|row| Ok((reference(row)?, row.get::<i64>("holds")? == 1))).collect()
}

fn reference(row: &db::Row) -> Result<RecordRef> {
    Ok(RecordRef { kind: row.get("kind")?, id: row.get("id")? })
}

/// A task behind a figure.
pub(crate) struct TaskRow {
    pub(crate) task: String,
    pub(crate) activity: String,
    pub(crate) release: String,
    pub(crate) holds: bool,
}

/// The tasks of some activities that were due, those without accepted evidence first.
pub(crate) async fn list_tasks(
    tx: &mut Tx,
    activities: &[&str],
    window: &Window<'_>,
    lacking: bool,
    limit: u64,
    offset: u64,
) -> Result<Vec<TaskRow>> {
    if activities.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (0..activities.len()).map(|index| format!("${}", index + 11)).collect();
    let sql = format!(
        "{SPAN} select x.task_id, x.activity, x.release_id, x.holds from span s, ({}) x
          where {HERE} and x.holds < $8 and x.activity in ({}) order by x.holds, x.release_id, x.activity, x.task_id
          limit $9 offset $10",
        tasks(),
        places.join(", ")
    );
    let mut parameters = window.parameters(None);
    parameters.extend([Value::from(if lacking { 1 } else { 2 }), limit.into(), offset.into()]);
    parameters.extend(activities.iter().map(|activity| Value::from(*activity)));
    let rows = tx.fetch_all(sql, &parameters).await?;
    rows.iter()
        .map(|row| {
            Ok(TaskRow {
                task: row.get("task_id")?,
                activity: row.get("activity")?,
                release: row.get("release_id")?,
                holds: row.get::<i64>("holds")? == 1,
            })
        })
        .collect()
}
