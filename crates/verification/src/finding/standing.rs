//! How releases stand against the release quality standard: computed with every change, written when it differs.

use std::collections::{BTreeSet, HashMap};

use db::Tx;
use kernel::{Error, Permission, RecordRef, Result, Scope};
use platform::Ctx;
use platform::audit::{self, Entry};
use process::evidence::{self, EvidenceKind};
use register::products::{ProductId, ReleaseId};
use serde_json::json;

use super::model::{Class, Judgement, Kind, Practice, Standard, TargetId};
use super::rules::OpenSince;
use super::store::LastReport;
use super::{rules, store};

/// The standards of all practices and classes: the house's own where somebody set one, else the default.
pub(super) struct Standards {
    changed: HashMap<(Practice, Class), Standard>,
    classes: HashMap<ProductId, Class>,
}

impl Standards {
    /// Loads them and the profiles of the products, in two statements.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn load(tx: &mut Tx) -> Result<Self> {
        let profiles = process::profile::list_current_profiles(tx).await?;
        let classes = profiles
            .iter()
            .filter_map(|profile| Class::parse(profile.class.id()).map(|class| (profile.product, class)))
            .collect();
        Ok(Self { changed: store::list_standards(tx).await?, classes })
    }

    /// The standard of a practice for a class.
    #[must_use]
    pub(super) fn of(&self, practice: Practice, class: Class) -> Standard {
        self.changed.get(&(practice, class)).copied().unwrap_or_else(|| rules::default_standard(practice, class))
    }

    /// The class of a product by its profile; moderate while it has none.
    #[must_use]
    pub(super) fn class(&self, product: ProductId) -> Class {
        self.classes.get(&product).copied().unwrap_or(Class::Moderate)
    }
}

/// How releases stand: what differs from what is written, and what their plans should learn of their scans.
#[derive(Default)]
struct Found {
    changed: Vec<(ReleaseId, Practice, Judgement)>,
    proofs: Vec<evidence::Record>,
}

async fn look(tx: &mut Tx, ctx: &Ctx, releases: &[ReleaseId]) -> Result<Found> {
    let places = store::list_places(tx, releases).await?;
    if places.is_empty() {
        return Ok(Found::default());
    }
    let standards = Standards::load(tx).await?;
    let open = store::list_open(tx, releases).await?;
    let reports = store::list_last_reports(tx, releases).await?;
    let written = store::list_facts(tx, releases).await?;
    let mut changed = Vec::new();
    let mut proofs = Vec::new();
    for place in places {
        let mut all_open = Vec::new();
        let mut all_reports = Vec::new();
        for practice in Practice::ALL {
            let key = (place.release, *practice);
            let standard = standards.of(*practice, standards.class(place.product));
            let open = open.get(&key).map(Vec::as_slice).unwrap_or_default();
            let reported = reports.get(&key).map(Vec::as_slice).unwrap_or_default();
            all_open.extend_from_slice(open);
            all_reports.extend_from_slice(reported);
            let since: Vec<OpenSince> = open.iter().map(|(_, since)| *since).collect();
            let last = reported.iter().map(|report| report.at).max();
            let mut judgement = rules::judge(*practice, &standard, &since, last, ctx.now);
            let before = written.get(&key);
            if let Some(before) = before.filter(|before| !reports.contains_key(&key) && before.holds == judgement.holds)
            {
                judgement.at = before.at;
            }
            if before != Some(&judgement) {
                changed.push((place.release, *practice, judgement));
            }
        }
        proofs.extend(proofs_of(place.release, &all_open, &all_reports));
    }
    Ok(Found { changed, proofs })
}

