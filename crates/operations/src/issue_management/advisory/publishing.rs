//! Publishing: page, CSAF, hashes, signature, case, notices and audit entry in one transaction, or nothing.

use std::future::Future;
use std::pin::Pin;

use csaf::Version;
use db::Tx;
use kernel::{Error, Permission, Result, Timestamp, clean_text};
use platform::Ctx;
use platform::audit;
use serde_json::json;
use sha2::{Digest, Sha256, Sha512};

use super::actions::{self, Loaded, entry};
use super::checks;
use super::csaf_document;
use super::facts::{mark_published, open_signing_key, tell_reporters};
use super::model::{Advisory, AdvisoryId, CaseFacts, Kind, State};
use super::rules::{self, Refused};
use super::snapshot::Snapshot;
use super::store::{self, Files};
use crate::issue_management::notice;

/// The kind of the job that publishes at a set time.
pub(super) const PUBLISH: &str = "advisory.publish";

/// Publishes what was approved, now.
pub(super) async fn publish(ctx: &Ctx, id: AdvisoryId, revision: i64) -> Result<()> {
    let mut tx = ctx.begin().await?;
    publish_in(&mut tx, ctx, id, Some(revision)).await?;
    tx.commit().await
}

/// Everything that publishing writes, left for the caller to commit.
pub(super) async fn publish_in(tx: &mut Tx, ctx: &Ctx, id: AdvisoryId, revision: Option<i64>) -> Result<()> {
    let Loaded { mut advisory, facts, snapshot, addresses } = actions::load(tx, ctx, id).await?;
    ctx.require(Permission::PublishAdvisories, facts.place, "advisory")?;
    rules::may_publish(&advisory, &facts, &snapshot.digest())?;
    if let Some(words) = checks::first_stop(&snapshot, &addresses) {
        return Err(Refused::NotValid(words).into());
    }
    let revision = revision.unwrap_or(advisory.revision);
    advisory.state = State::Published;
    put_out(tx, ctx, &mut advisory, &facts, &snapshot, revision).await?;
    if advisory.kind == Kind::Advisory {
        mark_published(tx, ctx, advisory.case).await?;
    }
    if advisory.kind == Kind::Advisory && snapshot.version == 1 {
        tell(tx, ctx, &advisory, &snapshot).await?;
    }
    let detail = json!({
        "number": snapshot.number, "version": snapshot.version, "kind": snapshot.kind,
        "limited_reason": advisory.exception_reason, "approved_by": advisory.approver_name,
    });
    audit::record(tx, ctx, entry("advisory.published", &advisory).with(detail)).await
}

/// Tells who reported it that it is public now, once.
async fn tell(tx: &mut Tx, ctx: &Ctx, advisory: &Advisory, snapshot: &Snapshot) -> Result<()> {
    let subject = format!("{} is published", snapshot.number);
    let text = format!(
        "{}\n\n{}\n\nThe advisory about what you reported is public now:\n{}\n\nThank you for reporting it to us.",
        snapshot.title,
        snapshot.summary,
        ctx.url(&format!("/advisories/{}", snapshot.number)),
    );
    tell_reporters(tx, ctx, advisory.case, &subject, &text).await
}

/// The rows of a new public version and the job of its notices.
async fn put_out(
    tx: &mut Tx,
    ctx: &Ctx,
    advisory: &mut Advisory,
    facts: &CaseFacts,
    snapshot: &Snapshot,
    revision: i64,
) -> Result<()> {
    advisory.version = snapshot.version;
    advisory.first_published_at = advisory.first_published_at.or(Some(ctx.now));
    advisory.last_published_at = Some(ctx.now);
    advisory.publish_at = None;
    store::set(tx, advisory, revision).await?;
    let files = files(tx, ctx, facts, snapshot).await?;
    store::insert_publication(tx, advisory.id, snapshot, files, ctx.now).await?;
    notice::enqueue(tx, ctx, advisory.id, snapshot.version).await
}

