//! What people, pipelines and other practices can do with evidence.

use db::Tx;
use kernel::{Date, Error, Permission, RecordRef, Result, Timestamp, clean_line, clean_text};
use pack::{EvidenceKind, Scope};
use platform::audit::{self, Entry};
use platform::{Ctx, files};
use register::products::ReleaseId;
use serde_json::json;
use sha2::{Digest, Sha256};
use web::Upload;

use super::model::{Draft, Evidence, EvidenceId, PostDraft, Review, Source};
use super::{rules, store};
use crate::place::{self, Place};
use crate::plan::{self, TaskId, Which};

fn field<T>(result: std::result::Result<T, kernel::FieldError>) -> Result<T> {
    result.map_err(|problem| Error::Invalid(vec![problem]))
}

/// A link that people can follow; empty where there is none.
fn link(text: &str) -> Result<String> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    let url = field(clean_line("url", text, 2_000))?;
    if !(url.starts_with("https://") || url.starts_with("http://")) {
        return Err(Error::invalid("url", "A link starts with https://."));
    }
    Ok(url)
}

fn day(name: &str, text: &str) -> Result<Option<Date>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Error::invalid(name, "This is not a date such as 2026-11-30."))
}

/// The name under which an actor's evidence is kept.
fn author(ctx: &Ctx) -> (String, String) {
    (ctx.actor.id_text(), ctx.actor.name().to_owned())
}

/// The measures of a form: every threshold of the slot must have its figure.
fn measures(slot: &pack::Evidence, draft: &Draft) -> Result<std::collections::BTreeMap<String, u32>> {
    let mut found = std::collections::BTreeMap::new();
    for name in slot.max.keys() {
        let text = draft.measures.get(name).map_or("", |text| text.trim());
        let count = text.parse().map_err(|_| {
            Error::invalid(
                &format!("m-{name}"),
                format!("Say how many: {name}. A whole number, 0 when there are none."),
            )
        })?;
        found.insert(name.clone(), count);
    }
    Ok(found)
}

/// Adds a file or a link as evidence of one task; it counts after somebody else has reviewed it.
///
/// # Errors
/// Invalid, or not found where one may not.
pub async fn add(
    ctx: &Ctx,
    release: ReleaseId,
    task: TaskId,
    draft: &Draft,
    upload: Option<Upload>,
) -> Result<EvidenceId> {
    let mut tx = ctx.begin().await?;
    let place = place::release(ctx, &mut tx, release, Permission::WorkPlans).await?;
    let task = plan::load_task(&mut tx, release, task).await?;
    let document = plan::load_pack(&mut tx, release).await?;
    let activity = document.pack.activity(&task.activity).ok_or(Error::NotFound { what: "activity" })?;
    let slot =
        activity.evidence.get(draft.slot).ok_or_else(|| Error::invalid("slot", "Choose what this is evidence of."))?;
    if !rules::takes_paper(slot) {
        return Err(Error::invalid("slot", "The program observes this itself; nothing can be added by hand."));
    }
    let title = field(clean_line("title", &draft.title, 200))?;
    let url = link(&draft.url)?;
    if upload.is_none() && url.is_empty() {
        return Err(Error::invalid("url", "Choose a file, or give a link that starts with https://."));
    }
    let produced_on = day("produced_on", &draft.produced_on)?;
    if produced_on.is_some_and(|day| day > ctx.now.date()) {
        return Err(Error::invalid("produced_on", "Evidence cannot be from a day that is still to come."));
    }
    let valid_until = day("valid_until", &draft.valid_until)?;
    if valid_until.is_some_and(|day| day < ctx.now.date()) {
        return Err(Error::invalid(
            "valid_until",
            "This day is past, so it would prove nothing. Choose a later one, or leave it empty.",
        ));
    }
    let percent = percent(slot, &draft.percent)?;
    let measures = measures(slot, draft)?;
    let (author_id, author_name) = author(ctx);
    let mut evidence = Evidence {
        id: ctx.id(),
        release,
        task: Some(task.id),
        shared_activity: (activity.scope == Scope::Organisation).then(|| activity.id.clone()),
        kind: slot.kind,
        ordinal: plan::ordinal(activity, draft.slot),
        post: slot.post.clone(),
        source: if upload.is_some() { Source::File } else { Source::Link },
        title,
        url,
        file: None,
        sha256: String::new(),
        measures,
        percent,
        producer: author_name.clone(),
        author_id,
        author_name,
        produced_at: produced_on.filter(|day| *day != ctx.now.date()).map_or(ctx.now, Date::start),
        valid_until: valid_until.map(|day| day.plus_days(1).start()),
        made_at: ctx.now,
        ended_at: None,
        ended_reason: String::new(),
        reviews: Vec::new(),
    };
    if let Some(upload) = upload {
        evidence.sha256 = hex::encode(Sha256::digest(&upload.content));
        evidence.file = Some(keep_file(ctx, &mut tx, &place, &upload.name, &upload.media_type, &upload.content).await?);
    }
    store::insert(&mut tx, &evidence, None).await?;
    plan::refresh(&mut tx, ctx, release).await?;
    let detail =
        json!({"task": task.activity, "kind": evidence.kind.id(), "sha256": evidence.sha256, "title": evidence.title});
    record(&mut tx, ctx, "evidence.added", &evidence, detail).await?;
    tx.commit().await?;
    Ok(evidence.id)
}

