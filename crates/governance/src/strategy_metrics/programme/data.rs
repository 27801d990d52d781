//! Everything that the figures are counted from, loaded in a fixed number of statements.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use db::Tx;
use kernel::{Error, Id, Result, Timestamp, kinds};
use pack::Pack;
use platform::Ctx;
use process::plan::{Counts, figures_at, list_summaries};
use register::products::{ProductId, ReleaseId};
use web::Query;

use super::super::improvement::model::{Action, Escape};
use super::super::improvement::{store as improvement, titles};
use super::super::lens::Lens;
use super::model::{
    AffectedRow, DecisionRow, FieldRow, FindingCount, PersonRow, ProfileRow, ScoreRow, TargetRow, TeamRow, WaiverRow,
};
use super::store;

/// The figures of the part of the programme that a lens shows.
pub(super) struct Data {
    pub(super) lens: Lens,
    pub(super) pack: Arc<Pack>,
    pub(super) profiles: Vec<ProfileRow>,
    pub(super) teams: Vec<TeamRow>,
    pub(super) people: Vec<PersonRow>,
    pub(super) decisions: Vec<DecisionRow>,
    pub(super) tasks: Vec<(ReleaseId, String, Counts)>,
    pub(super) waivers: Vec<WaiverRow>,
    pub(super) findings: Vec<FindingCount>,
    /// When they were counted, where that is remembered for a while.
    pub(super) counted_at: Option<Timestamp>,
    pub(super) targets: Vec<TargetRow>,
    pub(super) field: Vec<FieldRow>,
    pub(super) affected: Vec<AffectedRow>,
    pub(super) escapes: Vec<Escape>,
    pub(super) unasked: Vec<(Id<kinds::Case>, Option<ProductId>, Timestamp)>,
    pub(super) actions: Vec<Action>,
    pub(super) scores: Vec<ScoreRow>,
}

/// Counts of findings that took long, by what was counted.
#[derive(Default)]
struct Remembered(Mutex<HashMap<String, (Timestamp, Vec<FindingCount>)>>);

/// From so many findings on, their counts are remembered.
const MANY: i64 = 20_000;
/// For so long.
const REMEMBER: Duration = Duration::from_secs(300);

/// The open findings. Those of today are counted with every change; those of past days are kept by
/// a job. To count a million as of a day that is not kept takes seconds, so such counts are remembered for a few minutes.
async fn findings(tx: &mut Tx, ctx: &Ctx, lens: &Lens) -> Result<(Vec<FindingCount>, Option<Timestamp>)> {
    if lens.past.is_none() {
        return Ok((store::list_open_findings(tx, lens).await?, None));
    }
    if let Some(counts) = store::list_kept_findings(tx, lens).await? {
        return Ok((counts, None));
    }
    let memory = ctx.platform.memory.of::<Remembered>()?;
    let products: Vec<String> = lens.shown().map(|product| product.id.to_string()).collect();
    let day = lens.past.map_or_else(String::new, |day| day.to_string());
    let key = format!("{} {day} {}", lens.whole, products.join(" "));
    let poisoned = || Error::internal("counts of findings are poisoned");
    let known = memory.0.lock().map_err(|_| poisoned())?.get(&key).cloned();
    if let Some((at, counts)) = known.filter(|(at, _)| *at + REMEMBER > ctx.now) {
        return Ok((counts, Some(at)));
    }
    let counts = store::list_past_findings(tx, lens).await?;
    let many = counts.iter().map(|row| row.count).sum::<i64>() > MANY;
    if many {
        let mut known = memory.0.lock().map_err(|_| poisoned())?;
        known.retain(|_, (at, _)| *at + REMEMBER > ctx.now);
        known.insert(key, (ctx.now, counts.clone()));
    }
    Ok((counts, many.then_some(ctx.now)))
}

impl Data {
    /// Loads what the address asks for.
    pub(super) async fn load(tx: &mut Tx, ctx: &Ctx, query: &Query) -> Result<Self> {
        let lens = Lens::load(tx, ctx, query).await?;
        let at = lens.at;
        let tasks = if lens.past.is_some() { figures_at(tx, at).await? } else { list_summaries(tx).await? };
        let (findings, counted_at) = findings(tx, ctx, &lens).await?;
        let known: HashSet<ReleaseId> = lens.releases.iter().map(|release| release.id).collect();
        let mut data = Self {
            pack: titles(tx).await?,
            profiles: store::list_profiles(tx, at).await?,
            teams: store::list_teams(tx, at).await?,
            people: store::list_people(tx, at).await?,
            decisions: store::list_decisions(tx, at).await?,
            tasks,
            waivers: store::list_waivers(tx, at).await?,
            findings,
            counted_at,
            targets: store::list_targets(tx, at).await?,
            field: store::list_field(tx, at).await?,
            affected: store::list_affected(tx, at).await?,
            escapes: improvement::list_escapes(tx, at).await?,
            unasked: improvement::list_unasked(tx, at).await?,
            actions: improvement::list_actions(tx, at).await?,
            scores: store::list_scores(tx, at).await?,
            lens,
        };
        let lens = &data.lens;
        data.decisions.retain(|row| known.contains(&row.release));
        data.tasks.retain(|(release, _, _)| known.contains(release));
        data.waivers.retain(|row| known.contains(&row.release));
        data.targets.retain(|row| lens.has(row.product));
        data.field.retain(|row| lens.has(row.product));
        data.affected.retain(|row| known.contains(&row.release));
        data.escapes.retain(|escape| lens.has(escape.product));
        data.unasked.retain(|(_, product, _)| lens.has(*product));
        data.actions.retain(|action| action.aim.product.is_none() || lens.has(action.aim.product));
        data.scores.retain(|row| match (row.place.as_str(), row.family) {
            ("product", _) => lens.has(row.product),
            ("family", Some(family)) => lens.has_family(family),
            _ => lens.whole,
        });
        Ok(data)
    }
}
