//! Evidence and what other practices observe, in the database.

use std::collections::{BTreeMap, HashMap};

use db::{Row, Tx, Value};
use kernel::{Error, Id, Result, Timestamp};
use pack::{EvidenceKind, Fact};
use register::products::ReleaseId;

use super::model::{Evidence, EvidenceId, LiveFact, Review, Source};
use crate::plan::{TaskId, Which};

const EVIDENCE: &str = "select e.* from process_evidence e";
const REVIEW: &str = "select r.evidence_id, r.accepted, r.note, r.reviewer_name, r.made_at from process_review r
   join process_evidence e on e.id = r.evidence_id";

/// Measures as stored: `critical=0 high=2`.
fn measures_text(measures: &BTreeMap<String, u32>) -> String {
    measures.iter().map(|(name, count)| format!("{name}={count}")).collect::<Vec<_>>().join(" ")
}

fn measures_of(text: &str) -> BTreeMap<String, u32> {
    let pair = |part: &str| part.split_once('=').and_then(|(name, count)| Some((name.to_owned(), count.parse().ok()?)));
    text.split(' ').filter_map(pair).collect()
}

fn read(row: &Row) -> Result<Evidence> {
    Ok(Evidence {
        id: row.get("id")?,
        release: row.get("release_id")?,
        task: row.get("task_id")?,
        shared_activity: row.get("shared_activity")?,
        kind: row.read("kind", EvidenceKind::parse)?,
        ordinal: row.get("ordinal")?,
        post: row.get("post")?,
        source: row.read("source", Source::parse)?,
        title: row.get("title")?,
        url: row.get("url")?,
        file: row.get("file_id")?,
        sha256: row.get("sha256")?,
        measures: measures_of(&row.get::<String>("measures")?),
        percent: row.get::<Option<i64>>("percent")?.and_then(|percent| u32::try_from(percent).ok()),
        producer: row.get("producer")?,
        author_id: row.get("author_id")?,
        author_name: row.get("author_name")?,
        produced_at: row.get("produced_at")?,
        valid_until: row.get("valid_until")?,
        made_at: row.get("made_at")?,
        ended_at: row.get("ended_at")?,
        ended_reason: row.get("ended_reason")?,
        reviews: Vec::new(),
    })
}

async fn fill(tx: &mut Tx, evidence: &mut [Evidence], reviews: String, parameters: &[Value]) -> Result<()> {
    let mut by: HashMap<EvidenceId, Vec<Review>> = HashMap::new();
    for row in tx.fetch_all(reviews, parameters).await? {
        by.entry(row.get("evidence_id")?).or_default().push(Review {
            accepted: row.get("accepted")?,
            note: row.get("note")?,
            reviewer: row.get("reviewer_name")?,
            made_at: row.get("made_at")?,
        });
    }
    for one in evidence {
        one.reviews = by.remove(&one.id).unwrap_or_default();
    }
    Ok(())
}

/// The evidence of these releases, and what counts for the whole vendor, with its reviews, the newest last.
pub(crate) async fn list_of(tx: &mut Tx, which: Which, at: Timestamp) -> Result<Vec<Evidence>> {
    let place = which.clause("e.release_id");
    let parameters = [which.parameter(), at.into()];
    let rule = format!("(({place}) or e.shared_activity is not null) and e.made_at <= $2");
    let rows = tx.fetch_all(format!("{EVIDENCE} where {rule} order by e.produced_at, e.id"), &parameters).await?;
    let mut evidence: Vec<Evidence> = rows.iter().map(read).collect::<Result<_>>()?;
    fill(tx, &mut evidence, format!("{REVIEW} where {rule} order by r.made_at, r.id"), &parameters).await?;
    Ok(evidence)
}

/// Evidence of an earlier release on which a task stands.
#[derive(Clone, Debug)]
pub(crate) struct Carried {
    pub(crate) task: TaskId,
    pub(crate) evidence: Evidence,
    pub(crate) until: Option<Timestamp>,
}

