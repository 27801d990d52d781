//! Reports and what they change.

use db::{Row, Tx, Value};
use kernel::{Error, Id, Result, Timestamp, kinds};

use super::super::bodies::{Bodies, Body, Reader};
use super::super::compare::{Changed, Changes, Known, Standing};
use super::super::model::{Counts, FindingId, Import, ImportId, Kind, Practice, Progress, State, TargetId};
use super::super::report::{Incoming, key_of};
use super::{CHUNK, Target, load_target_of, moment, places};

/// How many new findings are handed to the database at once: enough to be fast, few enough to stay small in memory.
const AT_ONCE: usize = 2_500;
/// How many known findings are read at once.
const KNOWN_AT_ONCE: usize = 10_000;

const IMPORT: &str = "select i.*, t.release_id, t.branch, r.version, p.name as product_name
   from verification_import i join verification_target t on t.id = i.target_id
   left join register_release r on r.id = t.release_id join register_product p on p.id = i.product_id";

fn import(row: &Row) -> Result<Import> {
    Ok(Import {
        id: row.get("id")?,
        target: row.get("target_id")?,
        release: row.get("release_id")?,
        product: row.get("product_id")?,
        product_name: row.get("product_name")?,
        target_name: row.get::<Option<String>>("version")?.or(row.get("branch")?).unwrap_or_default(),
        state: row.read("state", Progress::parse)?,
        practice: Practice::parse(&row.get::<String>("practice")?),
        kind: Kind::parse(&row.get::<String>("kind")?),
        tool: row.get("tool")?,
        scanners: row.get("scanners")?,
        scope: row.get("scope")?,
        file: row.get("file_id")?,
        file_name: row.get("file_name")?,
        sha256: row.get("sha256")?,
        size: row.get("size")?,
        asked_tool: row.get("asked_tool")?,
        confirmed: row.get("confirmed")?,
        problem: row.get("problem")?,
        warnings: row.get("warnings")?,
        counts: Counts {
            total: row.get("total")?,
            added: row.get("added")?,
            kept: row.get("kept")?,
            changed: row.get("changed")?,
            closed: row.get("closed")?,
            reopened: row.get("reopened")?,
            carried: row.get("carried")?,
        },
        by_name: row.get("by_name")?,
        created_at: row.get("created_at")?,
        finished_at: row.get("finished_at")?,
    })
}

/// One import.
///
/// # Errors
/// Not found, or when the database does not answer.
pub async fn load_import(tx: &mut Tx, id: ImportId) -> Result<Import> {
    let row = tx.fetch_optional(format!("{IMPORT} where i.id = $1"), &[id.into()]).await?;
    import(&row.ok_or(Error::NotFound { what: "import" })?)
}

/// What the list of imports is filtered by.
#[derive(Clone, Debug, Default)]
pub struct ImportFilter {
    /// The products whose imports may be seen; `None` is all of them.
    pub products: Option<Vec<Id<kinds::Product>>>,
    /// One target.
    pub target: Option<TargetId>,
    /// Older than this one.
    pub before: Option<ImportId>,
}

/// Imports, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list_imports(tx: &mut Tx, filter: &ImportFilter, most: u32) -> Result<Vec<Import>> {
    let mut parameters: Vec<Value> = vec![most.into()];
    let mut conditions = vec!["1 = 1".to_owned()];
    if let Some(before) = filter.before {
        parameters.push(before.into());
        conditions.push(format!("i.id < ${}", parameters.len()));
    }
    if let Some(target) = filter.target {
        parameters.push(target.into());
        conditions.push(format!("i.target_id = ${}", parameters.len()));
    }
    if let Some(products) = &filter.products {
        if products.is_empty() {
            return Ok(Vec::new());
        }
        conditions.push(format!("i.product_id in ({})", places(parameters.len() + 1, products.len())));
        parameters.extend(products.iter().map(|id| Value::from(*id)));
    }
    let sql = format!("{IMPORT} where {} order by i.id desc limit $1", conditions.join(" and "));
    tx.fetch_all(sql, &parameters).await?.iter().map(import).collect()
}

