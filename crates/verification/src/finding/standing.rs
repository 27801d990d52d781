//! How releases stand against the release quality standard: computed with every change, written when it differs.

use std::collections::HashMap;

use db::Tx;
use kernel::{Error, Permission, RecordRef, Result, Scope};
use platform::Ctx;
use platform::audit::{self, Entry};
use register::products::{ProductId, ReleaseId};
use serde_json::json;

use super::model::{Class, Judgement, Practice, Standard};
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

/// What changed about releases: practice, release and judgement, where it differs from what is written.
async fn differences(tx: &mut Tx, ctx: &Ctx, releases: &[ReleaseId]) -> Result<Vec<(ReleaseId, Practice, Judgement)>> {
    let places = store::list_places(tx, releases).await?;
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let standards = Standards::load(tx).await?;
    let open = store::list_open(tx, releases).await?;
    let reports = store::list_last_reports(tx, releases).await?;
    let written = store::list_facts(tx, releases).await?;
    let mut changed = Vec::new();
    for place in places {
        for practice in Practice::ALL {
            let key = (place.release, *practice);
            let standard = standards.of(*practice, standards.class(place.product));
            let open = open.get(&key).map(Vec::as_slice).unwrap_or_default();
            let mut judgement = rules::judge(*practice, &standard, open, reports.get(&key).copied(), ctx.now);
            let before = written.get(&key);
            if let Some(before) = before.filter(|before| !reports.contains_key(&key) && before.holds == judgement.holds)
            {
                judgement.at = before.at;
            }
            if before != Some(&judgement) {
                changed.push((place.release, *practice, judgement));
            }
        }
    }
    Ok(changed)
}

/// Judges these releases again, within the transaction of the action that changed them.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn refresh(tx: &mut Tx, ctx: &Ctx, releases: &[ReleaseId]) -> Result<()> {
    if releases.is_empty() {
        return Ok(());
    }
    let changed = differences(tx, ctx, releases).await?;
    store::set_facts(tx, &changed).await
}

/// Judges all releases again; writes only what differs.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn refresh_all(ctx: &Ctx) -> Result<()> {
    let mut look = ctx.read().await?;
    let changed = differences(&mut look, ctx, &[]).await?;
    drop(look);
    if changed.is_empty() {
        return Ok(());
    }
    let mut tx = ctx.begin().await?;
    // Findings grow older by themselves; nobody did anything that the audit log would name.
    tx.is_housekeeping();
    store::set_facts(&mut tx, &changed).await?;
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
    let changed = differences(&mut tx, ctx, &[]).await?;
    store::set_facts(&mut tx, &changed).await?;
    let id: kernel::Id<Standard> = ctx.id();
    let entry = Entry::new("standard.changed", RecordRef::new("standard", id)).with(json!({
        "practice": practice.as_str(), "class": class.as_str(), "days": standard.days, "fresh": standard.fresh,
    }));
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await
}