/// What tasks of these releases carried over, as it was at a moment.
pub(crate) async fn list_carried(tx: &mut Tx, which: Which, at: Timestamp) -> Result<Vec<Carried>> {
    let place = which.clause("t.release_id");
    let joined = "process_carried c join process_task t on t.id = c.task_id";
    let rule = format!("({place}) and c.made_at <= $2 and (c.ended_at is null or c.ended_at > $2)");
    let parameters = [which.parameter(), at.into()];
    let rows = tx
        .fetch_all(
            format!("select e.*, c.task_id as for_task, c.holds_until from {joined} join process_evidence e on e.id = c.evidence_id where {rule}"),
            &parameters,
        )
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let tasks: Vec<(TaskId, Option<Timestamp>)> =
        rows.iter().map(|row| Ok((row.get("for_task")?, row.get("holds_until")?))).collect::<Result<_>>()?;
    let mut evidence: Vec<Evidence> = rows.iter().map(read).collect::<Result<_>>()?;
    let reviews =
        format!("{REVIEW} where e.id in (select c.evidence_id from {joined} where {rule}) order by r.made_at, r.id");
    // The same evidence may be carried by several tasks, so reviews are given to each copy.
    let mut by: HashMap<EvidenceId, Vec<Review>> = HashMap::new();
    for row in tx.fetch_all(reviews, &parameters).await? {
        by.entry(row.get("evidence_id")?).or_default().push(Review {
            accepted: row.get("accepted")?,
            note: row.get("note")?,
            reviewer: row.get("reviewer_name")?,
            made_at: row.get("made_at")?,
        });
    }
    for one in &mut evidence {
        one.reviews = by.get(&one.id).cloned().unwrap_or_default();
    }
    Ok(tasks.into_iter().zip(evidence).map(|((task, until), evidence)| Carried { task, evidence, until }).collect())
}

/// One row for each piece that a task carries over.
pub(crate) async fn insert_carried(
    tx: &mut Tx,
    rows: Vec<(TaskId, EvidenceId, Option<Timestamp>)>,
    now: Timestamp,
) -> Result<()> {
    let rows =
        rows.into_iter().map(|(task, evidence, until)| vec![task.into(), evidence.into(), until.into(), now.into()]);
    tx.execute_many(
        "insert into process_carried (task_id, evidence_id, holds_until, made_at) values ($1, $2, $3, $4)
         on conflict (task_id, evidence_id) do nothing",
        rows.collect(),
    )
    .await?;
    Ok(())
}

/// Ends what these tasks carried over, since what it stood on has changed.
pub(crate) async fn set_carried_ended(tx: &mut Tx, tasks: &[TaskId], now: Timestamp) -> Result<()> {
    let rows = tasks.iter().map(|task| vec![now.into(), (*task).into()]).collect();
    tx.execute_many("update process_carried set ended_at = $1 where task_id = $2 and ended_at is null", rows).await?;
    Ok(())
}

/// The pieces of evidence that a task carries over now.
pub(crate) fn carried_of(carried: &[Carried], task: TaskId) -> impl Iterator<Item = &Carried> {
    carried.iter().filter(move |one| one.task == task)
}

/// The views in which the practices say what they know.
const VIEWS: [&str; 12] = [
    "v_strategy_metrics_facts",
    "v_policy_compliance_facts",
    "v_education_guidance_facts",
    "v_threat_assessment_facts",
    "v_security_requirements_facts",
    "v_secure_architecture_facts",
    "v_design_review_facts",
    "v_implementation_review_facts",
    "v_security_testing_facts",
    "v_issue_management_facts",
    "v_environment_hardening_facts",
    "v_operations_enablement_facts",
];

/// What the practices know about these releases, as it was at a moment: where several speak of one fact, it holds when
/// all of them say so. What held until an earlier moment is told with its end.
pub(crate) async fn list_facts(tx: &mut Tx, which: Which, at: Timestamp) -> Result<HashMap<ReleaseId, Vec<LiveFact>>> {
    let place = which.clause("release_id");
    let parts: Vec<String> = VIEWS
        .iter()
        .map(|view| {
            format!(
                "select release_id, fact, holds, at, until, words from {view}
                  where ({place}) and at <= $2 and (holds = true or until is null or until > $2)"
            )
        })
        .collect();
    let rows = tx.fetch_all(parts.join(" union all "), &[which.parameter(), at.into()]).await?;
    let mut facts: HashMap<ReleaseId, Vec<LiveFact>> = HashMap::new();
    for row in rows {
        // A fact that this version does not know is another practice's business.
        let Some(fact) = Fact::parse(&row.get::<String>("fact")?) else { continue };
        let found = LiveFact {
            fact,
            holds: row.get("holds")?,
            at: row.get("at")?,
            until: row.get("until")?,
            words: row.get("words")?,
        };
        let list = facts.entry(row.get("release_id")?).or_default();
        match list.iter_mut().find(|known| known.fact == fact) {
            None => list.push(found),
            Some(known) => known.join(found, at),
        }
    }
    Ok(facts)
}

