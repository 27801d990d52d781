//! How a task stands: from evidence, live facts and exceptions, at one moment. Pure.

use std::time::Duration;

use kernel::{Refusal, Timestamp};
use pack::{
    Activity, Carry, DevopsDue, EvidenceKind, EvidenceRule, Fact, Model, Pack, ProductChange, Thresholds, Validity,
};

use super::model::{Piece, PieceState, Status, TaskState};
use crate::evidence::{Evidence, EvidenceId, LiveFact, Source};
use crate::waiver::{Kind, Waiver};

const DAY: u64 = 86_400;

/// The how-manieth of its kind a piece of evidence is among those that an activity asks for.
pub(crate) fn ordinal(activity: &Activity, slot: usize) -> i64 {
    let Some(wanted) = activity.evidence.get(slot) else { return 0 };
    let before = activity.evidence.iter().take(slot).filter(|one| one.kind == wanted.kind).count();
    i64::try_from(before).unwrap_or(0)
}

/// Facts that no room of this program observes yet. Until one does, a document or link that a second person accepted shows
/// them; the day a room says how it is, only that counts.
const UNOBSERVED: [Fact; 6] = [
    Fact::RequirementsSelected,
    Fact::RequirementsTraced,
    Fact::BaselineChecked,
    Fact::GuidePublished,
    Fact::PoliciesAcknowledged,
    Fact::SbomMatched,
];

/// Whether a document may show this, since nobody observes it.
#[must_use]
pub fn is_shown_by_document(fact: Option<Fact>) -> bool {
    fact.is_some_and(|fact| UNOBSERVED.contains(&fact))
}

/// What to do where a room has nothing recorded of a fact yet.
const fn remedy(fact: Fact) -> &'static str {
    match fact {
        Fact::IntakeOpen => "Make a key for reports in the settings.",
        Fact::AssessmentCurrent => "Finish an assessment of the product, its family or the organisation.",
        Fact::TargetSet => "Set a target for the product, its family or the organisation under Assessments.",
        Fact::ComponentsJudged => "Give the release its SBOM.",
        Fact::FindingsWithinThreshold => "Import a scan report for the release.",
        Fact::ProfileCurrent
        | Fact::ChampionNamed
        | Fact::TeamFilled
        | Fact::SupportPeriodSet
        | Fact::CasesOnTime
        | Fact::RootCausesRecorded
        | Fact::ExceptionsCurrent
        | Fact::RequirementsSelected
        | Fact::RequirementsTraced
        | Fact::BaselineChecked
        | Fact::GuidePublished
        | Fact::PoliciesAcknowledged
        | Fact::SbomMatched => "Where it is not recorded in this program, ask for an exception.",
    }
}

/// Evidence that may count for a task.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate<'a> {
    pub(super) evidence: &'a Evidence,
    /// Whether it was made for another release.
    pub(super) carried: bool,
    /// Whether it counts here because the activity is done once for the vendor.
    pub(super) shared: bool,
    /// Until when it may be carried over.
    pub(super) until: Option<Timestamp>,
}

/// All that decides how one task stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground<'a> {
    pub(super) pack: &'a Pack,
    pub(super) models: &'a [Model],
    pub(super) candidates: &'a [Candidate<'a>],
    pub(super) waivers: &'a [&'a Waiver],
    pub(super) facts: &'a [LiveFact],
    pub(super) started: bool,
    pub(super) now: Timestamp,
}

/// What an activity asks for in these ways of working.
struct Asked<'a> {
    own: bool,
    fresh_days: Option<u32>,
    contract: Option<&'a DevopsDue>,
}

fn asked<'a>(activity: &'a Activity, models: &[Model]) -> Asked<'a> {
    let devops = activity.due.devops.as_ref().filter(|_| models.contains(&Model::Devops));
    let own_devops = devops.filter(|due| due.post.is_none());
    let waterfall = activity.due.waterfall.is_some() && models.contains(&Model::Waterfall);
    let agile = activity.due.agile.is_some() && models.contains(&Model::Agile);
    Asked {
        own: waterfall || agile || own_devops.is_some(),
        fresh_days: own_devops.map(|due| due.fresh_days),
        contract: devops.filter(|due| due.post.is_some()),
    }
}

