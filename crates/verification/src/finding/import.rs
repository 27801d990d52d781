//! Taking in reports: at once when small, by a job when big; whole or not at all.

use std::future::Future;
use std::pin::Pin;

use db::Tx;
use kernel::{Error, Permission, RecordRef, Result};
use platform::audit::{self, Entry};
use platform::{Ctx, files, jobs};
use register::products::{Product, Release};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::actions::history_row;
use super::compare::{self, Changes, Setting};
use super::model::{Counts, FindingId, Import, ImportId, Practice, Progress, State};
use super::report::{self, Prepared};
use super::rules::{self, ProjectKnown, ProjectVerdict};
use super::store::Target;
use super::{standing, store};

/// The job that reads a big report.
pub(super) const READ: &str = "verification.read";

/// Reports of more bytes are read by a job.
const AT_ONCE: usize = 8 << 20;

/// For so long the same report is the same look. Later it is a new one, which the standard asks for, that found nothing
/// else; many tools write no time into their reports.
const SAME: std::time::Duration = std::time::Duration::from_secs(20 * 3_600);

/// A report as it comes in.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Of which product.
    pub product: Product,
    /// The release; `None` for a branch.
    pub release: Option<Release>,
    /// The branch, when it is none of a release.
    pub branch: String,
    /// The file's name.
    pub name: String,
    /// The report.
    pub content: Vec<u8>,
    /// The reader, when the sender names it.
    pub tool: String,
    /// Whose work it is, when the sender says so.
    pub practice: Option<Practice>,
    /// Which part of the target the tool looked at.
    pub scope: String,
    /// That it is this product's, whatever it says itself.
    pub confirmed: bool,
}

/// What became of a report.
#[derive(Clone, Debug)]
pub enum Taken {
    /// The same report was here before; nothing was written.
    Same(Import),
    /// Its findings are in.
    Done(Import),
    /// It is stored and will be read.
    Queued(Import),
}

impl Taken {
    /// The import.
    #[must_use]
    pub const fn import(&self) -> &Import {
        match self {
            Self::Same(import) | Self::Done(import) | Self::Queued(import) => import,
        }
    }
}

fn refused(name: &str, words: &str) -> Error {
    Error::Refused { code: "report-refused", words: format!("{name} was not imported: {words}. Nothing was changed.") }
}

fn checked(ctx: &Ctx, sent: &Sent) -> Result<()> {
    ctx.require(Permission::WorkPlans, sent.product.scope(), "product")?;
    if sent.content.is_empty() {
        return Err(Error::invalid("file", "Choose the report to import; this one is empty."));
    }
    let branch = sent.branch.trim();
    if sent.release.is_none() && (branch.is_empty() || branch.len() > 200 || branch.chars().any(char::is_control)) {
        return Err(Error::invalid(
            "branch",
            "Name the branch in one line of at most 200 characters, or choose a release.",
        ));
    }
    if sent.scope.len() > 100 || sent.scope.chars().any(char::is_control) {
        return Err(Error::invalid(
            "scope",
            "The part that was scanned is named in one line of at most 100 characters.",
        ));
    }
    if !sent.tool.is_empty() && scan::tool(&sent.tool).is_none() {
        return Err(Error::invalid(
            "tool",
            "There is no reader of this name. Leave it empty to have the tool recognised.",
        ));
    }
    Ok(())
}

/// Takes in a report.
///
/// # Errors
/// Refused with file, place and reason when it cannot be read or is another product's; invalid; not found where one may
/// not work on the product.
pub async fn take(ctx: &Ctx, mut sent: Sent) -> Result<Taken> {
    sent.name = files::safe_name(&sent.name);
    sent.scope = sent.scope.trim().to_owned();
    checked(ctx, &sent)?;
    let sha256 = hex::encode(Sha256::digest(&sent.content));
    if let Some(same) = load_same(ctx, &sent, &sha256).await? {
        return Ok(if same.state == Progress::Waiting { Taken::Queued(same) } else { Taken::Same(same) });
    }
    if sent.content.len() > AT_ONCE {
        return queue(ctx, &sent, sha256).await;
    }
    let prepared = prepare(std::mem::take(&mut sent.content), &sent.tool).await;
    let (content, prepared) = prepared?;
    let prepared = prepared.map_err(|words| refused(&sent.name, &words))?;
    let warning = check_project(ctx, &sent.product, &sent.name, &prepared.project, sent.confirmed).await?;
    let mut tx = ctx.begin().await?;
    let target = begin_target(&mut tx, ctx, &sent).await?;
    let file = files::store(ctx, &mut tx, &file_scope(&sent), &sent.name, "application/octet-stream", &content).await?;
    let mut import = new_import(ctx, &sent, &target, sha256, content.len());
    import.file = Some(file);
    name_import(&mut import, &prepared, sent.practice);
    store::insert_import(&mut tx, &import, &prepared.project).await?;
    finish(&mut tx, ctx, &mut import, &target, &prepared, warning).await?;
    tx.commit().await?;
    Ok(Taken::Done(import))
}