/// One piece with its reviews.
pub(super) async fn load(tx: &mut Tx, release: ReleaseId, id: EvidenceId) -> Result<Evidence> {
    let row = tx
        .fetch_optional(format!("{EVIDENCE} where e.id = $1 and e.release_id = $2"), &[id.into(), release.into()])
        .await?
        .ok_or(Error::NotFound { what: "evidence" })?;
    let mut evidence = [read(&row)?];
    fill(tx, &mut evidence, format!("{REVIEW} where e.id = $1 order by r.made_at, r.id"), &[id.into()]).await?;
    let [evidence] = evidence;
    Ok(evidence)
}

/// The piece that was posted with exactly this content before.
pub(super) async fn load_post(tx: &mut Tx, release: ReleaseId, digest: &str) -> Result<Option<EvidenceId>> {
    let row = tx
        .fetch_optional(
            "select id from process_evidence where release_id = $1 and post_digest = $2 and ended_at is null",
            &[release.into(), digest.into()],
        )
        .await?;
    Ok(row.map(|row| row.get("id")).transpose()?)
}

/// What another practice recorded last of a kind, also when it was taken away since.
pub(super) async fn load_record(
    tx: &mut Tx,
    release: ReleaseId,
    kind: EvidenceKind,
    post: Option<&str>,
) -> Result<Option<Evidence>> {
    let row = tx
        .fetch_optional(
            format!(
                "{EVIDENCE} where e.release_id = $1 and e.source = 'record' and e.kind = $2 and coalesce(e.post, '') = $3
                  order by e.made_at desc, e.id desc limit 1"
            ),
            &[release.into(), kind.id().into(), post.unwrap_or_default().into()],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

pub(super) async fn insert(tx: &mut Tx, evidence: &Evidence, post_digest: Option<&str>) -> Result<()> {
    tx.execute(
        "insert into process_evidence (id, release_id, task_id, shared_activity, kind, ordinal, post, source, title, url,
           file_id, sha256, measures, percent, producer, author_id, author_name, produced_at, valid_until, post_digest, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
        &[
            evidence.id.into(),
            evidence.release.into(),
            evidence.task.into(),
            evidence.shared_activity.clone().into(),
            evidence.kind.id().into(),
            evidence.ordinal.into(),
            evidence.post.clone().into(),
            evidence.source.as_str().into(),
            evidence.title.as_str().into(),
            evidence.url.as_str().into(),
            evidence.file.into(),
            evidence.sha256.as_str().into(),
            measures_text(&evidence.measures).into(),
            evidence.percent.map(i64::from).into(),
            evidence.producer.as_str().into(),
            evidence.author_id.as_str().into(),
            evidence.author_name.as_str().into(),
            evidence.produced_at.into(),
            evidence.valid_until.into(),
            post_digest.into(),
            evidence.made_at.into(),
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn insert_review(
    tx: &mut Tx,
    id: Id<Review>,
    evidence: EvidenceId,
    review: &Review,
    reviewer: Id<kernel::kinds::Person>,
) -> Result<()> {
    tx.execute(
        "insert into process_review (id, evidence_id, accepted, note, reviewer_id, reviewer_name, made_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        &[
            id.into(),
            evidence.into(),
            review.accepted.into(),
            review.note.as_str().into(),
            reviewer.into(),
            review.reviewer.as_str().into(),
            review.made_at.into(),
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn set_ended(tx: &mut Tx, id: EvidenceId, reason: &str, by: &str, now: Timestamp) -> Result<()> {
    let ended = tx
        .execute(
            "update process_evidence set ended_at = $1, ended_reason = $2, ended_by = $3 where id = $4 and ended_at is null",
            &[now.into(), reason.into(), by.into(), id.into()],
        )
        .await?;
    if ended == 0 { Err(Error::Stale { what: "evidence" }) } else { Ok(()) }
}
