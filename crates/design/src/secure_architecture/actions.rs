//! What people and pipelines do: add an SBOM, add and end rules.

use kernel::{Date, Error, Id, Permission, RecordRef, Result, Scope, kinds};
use limits::Limits;
use platform::audit::{self, Entry};
use platform::{Ctx, files};
use process::evidence::{self, EvidenceKind};
use register::products::{self, Product, Release, ReleaseId};
use serde_json::json;
use sha2::{Digest, Sha256};
use versions::purl::Purl;

use super::model::{Component, Count, Rule, RuleId, Sbom, SbomId, Verdict};
use super::{rules, store};

/// What adding an SBOM came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Added {
    /// It is the SBOM of the release now.
    New { sbom: SbomId, components: i64, without_version: i64, warnings: usize },
    /// The release has exactly this SBOM already; nothing was written.
    Known,
}

/// Reads an SBOM and makes it the one that counts for the release.
///
/// # Errors
/// Invalid with place and reason when it cannot be read, names nothing, or is about another product.
pub(super) async fn add_sbom(ctx: &Ctx, release: ReleaseId, name: &str, content: Vec<u8>) -> Result<Added> {
    let mut look = ctx.read().await?;
    let (release, product) = place(&mut look, ctx, release, Permission::WorkPlans).await?;
    let present = store::load_present(&mut look, release.id).await?;
    drop(look);
    let sha256 = hex::encode(Sha256::digest(&content));
    if present.is_some_and(|present| present.sha256 == sha256) {
        return Ok(Added::Known);
    }
    // Reading a large document takes a while, so it happens before the transaction and off the async threads.
    let (document, content) =
        tokio::task::spawn_blocking(move || (sbom::read_slice(&content, &Limits::DOCUMENT), content))
            .await
            .map_err(Error::internal)?;
    let document =
        document.map_err(|error| Error::invalid("file", format!("{name} cannot be read as an SBOM: {error}.")))?;
    let components: Vec<Component> = document.components.iter().map(component).collect();
    if components.is_empty() {
        return Err(Error::invalid(
            "file",
            format!("{name} names no component, so it says nothing about this release. Check how it was made."),
        ));
    }
    refuse_other_product(&document, &product, name)?;
    let without_version = components.iter().filter(|component| component.version.is_empty()).count();
    let warnings: Vec<String> =
        document.findings.iter().take(50).map(|finding| format!("{}: {}", finding.path, finding.message)).collect();
    let mut tx = ctx.begin().await?;
    let scope = format!("product {}", product.id);
    let file = files::store(ctx, &mut tx, &scope, name, "application/octet-stream", &content).await?;
    let sbom = Sbom {
        id: ctx.id(),
        release: release.id,
        file,
        file_name: files::safe_name(name),
        sha256,
        format: document.format.name().to_owned(),
        spec_version: document.spec_version.as_deref().unwrap_or_default().to_owned(),
        components: i64::try_from(components.len()).unwrap_or(i64::MAX),
        without_version: i64::try_from(without_version).unwrap_or(i64::MAX),
        warnings: warnings.join("\n"),
        added_at: ctx.now,
        added_by: ctx.actor.name().to_owned(),
        replaced_at: None,
    };
    store::insert_sbom(&mut tx, &sbom, &components).await?;
    let in_force = store::list_rules(&mut tx).await?;
    let count = rules::count(&components, &in_force, product.family, ctx.now.date());
    store::set_judgement(&mut tx, release.id, sbom.id, count, ctx.now).await?;
    evidence::record_in(&mut tx, ctx, proof(&sbom, count)).await?;
    let entry = Entry::new("sbom.added", RecordRef::new("sbom", sbom.id)).under(RecordRef::new("release", release.id));
    let detail = json!({"components": sbom.components, "banned": count.banned, "sha256": sbom.sha256});
    audit::record(&mut tx, ctx, entry.with(detail)).await?;
    tx.commit().await?;
    Ok(Added::New {
        sbom: sbom.id,
        components: sbom.components,
        without_version: sbom.without_version,
        warnings: warnings.len(),
    })
}

/// What the release plan learns of an SBOM.
fn proof(sbom: &Sbom, count: Count) -> evidence::Record {
    let figure = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    evidence::Record {
        release: sbom.release,
        kind: EvidenceKind::Sbom,
        post: Some("sbom".to_owned()),
        title: format!("SBOM of {} components ({})", sbom.components, sbom.file_name),
        url: format!("/desk/components/releases/{}", sbom.release),
        sha256: sbom.sha256.clone(),
        measures: [
            ("unversioned".to_owned(), figure(sbom.without_version)),
            ("banned".to_owned(), figure(count.banned)),
        ]
        .into(),
        producer: format!("{} {}", sbom.format, sbom.spec_version).trim().to_owned(),
        produced_at: sbom.added_at,
    }
}