async fn load_same(ctx: &Ctx, sent: &Sent, sha256: &str) -> Result<Option<Import>> {
    let mut tx = ctx.read().await?;
    let release = sent.release.as_ref().map(|release| release.id);
    let Some(target) = store::load_target_of(&mut tx, sent.product.id, release, sent.branch.trim()).await? else {
        return Ok(None);
    };
    store::load_same(&mut tx, target.id, (sha256, &sent.scope, &sent.tool), ctx.now - SAME).await
}

fn file_scope(sent: &Sent) -> String {
    format!("product {}", sent.product.id)
}

/// Reads a report away from the threads that answer requests; gives the bytes back.
async fn prepare(content: Vec<u8>, tool: &str) -> Result<(Vec<u8>, Result<Prepared, String>)> {
    let tool = tool.to_owned();
    tokio::task::spawn_blocking(move || {
        let prepared = report::prepare(&content, Some(tool.as_str()).filter(|tool| !tool.is_empty()));
        (content, prepared)
    })
    .await
    .map_err(Error::internal)
}

/// Whether the project that the report names can be this product's; what to warn of.
async fn check_project(
    ctx: &Ctx,
    product: &Product,
    file: &str,
    project: &str,
    confirmed: bool,
) -> Result<Option<String>> {
    if project.is_empty() || confirmed {
        return Ok(None);
    }
    let mut tx = ctx.read().await?;
    let (seen_here, by_report) = store::list_others_with_project(&mut tx, product.id, project).await?;
    let products = register::products::list_products(&mut tx).await?;
    let by_name = products
        .iter()
        .filter(|other| other.id != product.id)
        .find(|other| rules::is_alike(project, &other.slug) || rules::is_alike(project, &other.name))
        .map(|other| other.name.clone());
    let other = by_report.or(by_name);
    let known = ProjectKnown { own_names: vec![&product.name, &product.slug], seen_here, other: other.as_deref() };
    match rules::judge_project(project, &known) {
        ProjectVerdict::Fine => Ok(None),
        ProjectVerdict::Warn(words) => Ok(Some(words)),
        ProjectVerdict::Wrong(words) => Err(Error::Refused {
            code: "other-product",
            words: format!("{file} was not imported: {words}. Nothing was changed."),
        }),
    }
}

async fn begin_target(tx: &mut Tx, ctx: &Ctx, sent: &Sent) -> Result<Target> {
    let release = sent.release.as_ref().map(|release| release.id);
    let target = store::insert_target(tx, ctx.id(), sent.product.id, release, sent.branch.trim(), ctx.now).await?;
    store::set_locked(tx, target.id).await?;
    Ok(target)
}

fn new_import(ctx: &Ctx, sent: &Sent, target: &Target, sha256: String, size: usize) -> Import {
    Import {
        id: ctx.id(),
        target: target.id,
        release: target.release,
        product: sent.product.id,
        product_name: sent.product.name.clone(),
        target_name: target.name.clone(),
        state: Progress::Waiting,
        practice: sent.practice,
        kind: None,
        tool: String::new(),
        scanners: String::new(),
        scope: sent.scope.clone(),
        file: None,
        file_name: sent.name.clone(),
        sha256,
        size: i64::try_from(size).unwrap_or(i64::MAX),
        asked_tool: sent.tool.clone(),
        confirmed: sent.confirmed,
        problem: String::new(),
        warnings: String::new(),
        counts: Counts::default(),
        by_name: ctx.actor.name().to_owned(),
        created_at: ctx.now,
        finished_at: None,
    }
}

