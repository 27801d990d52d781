//! Loading releases with all that decides how they stand, in a fixed number of statements, and judging their tasks.

use std::collections::HashMap;
use std::sync::Arc;

use db::Tx;
use kernel::{Error, Result, Timestamp};
use pack::{Activity, Fact, Pack};
use register::products::{ProductId, Release, ReleaseId, list_products, list_releases_of};

use super::model::{Line, Plan, Sheet, Status, Task, TaskId, Which};
use super::rules::{self, Candidate, Ground};
use super::store;
use crate::evidence::{self, Carried, Evidence, LiveFact};
use crate::pack::{self as packs, PackRowId};
use crate::place::Place;
use crate::profile::{self, Member, Profile};
use crate::waiver::{self, Waiver};

/// What was loaded for one or many releases.
struct Loaded {
    tasks: HashMap<ReleaseId, Vec<Task>>,
    evidence: HashMap<ReleaseId, Vec<Evidence>>,
    shared: HashMap<String, Vec<Evidence>>,
    carried: HashMap<TaskId, Vec<Carried>>,
    waivers: HashMap<ReleaseId, Vec<Waiver>>,
    facts: HashMap<ReleaseId, Vec<LiveFact>>,
}

async fn load(tx: &mut Tx, which: Which, at: Timestamp) -> Result<Loaded> {
    let mut loaded = Loaded {
        tasks: HashMap::new(),
        evidence: HashMap::new(),
        shared: HashMap::new(),
        carried: HashMap::new(),
        waivers: HashMap::new(),
        facts: evidence::list_facts(tx, which, at).await?,
    };
    for task in store::list_tasks(tx, which, at).await? {
        loaded.tasks.entry(task.release).or_default().push(task);
    }
    for one in evidence::list_of(tx, which, at).await? {
        if let Some(activity) = &one.shared_activity {
            loaded.shared.entry(activity.clone()).or_default().push(one.clone());
        }
        loaded.evidence.entry(one.release).or_default().push(one);
    }
    for one in evidence::list_carried(tx, which, at).await? {
        loaded.carried.entry(one.task).or_default().push(one);
    }
    for one in waiver::list_of(tx, which, at).await? {
        loaded.waivers.entry(one.release).or_default().push(one);
    }
    Ok(loaded)
}

/// What the spine itself observes about a release. Whether exceptions are current is known only after the tasks were
/// judged: [`lines`] looks again.
fn own_facts(
    release: &Release,
    plan: &Plan,
    profile: Option<&Profile>,
    team: &[&Member],
    pack: &Pack,
    at: Timestamp,
) -> Vec<LiveFact> {
    let support = if release.support_ends_on.is_some() {
        LiveFact::holding(Fact::SupportPeriodSet, Timestamp::from_micros(0))
    } else {
        LiveFact::lacking(
            Fact::SupportPeriodSet,
            "The release has no last day of support. Set it on the product's page.".to_owned(),
        )
    };
    vec![
        profile::profile_fact(profile, plan.class, at),
        profile::champion_fact(team),
        profile::team_fact(pack, team),
        support,
        LiveFact::holding(Fact::ExceptionsCurrent, Timestamp::from_micros(0)),
    ]
}

/// The exceptions whose time is over, when there are any on which a task still stands: nothing else settles it.
fn lapsed_exceptions(lines: &[Line], waived: &HashMap<TaskId, Vec<&Waiver>>, at: Timestamp) -> Option<LiveFact> {
    let is_lapsed = |line: &&Line| {
        let waivers = waived.get(&line.task.id).map_or(&[][..], Vec::as_slice);
        !line.status.state.is_settled() && waivers.iter().any(|waiver| waiver.is_lapsed_at(at))
    };
    let count = lines.iter().filter(is_lapsed).count();
    let words = if count == 1 {
        "An exception has lapsed. Settle its task, or ask for another one.".to_owned()
    } else {
        format!("{count} exceptions have lapsed. Settle their tasks, or ask for others.")
    };
    (count > 0).then(|| LiveFact::lacking(Fact::ExceptionsCurrent, words))
}