/// The tools that brought findings so far.
///
/// # Errors
/// When the database does not answer.
pub async fn list_tools(tx: &mut Tx) -> Result<Vec<String>> {
    let sql = "select distinct tool from verification_import where tool <> '' order by tool";
    tx.fetch_all(sql, &[]).await?.iter().map(|row| Ok(row.get("tool")?)).collect()
}

/// The import that says all that these bytes say: the last one of its tool and scope since a moment, or one that is still
/// being read, when nothing that it brought was called fixed since.
///
/// # Errors
/// When the database does not answer.
pub async fn load_same(
    tx: &mut Tx,
    target: TargetId,
    (sha256, scope, tool): (&str, &str, &str),
    since: Timestamp,
) -> Result<Option<Import>> {
    let sql = format!(
        "{IMPORT} where i.target_id = $1 and i.sha256 = $2 and i.scope = $3 and i.asked_tool = $4
            and (i.state = 'waiting' or (i.state = 'done' and i.created_at > $5
              and not exists (select 1 from verification_import l where l.target_id = i.target_id and l.tool = i.tool
                and l.scope = i.scope and l.state = 'done' and l.id > i.id)
              and not exists (select 1 from verification_finding f where f.target_id = i.target_id and f.live = false
                and f.state = 'fixed' and f.present = true and f.by_tool = false and f.tool = i.tool and f.scope = i.scope)))
          order by i.id desc limit 1"
    );
    let row = tx.fetch_optional(sql, &[target.into(), sha256.into(), scope.into(), tool.into(), since.into()]).await?;
    row.as_ref().map(import).transpose()
}

/// Whether reports of this product named this project before, and the name of another product whose reports did.
///
/// # Errors
/// When the database does not answer.
pub async fn list_others_with_project(
    tx: &mut Tx,
    product: Id<kinds::Product>,
    project: &str,
) -> Result<(bool, Option<String>)> {
    let rows = tx
        .fetch_all(
            "select distinct i.product_id, p.name from verification_import i join register_product p on p.id = i.product_id
              where i.project = $1 and i.state = 'done' order by p.name, i.product_id limit 50",
            &[project.into()],
        )
        .await?;
    let mut seen_here = false;
    let mut other = None;
    for row in &rows {
        if row.get::<Id<kinds::Product>>("product_id")? == product {
            seen_here = true;
        } else {
            other = Some(row.get("name")?);
        }
    }
    Ok((seen_here, other))
}

/// The target of a release or branch, made when there is none yet.
///
/// # Errors
/// When the database does not answer.
pub async fn insert_target(
    tx: &mut Tx,
    id: TargetId,
    product: Id<kinds::Product>,
    release: Option<Id<kinds::Release>>,
    branch: &str,
    now: Timestamp,
) -> Result<Target> {
    if let Some(target) = load_target_of(tx, product, release, branch).await? {
        return Ok(target);
    }
    let branch_value = if release.is_some() { Value::Null } else { branch.into() };
    tx.execute(
        "insert into verification_target (id, product_id, release_id, branch, created_at) values ($1, $2, $3, $4, $5)
         on conflict do nothing",
        &[id.into(), product.into(), release.into(), branch_value, now.into()],
    )
    .await?;
    load_target_of(tx, product, release, branch).await?.ok_or_else(|| Error::internal("a target was not stored"))
}