fn name_import(import: &mut Import, prepared: &Prepared, practice: Option<Practice>) {
    import.tool = prepared.tool.to_owned();
    import.scanners.clone_from(&prepared.scanners);
    import.kind = Some(prepared.kind);
    import.practice = Some(practice.unwrap_or_else(|| prepared.kind.practice()));
}

/// Stores a big report and queues its reading.
async fn queue(ctx: &Ctx, sent: &Sent, sha256: String) -> Result<Taken> {
    let mut tx = ctx.begin().await?;
    let target = begin_target(&mut tx, ctx, sent).await?;
    let file =
        files::store(ctx, &mut tx, &file_scope(sent), &sent.name, "application/octet-stream", &sent.content).await?;
    let mut import = new_import(ctx, sent, &target, sha256, sent.content.len());
    import.file = Some(file);
    store::insert_import(&mut tx, &import, "").await?;
    jobs::enqueue(&mut tx, ctx, READ, &json!({"import": import.id.to_string()})).await?;
    let entry = Entry::new("scan.received", RecordRef::new("scan", import.id))
        .under(RecordRef::new("product", sent.product.id))
        .with(json!({"file": import.file_name, "sha256": import.sha256, "target": import.target_name}));
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await?;
    Ok(Taken::Queued(import))
}

/// The job: reads a stored report and takes its findings in.
#[must_use]
pub(super) fn read(ctx: Ctx, payload: serde_json::Value) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        let id: ImportId = payload
            .get("import")
            .and_then(|id| id.as_str())
            .and_then(|id| id.parse().ok())
            .ok_or_else(|| Error::internal("a job without an import"))?;
        read_stored(&ctx, id).await
    })
}

async fn read_stored(ctx: &Ctx, id: ImportId) -> Result<()> {
    let mut look = ctx.read().await?;
    let mut import = store::load_import(&mut look, id).await?;
    if import.state != Progress::Waiting {
        return Ok(());
    }
    let target = store::load_target(&mut look, import.target).await?;
    let product = register::products::load_product(&mut look, import.product).await?;
    let file = import.file.ok_or_else(|| Error::internal("an import without a file"))?;
    let info = files::load_info(&mut look, file).await?;
    let content = files::load_content(ctx, &mut look, &info).await?;
    drop(look);
    let (content, prepared) = prepare(content, &import.asked_tool).await?;
    drop(content);
    let checked = match prepared {
        Ok(prepared) => {
            match check_project(ctx, &product, &import.file_name, &prepared.project, import.confirmed).await {
                Ok(warning) => Ok((prepared, warning)),
                Err(Error::Refused { words, .. }) => Err(words),
                Err(other) => return Err(other),
            }
        }
        Err(words) => Err(refused(&import.file_name, &words).to_string()),
    };
    let mut tx = ctx.begin().await?;
    store::set_locked(&mut tx, target.id).await?;
    if !store::load_lock(&mut tx, id).await? {
        return Ok(());
    }
    match checked {
        Ok((prepared, warning)) => {
            let practice = import.practice;
            name_import(&mut import, &prepared, practice);
            finish(&mut tx, ctx, &mut import, &target, &prepared, warning).await?;
        }
        Err(words) => {
            import.state = Progress::Failed;
            import.problem = words;
            import.finished_at = Some(ctx.now);
            store::set_import(&mut tx, &import, "").await?;
            let entry = Entry::new("scan.refused", RecordRef::new("scan", import.id))
                .under(RecordRef::new("product", import.product))
                .with(json!({"file": import.file_name}));
            audit::record(&mut tx, ctx, entry).await?;
        }
    }
    tx.commit().await
}