/// The facts of a release: what the spine observes, and what the practices say.
fn facts(own: Vec<LiveFact>, others: Option<Vec<LiveFact>>, at: Timestamp) -> Vec<LiveFact> {
    let mut facts = own;
    for fact in others.unwrap_or_default() {
        match facts.iter_mut().find(|known| known.fact == fact.fact) {
            None => facts.push(fact),
            Some(known) => known.join(fact, at),
        }
    }
    facts
}

/// The tasks of a release with how they stand.
fn lines(plan: &Plan, pack: &Pack, loaded: &mut Loaded, facts: &[LiveFact], at: Timestamp) -> Vec<Line> {
    let tasks = loaded.tasks.remove(&plan.release).unwrap_or_default();
    let activities: HashMap<&str, &Activity> =
        pack.activities.iter().map(|activity| (activity.id.as_str(), activity)).collect();
    let empty = Vec::new();
    let own = loaded.evidence.get(&plan.release).unwrap_or(&empty);
    let mut by_task: HashMap<TaskId, Vec<&Evidence>> = HashMap::new();
    let mut wide: Vec<&Evidence> = Vec::new();
    for evidence in own.iter().filter(|evidence| evidence.is_at(at)) {
        match evidence.task {
            Some(task) => by_task.entry(task).or_default().push(evidence),
            None => wide.push(evidence),
        }
    }
    let mut waived: HashMap<TaskId, Vec<&Waiver>> = HashMap::new();
    for waiver in loaded.waivers.get(&plan.release).into_iter().flatten() {
        waived.entry(waiver.task).or_default().push(waiver);
    }
    let ways = Ways {
        plan,
        pack,
        shared: &loaded.shared,
        carried: &loaded.carried,
        wide: &wide,
        by_task: &by_task,
        waived: &waived,
        at,
    };
    let mut lines = Vec::with_capacity(tasks.len());
    for task in tasks {
        // A task whose activity the pack does not know cannot be judged; it ends when the release moves to that pack.
        let Some(activity) = activities.get(task.activity.as_str()) else { continue };
        let status = ways.judge(activity, &task, facts);
        lines.push(Line { task, status });
    }
    if let Some(lapsed) = lapsed_exceptions(&lines, &waived, at) {
        let facts: Vec<LiveFact> =
            facts.iter().map(|known| if known.fact == lapsed.fact { lapsed.clone() } else { known.clone() }).collect();
        for line in &mut lines {
            let asks = |activity: &&&Activity| activity.evidence.iter().any(|one| one.fact == Some(lapsed.fact));
            if let Some(activity) = activities.get(line.task.activity.as_str()).filter(asks) {
                line.status = ways.judge(activity, &line.task, &facts);
            }
        }
    }
    lines.sort_by_key(|line| line.task.position);
    lines
}

/// What the tasks of one release are judged by.
struct Ways<'a> {
    plan: &'a Plan,
    pack: &'a Pack,
    shared: &'a HashMap<String, Vec<Evidence>>,
    carried: &'a HashMap<TaskId, Vec<Carried>>,
    /// What counts for every task that asks for its kind.
    wide: &'a [&'a Evidence],
    by_task: &'a HashMap<TaskId, Vec<&'a Evidence>>,
    waived: &'a HashMap<TaskId, Vec<&'a Waiver>>,
    at: Timestamp,
}

impl Ways<'_> {
    fn judge(&self, activity: &Activity, task: &Task, facts: &[LiveFact]) -> Status {
        let at = self.at;
        let plain = |evidence| Candidate { evidence, carried: false, shared: false, until: None };
        let mut candidates: Vec<Candidate<'_>> = Vec::new();
        let shared = self.shared.get(&task.activity).into_iter().flatten();
        let shared = shared.filter(|one| one.is_at(at) && one.release != self.plan.release);
        candidates.extend(shared.map(|evidence| Candidate { evidence, carried: true, shared: true, until: None }));
        let carried = self.carried.get(&task.id).into_iter().flatten().filter(|one| one.evidence.is_at(at));
        candidates.extend(carried.map(|one| Candidate {
            evidence: &one.evidence,
            carried: true,
            shared: false,
            until: one.until,
        }));
        candidates.extend(self.wide.iter().copied().map(plain));
        candidates.extend(self.by_task.get(&task.id).into_iter().flatten().copied().map(plain));
        candidates.sort_by_key(|candidate| (candidate.evidence.produced_at, candidate.evidence.id));
        let waivers = self.waived.get(&task.id).map_or(&[][..], Vec::as_slice);
        let started = task.started_at.is_some_and(|started| started <= at);
        let ground = Ground {
            pack: self.pack,
            models: &self.plan.models,
            candidates: &candidates,
            waivers,
            facts,
            started,
            now: at,
        };
        rules::judge(activity, &ground)
    }
}