/// How one piece of evidence stands against what is asked.
enum Standing {
    Good(Option<Timestamp>),
    Pending,
    Failed(String),
    Expired(Timestamp),
}

fn after(at: Timestamp, days: u32) -> Timestamp {
    at + Duration::from_secs(u64::from(days) * DAY)
}

fn earliest(ends: impl IntoIterator<Item = Option<Timestamp>>) -> Option<Timestamp> {
    ends.into_iter().flatten().min()
}

fn over(measures: &std::collections::BTreeMap<String, u32>, max: &Thresholds) -> Option<String> {
    max.iter().find_map(|(name, most)| match measures.get(name) {
        None => Some(format!("it does not say how many {name}; at most {most} are allowed")),
        Some(count) if count > most => Some(format!("{count} {name} where at most {most} are allowed")),
        Some(_) => None,
    })
}

/// Bounds of a slot or of the contract of pipeline runs.
struct Bounds<'a> {
    max: &'a Thresholds,
    min_percent: Option<u32>,
    validity: Validity,
    fresh_days: Option<u32>,
}

fn standing(candidate: &Candidate<'_>, bounds: &Bounds<'_>, now: Timestamp) -> Standing {
    let evidence = candidate.evidence;
    if evidence.source.needs_review() {
        match evidence.review_at(now) {
            None => return Standing::Pending,
            Some(review) if !review.accepted => {
                return Standing::Failed(format!("it was rejected: {}", review.note.trim_end_matches('.')));
            }
            Some(_) => {}
        }
    }
    if let Some(words) = over(&evidence.measures, bounds.max) {
        return Standing::Failed(words);
    }
    if let Some(least) = bounds.min_percent {
        let percent = evidence.percent.unwrap_or(0);
        if percent < least {
            return Standing::Failed(format!("{percent} % where at least {least} % are needed"));
        }
    }
    let by_pack = match bounds.validity {
        Validity::Days(days) => Some(after(evidence.produced_at, days)),
        Validity::Release => None,
    };
    let fresh = bounds.fresh_days.map(|days| after(evidence.produced_at, days));
    match earliest([by_pack, fresh, evidence.valid_until, candidate.until]) {
        Some(end) if end <= now => Standing::Expired(end),
        until => Standing::Good(until),
    }
}

/// Kinds that measure something: only the newest measurement counts, so that an old good one cannot hide a new bad one.
const fn is_measured(kind: EvidenceKind) -> bool {
    match kind {
        EvidenceKind::PipelinePost
        | EvidenceKind::ScanReport
        | EvidenceKind::TestReport
        | EvidenceKind::TrainingCoverage
        | EvidenceKind::Sbom => true,
        EvidenceKind::Document
        | EvidenceKind::Link
        | EvidenceKind::File
        | EvidenceKind::ThreatModel
        | EvidenceKind::Review
        | EvidenceKind::Fact => false,
    }
}