/// Compares, writes, judges, records: the second half of every import.
async fn finish(
    tx: &mut Tx,
    ctx: &Ctx,
    import: &mut Import,
    target: &Target,
    prepared: &Prepared,
    warning: Option<String>,
) -> Result<()> {
    let known = store::list_known(tx, target.id, &import.tool, &import.scope).await?;
    // Only a finding that is new or comes back can take a decision over.
    let settled: std::collections::HashSet<&str> = known
        .iter()
        .filter(|one| one.present && one.state != State::Fixed)
        .map(|one| one.fingerprint.as_str())
        .collect();
    let fingerprints: Vec<&str> = prepared
        .findings
        .iter()
        .map(|finding| finding.fingerprint.as_str())
        .filter(|fingerprint| !settled.contains(fingerprint))
        .collect();
    let decisions = store::list_decisions(tx, import.product, &fingerprints).await?;
    let setting = Setting { decisions: &decisions, position: target.position, today: ctx.now.date() };
    let changes = compare::compare(&known, &prepared.findings, &setting);
    let ids: Vec<FindingId> = changes.added.iter().map(|_| ctx.id()).collect();
    store::insert_added(tx, import, (&changes.added, &ids), &prepared.bodies, ctx.now).await?;
    store::set_changed(tx, &changes, &prepared.bodies, ctx.now).await?;
    store::set_gone(tx, &changes.gone, ctx.now).await?;
    write_history(tx, ctx, import, &said(&changes, &ids)).await?;
    import.counts = changes.counts;
    import.state = Progress::Done;
    import.finished_at = Some(ctx.now);
    import.warnings =
        warning.into_iter().chain(prepared.warnings.iter().cloned()).take(50).collect::<Vec<_>>().join("\n");
    store::set_import(tx, import, &prepared.project).await?;
    if changes.added.is_empty() && changes.changed.is_empty() && changes.gone.is_empty() {
        standing::judge(tx, ctx, &[target.id]).await?;
    } else {
        standing::refresh(tx, ctx, vec![target.id]).await?;
    }
    let counts = import.counts;
    let entry = Entry::new("scan.imported", RecordRef::new("scan", import.id))
        .under(RecordRef::new("product", import.product))
        .with(json!({
            "file": import.file_name, "sha256": import.sha256, "target": import.target_name, "tool": import.tool,
            "findings": counts.total, "new": counts.added, "closed": counts.closed, "reopened": counts.reopened,
        }));
    audit::record(tx, ctx, entry).await
}

/// Lines of history that are handed to the database at once.
const LINES: usize = 2_500;

/// A line of history to write: finding, action, states, severities, reason.
type Said<'a> = (FindingId, &'a str, (&'a str, &'a str), Option<(i64, i64)>, &'a str);

/// What the history of each finding says about this report; that it was found first needs no line of its own.
fn said<'a>(changes: &'a Changes<'_>, ids: &[FindingId]) -> Vec<Said<'a>> {
    let mut lines: Vec<Said<'a>> = Vec::new();
    for ((finding, standing), id) in changes.added.iter().zip(ids) {
        for (action, reason) in &standing.said {
            let severities = (*action == "rated").then_some((finding.severity, standing.severity));
            lines.push((*id, action, ("", standing.state.as_str()), severities, reason));
        }
    }
    for (known, _, standing) in &changes.changed {
        for (standing, (action, reason)) in standing.iter().flat_map(|one| one.said.iter().map(move |said| (one, said)))
        {
            let rated = matches!(*action, "rated" | "severity");
            let severities = rated.then_some((known.severity, standing.severity));
            lines.push((known.id, action, (known.state.as_str(), standing.state.as_str()), severities, reason));
        }
    }
    for known in changes.gone.iter().filter(|known| known.state != State::Fixed) {
        lines.push((known.id, "fixed", (known.state.as_str(), "fixed"), None, "The report does not have it any more"));
    }
    lines
}

/// Writes lines of history.
async fn write_history(tx: &mut Tx, ctx: &Ctx, import: &Import, lines: &[Said<'_>]) -> Result<()> {
    for part in lines.chunks(LINES) {
        let mut rows = Vec::with_capacity(part.len());
        for (id, action, states, severities, reason) in part {
            let mut row = history_row(ctx, *id, action, *states, *severities, reason, Some(import.id));
            // A big report is read by the program, but somebody sent it.
            if let Some(who) = row.get_mut(3) {
                *who = import.by_name.as_str().into();
            }
            rows.push(row);
        }
        store::insert_history(tx, rows).await?;
    }
    Ok(())
}
