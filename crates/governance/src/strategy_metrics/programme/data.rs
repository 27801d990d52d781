//! Everything that the figures are counted from, loaded in a fixed number of statements.

use std::collections::HashSet;
use std::sync::Arc;

use db::Tx;
use kernel::{Id, Result, Timestamp, kinds};
use pack::Pack;
use platform::Ctx;
use process::plan::{Counts, figures_at};
use register::products::{ProductId, ReleaseId};
use web::Query;

use super::super::improvement::model::{Action, Escape};
use super::super::improvement::{store as improvement, titles};
use super::super::lens::Lens;
use super::model::{
    AffectedRow, DecisionRow, FieldRow, FindingCount, PersonRow, ProfileRow, TargetRow, TeamRow, WaiverRow,
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
    pub(super) ages: Vec<FindingCount>,
    pub(super) targets: Vec<TargetRow>,
    pub(super) field: Vec<FieldRow>,
    pub(super) affected: Vec<AffectedRow>,
    pub(super) escapes: Vec<Escape>,
    pub(super) unasked: Vec<(Id<kinds::Case>, Option<ProductId>, Timestamp)>,
    pub(super) actions: Vec<Action>,
}

impl Data {
    /// Loads what the address asks for.
    pub(super) async fn load(tx: &mut Tx, ctx: &Ctx, query: &Query) -> Result<Self> {
        let lens = Lens::load(tx, ctx, query).await?;
        let at = lens.at;
        let tasks = if lens.past.is_some() { figures_at(tx, at).await? } else { store::list_summaries(tx).await? };
        let (findings, ages) = store::list_findings(tx, &lens).await?;
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
            ages,
            targets: store::list_targets(tx, at).await?,
            field: store::list_field(tx, at).await?,
            affected: store::list_affected(tx, at).await?,
            escapes: improvement::list_escapes(tx, at).await?,
            unasked: improvement::list_unasked(tx, at).await?,
            actions: improvement::list_actions(tx, at).await?,
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
        Ok(data)
    }
}