/// The release and product, when the actor has the permission there.
pub(super) async fn place(
    tx: &mut db::Tx,
    ctx: &Ctx,
    release: ReleaseId,
    permission: Permission,
) -> Result<(Release, Product)> {
    let release = products::load_release(tx, release).await?;
    let product = products::load_product(tx, release.product).await?;
    ctx.require(permission, product.scope(), "release")?;
    Ok((release, product))
}

fn component(read: &sbom::Component) -> Component {
    let purl = read.purl.as_deref().unwrap_or_default().to_owned();
    let parsed = Purl::parse(&purl).ok();
    let group = read.group.as_deref().unwrap_or_default();
    let name = if group.is_empty() { read.name.to_string() } else { format!("{group}/{}", read.name) };
    let version = read.version.as_deref().map(str::to_owned);
    Component {
        name,
        version: version.or_else(|| parsed.as_ref()?.version().map(str::to_owned)).unwrap_or_default(),
        package: parsed.map(|purl| purl.package().canonical()).unwrap_or_default(),
        purl,
        cpe: read.cpe.as_deref().unwrap_or_default().to_owned(),
        licences: read.licences.join("\n"),
        supplier: read.supplier.as_deref().unwrap_or_default().to_owned(),
        kind: read.kind.as_deref().unwrap_or_default().to_owned(),
    }
}

/// The subject's package URL tells another product apart from a differently written name.
fn refuse_other_product(document: &sbom::Document, product: &Product, name: &str) -> Result<()> {
    let subject =
        document.subject.as_ref().and_then(|subject| subject.purl.as_deref()).and_then(|text| Purl::parse(text).ok());
    let ours = product.purl.as_deref().and_then(|text| Purl::parse(text).ok());
    match (subject, ours) {
        (Some(subject), Some(ours)) if !subject.is_same_package(&ours) => Err(Error::invalid(
            "file",
            format!(
                "{name} is about {}, but {} is {}. Choose the release it belongs to.",
                subject.canonical(),
                product.name,
                ours.canonical()
            ),
        )),
        _ => Ok(()),
    }
}

/// What a form says of a new rule.
pub(super) struct RuleDraft<'a> {
    pub(super) verdict: Verdict,
    pub(super) package: &'a str,
    pub(super) versions: &'a str,
    pub(super) licence: &'a str,
    pub(super) reason: &'a str,
    pub(super) family: Option<Id<kinds::Family>>,
    pub(super) expires_on: Option<Date>,
}

/// Adds a rule and judges all present SBOMs anew.
///
/// # Errors
/// Invalid when something has to be mended; not found where one may not.
pub(super) async fn add_rule(ctx: &Ctx, draft: RuleDraft<'_>) -> Result<()> {
    ctx.require(Permission::RunProgramme, draft.family.map_or(Scope::All, Scope::Family), "page")?;
    let (package, versions, licence, reason) =
        rules::checked(draft.package, draft.versions, draft.licence, draft.reason).map_err(Error::Invalid)?;
    let rule = Rule {
        id: ctx.id(),
        verdict: draft.verdict,
        package,
        versions,
        licence,
        reason,
        family: draft.family,
        expires_on: draft.expires_on,
        added_at: ctx.now,
        added_by: ctx.actor.name().to_owned(),
    };
    let mut tx = ctx.begin().await?;
    store::insert_rule(&mut tx, &rule).await?;
    judge_all(&mut tx, ctx).await?;
    let detail = json!({"verdict": rule.verdict.as_str(), "package": rule.package, "versions": rule.versions, "licence": rule.licence});
    audit::record(
        &mut tx,
        ctx,
        Entry::new("component_rule.added", RecordRef::new("component_rule", rule.id)).with(detail),
    )
    .await?;
    tx.commit().await
}

/// Ends a rule and judges all present SBOMs anew.
///
/// # Errors
/// Not found, also where one may not.
pub(super) async fn end_rule(ctx: &Ctx, id: RuleId) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let rule = store::list_rules(&mut tx)
        .await?
        .into_iter()
        .find(|rule| rule.id == id)
        .ok_or(Error::NotFound { what: "rule" })?;
    ctx.require(Permission::RunProgramme, rule.family.map_or(Scope::All, Scope::Family), "rule")?;
    store::set_rule_ended(&mut tx, id, ctx.actor.name(), ctx.now).await?;
    judge_all(&mut tx, ctx).await?;
    audit::record(&mut tx, ctx, Entry::new("component_rule.ended", RecordRef::new("component_rule", id))).await?;
    tx.commit().await
}

/// Judges every present SBOM: one statement to load and one to store for each of them, since rules change rarely.
async fn judge_all(tx: &mut db::Tx, ctx: &Ctx) -> Result<()> {
    let in_force = store::list_rules(tx).await?;
    for (sbom, family) in store::list_to_judge(tx).await? {
        let components = store::list_components(tx, sbom.id).await?;
        let count = rules::count(&components, &in_force, family, ctx.now.date());
        store::set_judgement(tx, sbom.release, sbom.id, count, ctx.now).await?;
        evidence::record_in(tx, ctx, proof(&sbom, count)).await?;
    }
    Ok(())
}