/// What the plan of a release learns of its scans: for each kind of scan that came, what of it is still open. Several
/// tools of one kind are added up, so that a good report cannot hide the bad one of another tool.
fn proofs_of(release: ReleaseId, open: &[(Kind, OpenSince)], reports: &[LastReport]) -> Vec<evidence::Record> {
    let mut proofs: Vec<evidence::Record> = Vec::new();
    for post in rules::POSTS {
        let is_of = |kind: Kind| rules::post_of(kind) == Some(*post);
        let mut tools: Vec<&str> =
            reports.iter().filter(|report| is_of(report.kind)).map(|report| report.tool.as_str()).collect();
        tools.sort_unstable();
        tools.dedup();
        let Some(last) = reports.iter().filter(|report| is_of(report.kind)).max_by_key(|report| report.at) else {
            continue;
        };
        let since: Vec<OpenSince> = open.iter().filter(|(kind, _)| is_of(*kind)).map(|(_, since)| *since).collect();
        let tools = tools.join(", ");
        proofs.push(evidence::Record {
            release,
            kind: if *post == "security_tests" { EvidenceKind::TestReport } else { EvidenceKind::ScanReport },
            post: Some((*post).to_owned()),
            title: format!("{}: open findings", last.kind.label()),
            url: format!("/desk/findings/summary?release={release}"),
            sha256: last.sha256.clone(),
            measures: rules::measures(post, &since),
            producer: tools,
            produced_at: last.at,
        });
    }
    proofs
}

/// Writes what was found; the plans of the releases are looked at again where something changed.
async fn write(tx: &mut Tx, ctx: &Ctx, found: Found) -> Result<()> {
    store::set_facts(tx, &found.changed).await?;
    let mut stale: BTreeSet<ReleaseId> = found.changed.iter().map(|(release, ..)| *release).collect();
    for proof in found.proofs {
        let release = proof.release;
        if evidence::record_in(tx, ctx, proof).await? {
            stale.remove(&release);
        }
    }
    for release in stale {
        process::plan::refresh(tx, ctx, release).await?;
    }
    Ok(())
}

/// Counts these targets and judges their releases again, within the transaction of the action that changed them, which
/// holds their locks.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn refresh(tx: &mut Tx, ctx: &Ctx, mut targets: Vec<TargetId>) -> Result<()> {
    targets.sort();
    targets.dedup();
    store::set_tallies(tx, &targets).await?;
    judge(tx, ctx, &targets).await
}

/// Judges the releases of these targets again, whose tallies are right.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn judge(tx: &mut Tx, ctx: &Ctx, targets: &[TargetId]) -> Result<()> {
    let releases = store::list_releases_of(tx, targets).await?;
    if releases.is_empty() {
        return Ok(());
    }
    let found = look(tx, ctx, &releases).await?;
    write(tx, ctx, found).await
}

/// Judges all releases again; writes only what differs.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn refresh_all(ctx: &Ctx) -> Result<()> {
    let mut reading = ctx.read().await?;
    let found = look(&mut reading, ctx, &[]).await?;
    drop(reading);
    let releases: Vec<ReleaseId> = found.changed.iter().map(|(release, ..)| *release).collect();
    if releases.is_empty() {
        return Ok(());
    }
    let mut tx = ctx.begin().await?;
    // Findings grow older by themselves; nobody did anything that the audit log would name.
    tx.is_housekeeping();
    // Somebody may have judged some of them since; what counts is how they stand now.
    let found = look(&mut tx, ctx, &releases).await?;
    write(&mut tx, ctx, Found { proofs: Vec::new(), ..found }).await?;
    tx.commit().await
}

/// Changes the standard of a practice for a class.
///
/// # Errors
/// Invalid, stale, or not found where one may not.
pub(super) async fn change_standard(ctx: &Ctx, practice: Practice, class: Class, standard: &Standard) -> Result<()> {
    ctx.require(Permission::RunProgramme, Scope::All, "page")?;
    for days in standard.days.iter().chain([&standard.fresh]).flatten() {
        if !(0..=3_650).contains(days) {
            return Err(Error::invalid("days", "Days are whole numbers from 0 to 3650; empty is without limit."));
        }
    }
    let mut tx = ctx.begin().await?;
    if !store::set_standard(&mut tx, practice, class, standard).await? {
        return Err(Error::Stale { what: "standard" });
    }
    let found = look(&mut tx, ctx, &[]).await?;
    write(&mut tx, ctx, Found { proofs: Vec::new(), ..found }).await?;
    let id: kernel::Id<Standard> = ctx.id();
    let entry = Entry::new("standard.changed", RecordRef::new("standard", id)).with(json!({
        "practice": practice.as_str(), "class": class.as_str(), "days": standard.days, "fresh": standard.fresh,
    }));
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await
}