/// The document as bytes, which never change afterwards, with hashes and signature.
async fn files(tx: &mut Tx, ctx: &Ctx, facts: &CaseFacts, snapshot: &Snapshot) -> Result<Files> {
    let csaf = csaf_document::document(snapshot, &actions::addresses(ctx)).to_bytes(Version::V2_0).bytes;
    let signature = match open_signing_key(tx, ctx, facts.family).await? {
        Some(key) => {
            let at = jiff::Timestamp::from_microsecond(ctx.now.micros()).map_err(Error::internal)?;
            mail::openpgp::sign_detached(&csaf, &key, at).map_err(|error| Error::Refused {
                code: "advisory-key-unusable",
                words: format!(
                    "The signing key cannot sign: {error}. Renew it under Settings, Keys, then publish again."
                ),
            })?
        }
        None => String::new(),
    };
    Ok(Files {
        name: csaf_document::file_name(snapshot),
        sha256: hex::encode(Sha256::digest(&csaf)),
        sha512: hex::encode(Sha512::digest(&csaf)),
        csaf,
        signature,
    })
}

/// Takes back what is public: a next version with a notice; the page and the document stay where they are.
pub(super) async fn withdraw(ctx: &Ctx, id: AdvisoryId, revision: i64, reason: &str) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let Loaded { mut advisory, facts, .. } = actions::load(&mut tx, ctx, id).await?;
    ctx.require(Permission::PublishAdvisories, facts.place, "advisory")?;
    rules::may_withdraw(&advisory, reason)?;
    let reason = clean_text("reason", reason, 2_000).map_err(|error| Error::Invalid(vec![error]))?;
    let public = store::load_snapshot(&mut tx, id, advisory.version)
        .await?
        .ok_or_else(|| Error::internal("a published advisory has no publication"))?;
    let snapshot = public.withdrawn(&reason, ctx.now);
    advisory.state = State::Withdrawn;
    put_out(&mut tx, ctx, &mut advisory, &facts, &snapshot, revision).await?;
    let detail = json!({"number": snapshot.number, "version": snapshot.version, "reason": reason});
    audit::record(&mut tx, ctx, entry("advisory.withdrawn", &advisory).with(detail)).await?;
    tx.commit().await
}

/// The job at the set time. It does nothing when somebody changed the advisory or its time since.
pub(super) fn run_scheduled(ctx: Ctx, payload: serde_json::Value) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        let id: AdvisoryId = payload
            .get("advisory")
            .and_then(|id| id.as_str())
            .and_then(|id| id.parse().ok())
            .ok_or_else(|| Error::internal("a publishing job names no advisory"))?;
        let at = payload.get("at").and_then(serde_json::Value::as_i64).map(Timestamp::from_micros);
        let mut tx = ctx.begin().await?;
        let advisory = store::load(&mut tx, &ctx, id).await?;
        if advisory.state != State::Scheduled || advisory.publish_at != at {
            return Ok(());
        }
        match publish_in(&mut tx, &ctx, id, None).await {
            Ok(()) => tx.commit().await,
            Err(Error::Refused { code, words }) => {
                // A rule says no today: people have to look at it, trying again would not help.
                drop(tx);
                give_back(&ctx, id, code, &words).await
            }
            Err(other) => Err(other),
        }
    })
}

async fn give_back(ctx: &Ctx, id: AdvisoryId, code: &str, words: &str) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let mut advisory = store::load(&mut tx, ctx, id).await?;
    advisory.state = State::InReview;
    advisory.approved_by = None;
    advisory.approved_at = None;
    advisory.approved_digest.clear();
    advisory.publish_at = None;
    let revision = advisory.revision;
    store::set(&mut tx, &advisory, revision).await?;
    let detail = json!({"code": code, "words": words});
    audit::record(&mut tx, ctx, entry("advisory.not-published", &advisory).with(detail)).await?;
    tx.commit().await
}