/// A release with its plan at a moment.
///
/// # Errors
/// Refused when there was no plan then, or when the database does not answer.
pub async fn load_sheet(tx: &mut Tx, place: Place, at: Timestamp) -> Result<Sheet> {
    let which = Which::Release(place.release.id);
    let plan = store::list_plans(tx, which, at).await?.pop().ok_or_else(|| no_plan_at(at))?;
    let document = packs::load_document(tx, plan.pack_row).await?;
    let profile = profile::load_profile(tx, place.product.id, at).await?;
    let team = profile::list_team(tx, place.product.id).await?;
    let mut loaded = load(tx, which, at).await?;
    let now: Vec<&Member> = team.iter().filter(|member| member.is_at(at)).collect();
    let waivers = loaded.waivers.get(&plan.release).cloned().unwrap_or_default();
    let own = own_facts(&place.release, &plan, profile.as_ref(), &now, &document.pack, at);
    let facts = facts(own, loaded.facts.remove(&plan.release), at);
    let lines = lines(&plan, &document.pack, &mut loaded, &facts, at);
    let mut evidence = loaded.evidence.remove(&plan.release).unwrap_or_default();
    let shared = loaded.shared.into_values().flatten().filter(|one| one.release != plan.release);
    let carried = loaded.carried.into_values().flatten().map(|one| one.evidence);
    evidence.extend(shared.chain(carried));
    Ok(Sheet { place, plan, pack_row: document.row, pack: document.pack, at, lines, evidence, waivers })
}

fn no_plan_at(at: Timestamp) -> Error {
    Error::Refused {
        code: "no-plan",
        words: format!(
            "There was no plan for this release on {}. Make one on the release's page, or ask for a later day.",
            at.date()
        ),
    }
}

/// The lines of several releases, for summaries.
///
/// # Errors
/// When the database does not answer.
pub async fn load_sheets(tx: &mut Tx, which: Which, at: Timestamp) -> Result<Vec<(Plan, Vec<Line>)>> {
    let plans = store::list_plans(tx, which, at).await?;
    let documents: HashMap<PackRowId, Arc<Pack>> = packs::list_documents(tx).await?;
    let releases: HashMap<ReleaseId, Release> =
        list_releases_of(tx, None).await?.into_iter().map(|release| (release.id, release)).collect();
    let profiles: HashMap<ProductId, Profile> =
        profile::list_current_profiles(tx).await?.into_iter().map(|profile| (profile.product, profile)).collect();
    let teams = profile::list_teams(tx).await?;
    let mut loaded = load(tx, which, at).await?;
    let mut sheets = Vec::with_capacity(plans.len());
    for plan in plans {
        let (Some(pack), Some(release)) = (documents.get(&plan.pack_row), releases.get(&plan.release)) else {
            continue;
        };
        let team: Vec<&Member> =
            teams.iter().filter(|member| member.product.is_none_or(|of| of == plan.product)).collect();
        let own = own_facts(release, &plan, profiles.get(&plan.product), &team, pack, at);
        let facts = facts(own, loaded.facts.remove(&plan.release), at);
        let lines = lines(&plan, pack, &mut loaded, &facts, at);
        sheets.push((plan, lines));
    }
    Ok(sheets)
}

/// Places of all releases, for lists.
pub(super) async fn list_places(tx: &mut Tx) -> Result<Vec<Place>> {
    let products: HashMap<ProductId, register::products::Product> =
        list_products(tx).await?.into_iter().map(|product| (product.id, product)).collect();
    let releases = list_releases_of(tx, None).await?;
    Ok(releases
        .into_iter()
        .filter_map(|release| products.get(&release.product).map(|product| Place { product: product.clone(), release }))
        .collect())
}