/// Adds an import.
///
/// # Errors
/// When the database does not answer.
pub async fn insert_import(tx: &mut Tx, import: &Import, project: &str) -> Result<()> {
    tx.execute(
        "insert into verification_import (id, target_id, product_id, state, practice, kind, tool, scanners, scope, project,
           file_id, file_name, sha256, size, asked_tool, confirmed, by_name, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        &[
            import.id.into(),
            import.target.into(),
            import.product.into(),
            import.state.as_str().into(),
            import.practice.map_or("", Practice::as_str).into(),
            import.kind.map_or("", Kind::as_str).into(),
            import.tool.as_str().into(),
            import.scanners.as_str().into(),
            import.scope.as_str().into(),
            project.into(),
            import.file.into(),
            import.file_name.as_str().into(),
            import.sha256.as_str().into(),
            import.size.into(),
            import.asked_tool.as_str().into(),
            import.confirmed.into(),
            import.by_name.as_str().into(),
            import.created_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Writes how an import ended.
///
/// # Errors
/// When the database does not answer.
pub async fn set_import(tx: &mut Tx, import: &Import, project: &str) -> Result<()> {
    let counts = import.counts;
    tx.execute(
        "update verification_import set state = $1, practice = $2, kind = $3, tool = $4, scanners = $5, project = $6,
           problem = $7, warnings = $8, total = $9, added = $10, kept = $11, changed = $12, closed = $13, reopened = $14,
           carried = $15, finished_at = $16 where id = $17",
        &[
            import.state.as_str().into(),
            import.practice.map_or("", Practice::as_str).into(),
            import.kind.map_or("", Kind::as_str).into(),
            import.tool.as_str().into(),
            import.scanners.as_str().into(),
            project.into(),
            import.problem.as_str().into(),
            import.warnings.as_str().into(),
            counts.total.into(),
            counts.added.into(),
            counts.kept.into(),
            counts.changed.into(),
            counts.closed.into(),
            counts.reopened.into(),
            counts.carried.into(),
            moment(import.finished_at),
            import.id.into(),
        ],
    )
    .await?;
    Ok(())
}

/// What is known of a target from one tool and scope.
///
/// # Errors
/// When the database does not answer.
pub async fn list_known(tx: &mut Tx, target: TargetId, tool: &str, scope: &str) -> Result<Vec<Known>> {
    let mut found: Vec<Known> = Vec::new();
    loop {
        let (sign, last) = found.last().map_or((">=", ""), |known| (">", known.fingerprint.as_str()));
        let sql = format!(
            "select id, fingerprint, context, content, state, present, by_tool, rated, severity, tool_severity, opened_at
               from verification_finding where target_id = $1 and tool = $2 and scope = $3 and fingerprint {sign} $4
              order by fingerprint limit {KNOWN_AT_ONCE}"
        );
        let rows = tx.fetch_all(sql, &[target.into(), tool.into(), scope.into(), last.into()]).await?;
        let is_last = rows.len() < KNOWN_AT_ONCE;
        found.reserve(rows.len());
        for row in rows {
            found.push(known(&row)?);
        }
        if is_last {
            return Ok(found);
        }
    }
}

fn known(row: &Row) -> Result<Known> {
    Ok(Known {
        id: row.get("id")?,
        fingerprint: row.get("fingerprint")?,
        context: row.get("context")?,
        content: row.get("content")?,
        state: row.read("state", State::parse)?,
        present: row.get("present")?,
        by_tool: row.get("by_tool")?,
        rated: row.get("rated")?,
        severity: row.get("severity")?,
        tool_severity: row.get("tool_severity")?,
        opened_at: row.get("opened_at")?,
    })
}

/// Whether the import is still to be read; locks its row.
///
/// # Errors
/// When the database does not answer.
pub async fn load_lock(tx: &mut Tx, id: ImportId) -> Result<bool> {
    let changed = tx
        .execute("update verification_import set state = state where id = $1 and state = 'waiting'", &[id.into()])
        .await?;
    Ok(changed == 1)
}

/// Adds new findings with their documents and marks; `ids` has one for each.
///
/// # Errors
/// When the database does not answer.
pub async fn insert_added(
    tx: &mut Tx,
    import: &Import,
    (added, ids): (&[(&Incoming, Standing)], &[FindingId]),
    bodies: &Bodies,
    now: Timestamp,
) -> Result<()> {
    let mut reader = bodies.reader();
    for (part, ids) in added.chunks(AT_ONCE).zip(ids.chunks(AT_ONCE)) {
        insert_part(tx, import, (part, ids), &mut reader, now).await?;
    }
    Ok(())
}

fn body_of<'r>(reader: &'r mut Reader<'_>, finding: &Incoming) -> Result<&'r Body> {
    reader.get(finding.body).ok_or_else(|| Error::internal("a finding of a report is lost"))
}

async fn insert_part(
    tx: &mut Tx,
    import: &Import,
    (part, ids): (&[(&Incoming, Standing)], &[FindingId]),
    reader: &mut Reader<'_>,
    now: Timestamp,
) -> Result<()> {
    let mut rows = Vec::with_capacity(part.len());
    let mut documents = Vec::with_capacity(part.len());
    let mut marks = Vec::new();
    for ((finding, standing), id) in part.iter().zip(ids) {
        let body = body_of(reader, finding)?;
        rows.push(added_row(import, (finding, body), standing, *id, now));
        documents.push(vec![(*id).into(), body.document.as_str().into()]);
        marks.extend(marks_of(body, *id, standing.severity));
    }
    tx.execute_many(
        "insert into verification_finding (id, product_id, target_id, practice, kind, tool, scope, fingerprint, context,
           content, state, live, present, by_tool, severity, tool_severity, rated, title, title_key, rule, cwe, cve, component,
           component_key, component_version, fixed_in, place, first_import, decision_id, duplicate_of, accepted_until,
           opened_at, closed_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, \
         $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)",
        rows,
    )
    .await?;
    tx.execute_many("insert into verification_detail (finding_id, document) values ($1, $2)", documents).await?;
    insert_marks(tx, marks).await
}

fn added_row(
    import: &Import,
    (finding, body): (&Incoming, &Body),
    standing: &Standing,
    id: FindingId,
    now: Timestamp,
) -> Vec<Value> {
    let live = standing.state.is_live();
    let mut row = vec![
        id.into(),
        import.product.into(),
        import.target.into(),
        import.practice.map_or("", Practice::as_str).into(),
        import.kind.map_or("", Kind::as_str).into(),
        import.tool.as_str().into(),
        import.scope.as_str().into(),
        finding.fingerprint.as_str().into(),
        finding.context.as_str().into(),
        finding.content.as_str().into(),
        standing.state.as_str().into(),
        live.into(),
        true.into(),
        standing.by_tool.into(),
        standing.severity.into(),
        finding.severity.into(),
        standing.rated.into(),
    ];
    row.extend(texts(body));
    row.extend([
        if import.file_name.is_empty() { Value::Null } else { import.id.into() },
        standing.decision.as_deref().into(),
        standing.duplicate_of.as_deref().into(),
        standing.until.into(),
        now.into(),
        if live { Value::Null } else { now.into() },
        now.into(),
    ]);
    row
}

/// The texts of a finding, in the order of their columns.
fn texts(body: &Body) -> [Value; 10] {
    [
        body.title.as_str().into(),
        key_of(&body.title).into(),
        body.rule.as_str().into(),
        body.cwe.as_str().into(),
        body.cve.as_str().into(),
        body.component.as_str().into(),
        body.component.to_lowercase().into(),
        body.component_version.as_str().into(),
        body.fixed_in.as_str().into(),
        body.place.as_str().into(),
    ]
}

fn marks_of(body: &Body, id: FindingId, severity: i64) -> Vec<Vec<Value>> {
    let mut marks: Vec<&str> = body.cve.split(' ').chain(body.cwe.split(' ')).filter(|mark| !mark.is_empty()).collect();
    marks.sort_unstable();
    marks.dedup();
    marks.into_iter().map(|mark| vec![mark.to_uppercase().into(), id.into(), severity.into()]).collect()
}

async fn insert_marks(tx: &mut Tx, marks: Vec<Vec<Value>>) -> Result<()> {
    tx.execute_many(
        "insert into verification_mark (mark, finding_id, severity) values ($1, $2, $3) on conflict do nothing",
        marks,
    )
    .await?;
    Ok(())
}

/// Writes what a report says anew of known findings, and how they stand now.
///
/// # Errors
/// When the database does not answer.
pub async fn set_changed(tx: &mut Tx, changes: &Changes<'_>, bodies: &Bodies, now: Timestamp) -> Result<()> {
    let mut reader = bodies.reader();
    for part in changes.changed.chunks(AT_ONCE) {
        set_part(tx, part, &mut reader, now).await?;
    }
    Ok(())
}

async fn set_part(tx: &mut Tx, part: &[Changed<'_>], reader: &mut Reader<'_>, now: Timestamp) -> Result<()> {
    let mut texts = Vec::new();
    let mut documents = Vec::new();
    let mut states = Vec::new();
    let mut marks = Vec::new();
    let mut ids = Vec::new();
    for (known, finding, standing) in part {
        let body = body_of(reader, finding)?;
        texts.push(text_row(known, (finding, body), standing.as_ref()));
        let severity = standing.as_ref().map_or(known.severity, |standing| standing.severity);
        if known.content != finding.content {
            documents.push(vec![body.document.as_str().into(), known.id.into()]);
        }
        if known.content != finding.content || severity != known.severity {
            marks.extend(marks_of(body, known.id, severity));
            ids.push(Value::from(known.id));
        }
        if let Some(standing) = standing.as_ref().filter(|standing| standing.state != known.state || !known.present) {
            states.push(state_row(known, standing, now));
        }
    }
    tx.execute_many(
        "update verification_finding set context = $1, content = $2, present = true, severity = $3, tool_severity = $4,
           rated = $5, title = $6, title_key = $7, rule = $8, cwe = $9, cve = $10, component = $11, component_key = $12,
           component_version = $13, fixed_in = $14, place = $15, revision = revision + 1 where id = $16",
        texts,
    )
    .await?;
    tx.execute_many("update verification_detail set document = $1 where finding_id = $2", documents).await?;
    tx.execute_many(
        "update verification_finding set state = $1, live = $2, by_tool = $3, decision_id = $4, duplicate_of = $5,
           accepted_until = $6, opened_at = $7, closed_at = $8, waiting = false where id = $9",
        states,
    )
    .await?;
    for chunk in ids.chunks(CHUNK) {
        let sql = format!("delete from verification_mark where finding_id in ({})", places(1, chunk.len()));
        tx.execute(sql, chunk).await?;
    }
    insert_marks(tx, marks).await
}

fn text_row(known: &Known, (finding, body): (&Incoming, &Body), standing: Option<&Standing>) -> Vec<Value> {
    let mut row = vec![
        finding.context.as_str().into(),
        finding.content.as_str().into(),
        standing.map_or(known.severity, |standing| standing.severity).into(),
        finding.severity.into(),
        standing.map_or(known.rated, |standing| standing.rated).into(),
    ];
    row.extend(texts(body));
    row.push(known.id.into());
    row
}

fn state_row(known: &Known, standing: &Standing, now: Timestamp) -> Vec<Value> {
    let live = standing.state.is_live();
    let opened = if live && known.begins_anew() { now } else { known.opened_at };
    vec![
        standing.state.as_str().into(),
        live.into(),
        standing.by_tool.into(),
        standing.decision.as_deref().into(),
        standing.duplicate_of.as_deref().into(),
        standing.until.into(),
        opened.into(),
        if live { Value::Null } else { now.into() },
        known.id.into(),
    ]
}

/// Closes what a report does not have any more.
///
/// # Errors
/// When the database does not answer.
pub async fn set_gone(tx: &mut Tx, gone: &[&Known], now: Timestamp) -> Result<()> {
    for chunk in gone.chunks(CHUNK) {
        let mut parameters: Vec<Value> = vec![now.into()];
        parameters.extend(chunk.iter().map(|known| Value::from(known.id)));
        let sql = format!(
            "update verification_finding set present = false, state = 'fixed', live = false, by_tool = false, waiting = false,
               decision_id = null, accepted_until = null, closed_at = case when state = 'fixed' then closed_at else $1 end,
               revision = revision + 1 where id in ({})",
            places(2, chunk.len())
        );
        tx.execute(sql, &parameters).await?;
    }
    Ok(())
}