fn percent(slot: &pack::Evidence, text: &str) -> Result<Option<u32>> {
    if slot.min_percent.is_none() {
        return Ok(None);
    }
    let percent = text.trim().parse().ok().filter(|percent| *percent <= 100);
    percent.map(Some).ok_or_else(|| Error::invalid("percent", "Say how many percent, from 0 to 100."))
}

async fn keep_file(
    ctx: &Ctx,
    tx: &mut Tx,
    place: &Place,
    name: &str,
    media_type: &str,
    content: &[u8],
) -> Result<kernel::Id<kernel::kinds::File>> {
    let scope = format!("product:{}", place.product.id);
    files::store(ctx, tx, &scope, name, media_type, content).await
}

async fn record(tx: &mut Tx, ctx: &Ctx, action: &str, evidence: &Evidence, detail: serde_json::Value) -> Result<()> {
    let entry =
        Entry::new(action, RecordRef::new("evidence", evidence.id)).under(RecordRef::new("release", evidence.release));
    audit::record(tx, ctx, entry.with(detail)).await
}

/// Says whether evidence proves what it should; never by the one who added it.
///
/// # Errors
/// Refused to its author, or not found where one may not.
pub async fn review(
    ctx: &Ctx,
    release: ReleaseId,
    id: EvidenceId,
    accepted: bool,
    note: &str,
) -> Result<Option<TaskId>> {
    let mut tx = ctx.begin().await?;
    place::release(ctx, &mut tx, release, Permission::ApprovePlans).await?;
    let evidence = store::load(&mut tx, release, id).await?;
    rules::may_review(&evidence, &ctx.actor)?;
    let person = ctx.actor.person().ok_or(Error::NotFound { what: "evidence" })?;
    let note = match (accepted, note.trim()) {
        (true, "") => String::new(),
        (false, "") => return Err(Error::invalid("note", "Say what is wrong, so that it can be mended.")),
        (_, note) => field(clean_text("note", note, 2_000))?,
    };
    let review = Review { accepted, note, reviewer: ctx.actor.name().to_owned(), made_at: ctx.now };
    store::insert_review(&mut tx, ctx.id(), id, &review, person).await?;
    plan::refresh_leaning_on(&mut tx, ctx, &evidence).await?;
    let action = if accepted { "evidence.accepted" } else { "evidence.rejected" };
    let detail = json!({"title": evidence.title, "task": evidence.task.map(|task| task.to_string())});
    record(&mut tx, ctx, action, &evidence, detail).await?;
    tx.commit().await?;
    Ok(evidence.task)
}