/// Judges the candidates for one piece; they come with the newest last.
fn settle(
    slot: Option<usize>,
    words: String,
    fitting: &[&Candidate<'_>],
    bounds: &Bounds<'_>,
    measured: bool,
    now: Timestamp,
) -> Piece {
    let judged: Vec<(&Candidate<'_>, Standing)> =
        fitting.iter().map(|candidate| (*candidate, standing(candidate, bounds, now))).collect();
    let newest =
        judged.iter().rev().find(|(_, standing)| !matches!(standing, Standing::Pending)).map(|(c, _)| c.evidence.id);
    let counts = |id: EvidenceId| !measured || newest == Some(id);
    let mut best: Option<(&Candidate<'_>, Option<Timestamp>)> = None;
    let (mut pending, mut failed, mut expired) = (false, None, None);
    for (candidate, standing) in &judged {
        match standing {
            Standing::Pending => pending = true,
            Standing::Failed(words) if counts(candidate.evidence.id) => failed = Some(words),
            Standing::Expired(at) if counts(candidate.evidence.id) => expired = expired.max(Some(*at)),
            Standing::Good(until) if counts(candidate.evidence.id) => {
                let longer = best.is_none_or(|(_, known)| match (known, until) {
                    (Some(known), Some(until)) => *until >= known,
                    (Some(_), None) => true,
                    (None, _) => false,
                });
                if longer {
                    best = Some((candidate, *until));
                }
            }
            Standing::Failed(_) | Standing::Expired(_) | Standing::Good(_) => {}
        }
    }
    let piece = |state, lacks: String| Piece {
        slot,
        words: words.clone(),
        state,
        by: None,
        until: None,
        lacks,
        carried: false,
    };
    match (best, pending, failed, expired) {
        (Some((candidate, until)), ..) => Piece {
            by: Some(candidate.evidence.id),
            until,
            carried: candidate.carried,
            ..piece(PieceState::Met, String::new())
        },
        (None, true, ..) => {
            piece(PieceState::Unreviewed, format!("{words} Somebody other than its author has to review it."))
        }
        (None, false, Some(why), _) => piece(PieceState::Failed, format!("{words} What is there does not do: {why}.")),
        (None, false, None, Some(end)) => {
            piece(PieceState::Lapsed, format!("{words} What was there held until {}. Bring it up to date.", end.date()))
        }
        (None, false, None, None) => piece(PieceState::Missing, format!("{words} Nothing is there yet.")),
    }
}

fn fact_piece(
    slot: usize,
    activity: &Activity,
    wanted: &pack::Evidence,
    ground: &Ground<'_>,
    fresh: Option<u32>,
) -> Piece {
    let now = ground.now;
    let piece = |state, until, lacks| Piece {
        slot: Some(slot),
        words: wanted.what.clone(),
        state,
        by: None,
        until,
        lacks,
        carried: false,
    };
    let Some(fact) = wanted.fact else {
        return piece(PieceState::Failed, None, "The pack names no fact here.".to_owned());
    };
    match ground.facts.iter().find(|known| known.fact == fact && known.at <= now) {
        Some(known) if !known.holds => piece(PieceState::Failed, None, known.words.clone()),
        Some(known) => match known.until {
            Some(end) if end <= now => {
                let words = format!("{} It was so until {}. {}", wanted.what, end.date(), remedy(fact));
                piece(PieceState::Lapsed, None, words)
            }
            until => piece(PieceState::Met, until, String::new()),
        },
        None if is_shown_by_document(Some(fact)) => document_piece(slot, activity, wanted, ground, fresh),
        None => {
            let words = format!("Nothing is recorded yet that shows: {}. {}", fact.title(), remedy(fact));
            piece(PieceState::Failed, None, words)
        }
    }
}

/// What no room observes: judged like a document, with the validity that the pack gives the fact.
fn document_piece(
    slot: usize,
    activity: &Activity,
    wanted: &pack::Evidence,
    ground: &Ground<'_>,
    fresh_days: Option<u32>,
) -> Piece {
    let nth = ordinal(activity, slot);
    let fits = |candidate: &&Candidate<'_>| {
        let one = candidate.evidence;
        let elsewhere = candidate.shared && wanted.validity == Validity::Release;
        !elsewhere && one.task.is_some() && one.kind == EvidenceKind::Fact && one.ordinal == nth
    };
    let fitting: Vec<&Candidate<'_>> = ground.candidates.iter().filter(fits).collect();
    let none = Thresholds::default();
    let bounds = Bounds { max: &none, min_percent: None, validity: wanted.validity, fresh_days };
    let words = format!("Document: {} Nobody observes this here yet.", wanted.what);
    let mut piece = settle(Some(slot), words, &fitting, &bounds, false, ground.now);
    if piece.state == PieceState::Missing {
        piece.lacks = format!(
            "{} Nobody observes this here yet: attach a document or link that shows it, for somebody else to review.",
            wanted.what
        );
    }
    piece
}

fn own_piece(slot: usize, activity: &Activity, ground: &Ground<'_>, fresh_days: Option<u32>) -> Option<Piece> {
    let wanted = activity.evidence.get(slot)?;
    if wanted.kind == EvidenceKind::Fact {
        return Some(fact_piece(slot, activity, wanted, ground, fresh_days));
    }
    let nth = ordinal(activity, slot);
    let fits = |candidate: &&Candidate<'_>| {
        let evidence = candidate.evidence;
        // What holds for one release only is worth nothing to the vendor's other releases.
        if candidate.shared && wanted.validity == Validity::Release {
            return false;
        }
        match (evidence.task, &wanted.post) {
            (None, Some(_)) => evidence.post == wanted.post,
            // What another practice recorded says which kind of post it is as well, for the contracts of pipelines.
            (None, None) => {
                evidence.kind == wanted.kind && (evidence.post.is_none() || evidence.source == Source::Record)
            }
            (Some(_), _) => evidence.kind == wanted.kind && evidence.ordinal == nth,
        }
    };
    let fitting: Vec<&Candidate<'_>> = ground.candidates.iter().filter(fits).collect();
    let bounds = Bounds { max: &wanted.max, min_percent: wanted.min_percent, validity: wanted.validity, fresh_days };
    let words = format!("{}: {}", capital(wanted.kind.title()), wanted.what);
    Some(settle(Some(slot), words, &fitting, &bounds, is_measured(wanted.kind), ground.now))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn contract_piece(due: &DevopsDue, ground: &Ground<'_>) -> Piece {
    let post = due.post.as_deref().unwrap_or_default();
    let title = ground.pack.posts.iter().find(|known| known.id == post).map_or(post, |known| known.title.as_str());
    let fitting: Vec<&Candidate<'_>> =
        ground.candidates.iter().filter(|candidate| candidate.evidence.post.as_deref() == Some(post)).collect();
    let bounds =
        Bounds { max: &due.max, min_percent: None, validity: Validity::Release, fresh_days: Some(due.fresh_days) };
    let words = format!("Pipeline post {post} ({title}), at most {} days old.", due.fresh_days);
    settle(None, words, &fitting, &bounds, true, ground.now)
}

/// How a task of `activity` stands.
pub(super) fn judge(activity: &Activity, ground: &Ground<'_>) -> Status {
    let asked = asked(activity, ground.models);
    let mut pieces = Vec::with_capacity(activity.evidence.len() + 1);
    if asked.own {
        pieces.extend(
            (0..activity.evidence.len()).filter_map(|slot| own_piece(slot, activity, ground, asked.fresh_days)),
        );
    }
    let met = |piece: &Piece| piece.state == PieceState::Met;
    let any = activity.evidence_rule == EvidenceRule::Any;
    let own_met = !asked.own || if any { pieces.iter().any(met) } else { !pieces.is_empty() && pieces.iter().all(met) };
    let own_until = if any && pieces.iter().any(|piece| met(piece) && piece.until.is_none()) {
        None
    } else if any {
        pieces.iter().filter(|piece| met(piece)).filter_map(|piece| piece.until).max()
    } else {
        earliest(pieces.iter().map(|piece| piece.until))
    };
    let mut lacks = if own_met { Vec::new() } else { lacking(&pieces, any) };
    let mut contract_met = true;
    let mut until = own_until;
    if let Some(due) = asked.contract {
        let piece = contract_piece(due, ground);
        contract_met = met(&piece);
        until = earliest([own_until, piece.until]);
        if !contract_met {
            lacks.push(piece.lacks.clone());
        }
        pieces.push(piece);
    }
    if own_met && contract_met && (asked.own || asked.contract.is_some()) {
        return Status { state: TaskState::Done, pieces, until, lacks };
    }
    if let Some(waiver) =
        ground.waivers.iter().filter(|waiver| waiver.holds_at(ground.now)).max_by_key(|waiver| waiver.expires_on)
    {
        let state = match waiver.kind {
            Kind::Waiver => TaskState::Waived,
            Kind::NotApplicable => TaskState::NotApplicable,
        };
        return Status { state, pieces, until: Some(waiver.expires_on.plus_days(1).start()), lacks: Vec::new() };
    }
    Status { state: unsettled(&pieces, ground, &mut lacks), pieces, until: None, lacks }
}

/// What lacks: every missing piece, or, where one of several is enough, the choice in one sentence.
fn lacking(pieces: &[Piece], any: bool) -> Vec<String> {
    let open = pieces.iter().filter(|piece| piece.state != PieceState::Met);
    if any && pieces.len() > 1 {
        let started: Vec<String> =
            open.clone().filter(|piece| piece.state != PieceState::Missing).map(|piece| piece.lacks.clone()).collect();
        if started.is_empty() {
            return vec![format!(
                "One of these: {}",
                pieces.iter().map(|piece| piece.words.as_str()).collect::<Vec<_>>().join(" Or: ")
            )];
        }
        return started;
    }
    open.map(|piece| piece.lacks.clone()).collect()
}

fn unsettled(pieces: &[Piece], ground: &Ground<'_>, lacks: &mut Vec<String>) -> TaskState {
    let has = |state: PieceState| pieces.iter().any(|piece| piece.state == state);
    if let Some(waiver) = ground.waivers.iter().rev().find(|waiver| waiver.is_lapsed_at(ground.now)) {
        lacks.insert(0, format!("The exception ended on {}. Settle the task, or ask again.", waiver.expires_on));
        return TaskState::Lapsed;
    }
    if has(PieceState::Lapsed) {
        return TaskState::Lapsed;
    }
    if ground.waivers.iter().any(|waiver| waiver.is_pending_at(ground.now)) {
        lacks.insert(0, "An exception was asked for and waits for somebody who may approve it.".to_owned());
        return TaskState::Waiting;
    }
    if has(PieceState::Unreviewed) {
        return TaskState::Waiting;
    }
    let touched =
        pieces.iter().any(|piece| piece.by.is_some()) || (has(PieceState::Failed) && !ground.candidates.is_empty());
    if touched || ground.started { TaskState::InWork } else { TaskState::Open }
}

/// Whether a task settled in an earlier release is settled in the next one, or why it is open again.
pub(super) fn carry(carry: &Carry, changes: &[ProductChange]) -> Result<(), String> {
    if !carry.is_possible() {
        return Err("It is asked for in every release.".to_owned());
    }
    let reopened: Vec<&str> =
        carry.until.iter().filter(|change| changes.contains(change)).map(|change| change.title()).collect();
    if reopened.is_empty() { Ok(()) } else { Err(format!("Open again, since this changed: {}.", reopened.join(", "))) }
}

/// Until when a piece of evidence may be carried over: so many days after it was made.
pub(super) fn carry_until(carry: &Carry, evidence: &Evidence) -> Option<Timestamp> {
    carry.days.map(|days| after(evidence.produced_at, days))
}

/// Why a plan is not made or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum PlanRefused {
    #[error(
        "{count} tasks would go out of the plan. Somebody who may approve exceptions has to make this change; or keep the ways of working, the level and the pack as they are."
    )]
    OwesLess { count: usize },
    #[error(
        "A plan up to a level leaves the tasks above it out, which somebody who may approve exceptions has to do. Choose all levels, or ask them to make the plan."
    )]
    Limited,
}

impl Refusal for PlanRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::OwesLess { .. } => "plan-owes-less",
            Self::Limited => "plan-limited",
        }
    }
}

/// Whether an agreed plan may lose so many tasks.
pub(super) const fn may_drop(count: usize, may_approve: bool) -> Result<(), PlanRefused> {
    if count == 0 || may_approve { Ok(()) } else { Err(PlanRefused::OwesLess { count }) }
}

/// Whether a first plan may leave levels of maturity out.
pub(super) const fn may_begin(up_to_level: Option<u32>, may_approve: bool) -> Result<(), PlanRefused> {
    if up_to_level.is_none() || may_approve { Ok(()) } else { Err(PlanRefused::Limited) }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