/// Reviews several pieces of evidence of a release alike, all or none of them.
///
/// # Errors
/// Refused when one of them is the actor's own, invalid without any or without a reason for rejecting, not found where
/// one may not.
pub async fn review_all(ctx: &Ctx, release: ReleaseId, ids: &[EvidenceId], accepted: bool, note: &str) -> Result<()> {
    let note = match (accepted, note.trim()) {
        (true, _) => String::new(),
        (false, "") => return Err(Error::invalid("note", "Say what is wrong, so that it can be mended.")),
        (false, note) => field(clean_text("note", note, 2_000))?,
    };
    if ids.is_empty() {
        return Err(Error::invalid("evidence", "Tick the evidence that this is about."));
    }
    let mut tx = ctx.begin().await?;
    place::release(ctx, &mut tx, release, Permission::ApprovePlans).await?;
    let person = ctx.actor.person().ok_or(Error::NotFound { what: "evidence" })?;
    let known = plan::list_task_names(&mut tx, release).await?;
    let mut titles = Vec::with_capacity(ids.len());
    let mut tasks = Vec::with_capacity(ids.len());
    for id in ids {
        let evidence = store::load(&mut tx, release, *id).await?;
        rules::may_review(&evidence, &ctx.actor)?;
        let review = Review { accepted, note: note.clone(), reviewer: ctx.actor.name().to_owned(), made_at: ctx.now };
        store::insert_review(&mut tx, ctx.id(), *id, &review, person).await?;
        tasks.extend(evidence.task.and_then(|task| known.get(&task)).cloned());
        titles.push(evidence.title);
    }
    plan::refresh(&mut tx, ctx, release).await?;
    let action = if accepted { "evidence.accepted" } else { "evidence.rejected" };
    let detail = json!({"titles": titles, "tasks": tasks});
    audit::record(&mut tx, ctx, Entry::new(action, RecordRef::new("release", release)).with(detail)).await?;
    tx.commit().await
}

/// Takes evidence away, with a reason; it stays in the history.
///
/// # Errors
/// Invalid without a reason, stale when it is away already, not found where one may not.
pub async fn end(ctx: &Ctx, release: ReleaseId, id: EvidenceId, reason: &str) -> Result<Option<TaskId>> {
    let mut tx = ctx.begin().await?;
    place::release(ctx, &mut tx, release, Permission::WorkPlans).await?;
    let evidence = store::load(&mut tx, release, id).await?;
    let reason = field(clean_text("reason", reason, 1_000))?;
    store::set_ended(&mut tx, id, &reason, ctx.actor.name(), ctx.now).await?;
    plan::refresh_leaning_on(&mut tx, ctx, &evidence).await?;
    let detail = json!({"title": evidence.title, "task": evidence.task.map(|task| task.to_string())});
    record(&mut tx, ctx, "evidence.ended", &evidence, detail).await?;
    tx.commit().await?;
    Ok(evidence.task)
}

/// Takes what a pipeline posts. The same post again changes nothing and answers the same.
///
/// # Errors
/// Refused with a code for unknown kinds and measures, clocks that are off and releases without a plan.
pub async fn post(ctx: &Ctx, place: &Place, draft: PostDraft) -> Result<(EvidenceId, bool)> {
    ctx.require(Permission::WorkPlans, place.product.scope(), "release")?;
    let release = place.release.id;
    let url = link(&draft.url)?;
    let mut tx = ctx.begin().await?;
    let document = plan::load_pack(&mut tx, release).await?;
    let post = rules::may_post(&document.pack, &draft, ctx.now)?;
    if let Some(id) = store::load_post(&mut tx, release, &draft.digest).await? {
        return Ok((id, false));
    }
    plan::set_locked(&mut tx, Which::Release(release)).await?;
    // Two runs that post the same at once: the second finds what the first kept.
    if let Some(id) = store::load_post(&mut tx, release, &draft.digest).await? {
        return Ok((id, false));
    }
    let title =
        if draft.title.trim().is_empty() { post.title.clone() } else { field(clean_line("title", &draft.title, 200))? };
    let producer = field(clean_line("producer", &draft.producer, 200))?;
    let (author_id, author_name) = author(ctx);
    let produced_at = draft.produced_at.unwrap_or(ctx.now).min(ctx.now);
    let mut evidence = Evidence {
        id: ctx.id(),
        release,
        task: None,
        shared_activity: None,
        kind: EvidenceKind::PipelinePost,
        ordinal: 0,
        post: Some(post.id.clone()),
        source: Source::Post,
        title,
        url,
        file: None,
        sha256: draft.sha256,
        measures: draft.measures,
        percent: None,
        producer,
        author_id,
        author_name,
        produced_at,
        valid_until: None,
        made_at: ctx.now,
        ended_at: None,
        ended_reason: String::new(),
        reviews: Vec::new(),
    };
    if let Some((name, content)) = draft.file {
        evidence.sha256 = hex::encode(Sha256::digest(&content));
        evidence.file = Some(keep_file(ctx, &mut tx, place, &name, "application/octet-stream", &content).await?);
    }
    store::insert(&mut tx, &evidence, Some(&draft.digest)).await?;
    plan::refresh(&mut tx, ctx, release).await?;
    let detail = json!({"kind": evidence.post, "producer": evidence.producer, "sha256": evidence.sha256, "measures": evidence.measures});
    record(&mut tx, ctx, "evidence.posted", &evidence, detail).await?;
    tx.commit().await?;
    Ok((evidence.id, true))
}

/// What another practice records about a release inside its own transaction: an SBOM came, scans were judged.
#[derive(Clone, Debug)]
pub struct Record {
    /// The release.
    pub release: ReleaseId,
    /// What kind of evidence it is.
    pub kind: EvidenceKind,
    /// The kind of post or scan, such as `sast`, when it is one.
    pub post: Option<String>,
    /// What it is, in words.
    pub title: String,
    /// Where it is shown.
    pub url: String,
    /// SHA-256 of what came.
    pub sha256: String,
    /// What it counted.
    pub measures: std::collections::BTreeMap<String, u32>,
    /// What made it.
    pub producer: String,
    /// When it was made.
    pub produced_at: Timestamp,
}

impl Record {
    fn is_told_by(&self, known: &Evidence) -> bool {
        self.title == known.title
            && self.url == known.url
            && self.sha256 == known.sha256
            && self.measures == known.measures
            && self.produced_at == known.produced_at
    }
}

/// Keeps what another practice records, in the caller's transaction, in place of what it recorded before; the caller
/// writes the audit entry. It counts for every task of the release that asks for this kind. Whether anything was written:
/// the same again is not, nor what somebody took away until something newer comes.
///
/// # Errors
/// When the database does not answer.
pub async fn record_in(tx: &mut Tx, ctx: &Ctx, record: Record) -> Result<bool> {
    let release = record.release;
    plan::set_locked(tx, Which::Release(release)).await?;
    let known = store::load_record(tx, release, record.kind, record.post.as_deref()).await?;
    if let Some(known) = &known {
        let taken_away = known.ended_at.is_some() && known.produced_at >= record.produced_at;
        if taken_away || (known.ended_at.is_none() && record.is_told_by(known)) {
            return Ok(false);
        }
    }
    let (author_id, author_name) = author(ctx);
    let evidence = Evidence {
        id: ctx.id(),
        release,
        task: None,
        shared_activity: None,
        kind: record.kind,
        ordinal: 0,
        post: record.post,
        source: Source::Record,
        title: record.title,
        url: record.url,
        file: None,
        sha256: record.sha256,
        measures: record.measures,
        percent: None,
        producer: record.producer,
        author_id,
        author_name,
        produced_at: record.produced_at,
        valid_until: None,
        made_at: ctx.now,
        ended_at: None,
        ended_reason: String::new(),
        reviews: Vec::new(),
    };
    store::insert(tx, &evidence, None).await?;
    match known.filter(|known| known.ended_at.is_none()) {
        Some(known) => {
            store::set_ended(tx, known.id, "A newer one took its place", ctx.actor.name(), ctx.now).await?;
            plan::refresh_leaning_on(tx, ctx, &known).await?;
        }
        None => plan::refresh(tx, ctx, release).await?,
    }
    Ok(true)
}

/// One piece for the page that shows its file.
pub(super) async fn load_file(ctx: &Ctx, release: ReleaseId, id: EvidenceId) -> Result<(files::FileInfo, Vec<u8>)> {
    let mut tx = ctx.read().await?;
    place::release(ctx, &mut tx, release, Permission::ReadPlans).await?;
    let evidence = store::load(&mut tx, release, id).await?;
    let file = evidence.file.ok_or(Error::NotFound { what: "file" })?;
    let info = files::load_info(&mut tx, file).await?;
    let content = files::load_content(ctx, &mut tx, &info).await?;
    Ok((info, content))
}
