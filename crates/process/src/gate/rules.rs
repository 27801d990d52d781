//! What a gate counts and says, and what may be decided. Pure.

use std::collections::HashMap;

use kernel::Refusal;
use pack::{Activity, Criterion, Gate, Model, Pack};

use super::model::{Choice, Item, Outcome, Verdict};
use crate::evidence::EvidenceId;
use crate::plan::{Line, Sheet, TaskState};

/// The gates that count for these ways of working: the release gate first, then those of the phases in order.
pub(super) fn gates<'a>(pack: &'a Pack, models: &[Model]) -> Vec<&'a Gate> {
    let counts = |gate: &&Gate| gate.models.is_empty() || gate.models.iter().any(|model| models.contains(model));
    let mut list: Vec<&Gate> = pack.gates.iter().filter(counts).collect();
    list.sort_by_key(|gate| {
        gate.phase.as_deref().map(|phase| pack.phase_index(phase).map_or(usize::MAX, |at| at.saturating_add(1)))
    });
    list
}

/// Why a gate cannot be asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum AskRefused {
    #[error("This release has no gate {gate}. It has: {known}.")]
    UnknownGate { gate: String, known: String },
    #[error(
        "{task} is no task of this release, so it cannot be assumed to be done. Name activities such as those in the list of what lacks."
    )]
    UnknownTask { task: String },
}

impl Refusal for AskRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownGate { .. } => "unknown-gate",
            Self::UnknownTask { .. } => "unknown-task",
        }
    }
}

/// Whether an activity counts at a gate: at the release gate everything does; at the gate of a phase what is due until
/// the phase ends, and what the next phase needs to begin.
fn counts_at(gate: &Gate, activity: &Activity, pack: &Pack) -> bool {
    let Some(phase) = gate.phase.as_deref().and_then(|phase| pack.phase_index(phase)) else {
        return gate.phase.is_none();
    };
    let Some(due) = &activity.due.waterfall else { return false };
    let Some(at) = pack.phase_index(&due.phase) else { return false };
    match due.criterion {
        Criterion::Exit => at <= phase,
        Criterion::Entry => at <= phase.saturating_add(1),
    }
}

fn item(line: &Line, activity: &Activity, hashes: &HashMap<EvidenceId, &str>, sheet: &Sheet, assumed: bool) -> Item {
    let state = line.status.state;
    let waiver = sheet.waivers.iter().rev().find(|waiver| waiver.task == line.task.id && waiver.holds_at(sheet.at));
    let excepted = matches!(state, TaskState::Waived | TaskState::NotApplicable);
    let pieces = line.status.pieces.iter().filter_map(|piece| piece.by);
    let hashes = pieces.filter_map(|id| hashes.get(&id)).map(|hash| (*hash).to_owned());
    Item {
        task: line.task.id,
        activity: line.task.activity.clone(),
        title: activity.title.clone(),
        practice: line.task.practice.clone(),
        state,
        assumed: assumed && !state.is_settled(),
        due_on: line.task.due_on,
        owner: line.task.owner_name.clone(),
        lacks: line.status.lacks.clone(),
        until: line.status.until,
        reason: waiver.filter(|_| excepted).map(|waiver| waiver.reason.clone()).unwrap_or_default(),
        evidence: hashes.filter(|hash| !hash.is_empty()).collect(),
    }
}

/// What a gate says. `wanted` is its identifier, empty for the release gate; `assume` names activities or tasks that are
/// taken to be done.
pub(super) fn judge(sheet: &Sheet, wanted: &str, assume: &[&str]) -> Result<Verdict, AskRefused> {
    let known = gates(&sheet.pack, &sheet.plan.models);
    // Without a name it is the release gate and never that of a phase, which counts less.
    let is_wanted = |gate: &&&Gate| if wanted.is_empty() { gate.phase.is_none() } else { gate.id == wanted };
    let gate = known.iter().find(is_wanted).ok_or_else(|| AskRefused::UnknownGate {
        gate: if wanted.is_empty() { "for the release".to_owned() } else { wanted.to_owned() },
        known: known.iter().map(|gate| gate.id.as_str()).collect::<Vec<_>>().join(", "),
    })?;
    let is = |line: &Line, name: &str| line.task.activity == name || line.task.id.to_string() == name;
    if let Some(task) = assume.iter().find(|name| !sheet.lines.iter().any(|line| is(line, name))) {
        return Err(AskRefused::UnknownTask { task: (*task).to_owned() });
    }
    // A release may have hundreds of tasks and as many activities, so neither is searched for each of the others.
    let activities: HashMap<&str, &Activity> =
        sheet.pack.activities.iter().map(|activity| (activity.id.as_str(), activity)).collect();
    let hashes: HashMap<EvidenceId, &str> =
        sheet.evidence.iter().rev().map(|one| (one.id, one.sha256.as_str())).collect();
    let counted = sheet.lines.iter().filter_map(|line| {
        let activity = activities.get(line.task.activity.as_str()).copied()?;
        counts_at(gate, activity, &sheet.pack).then_some((line, activity))
    });
    let is_assumed = |line: &Line| assume.iter().any(|name| is(line, name));
    let items: Vec<Item> =
        counted.map(|(line, activity)| item(line, activity, &hashes, sheet, is_assumed(line))).collect();
    let outcome = if items.iter().any(|item| !item.is_settled()) || (items.is_empty() && gate.phase.is_none()) {
        Outcome::Lacking
    } else if items.iter().any(|item| item.state == TaskState::Waived) {
        Outcome::PassedWithExceptions
    } else {
        Outcome::Passed
    };
    Ok(Verdict {
        gate: gate.id.clone(),
        title: gate.title.clone(),
        phase: gate.phase.clone(),
        outcome,
        until: items.iter().filter_map(|item| item.until).min(),
        items,
        at: sheet.at,
    })
}

/// Why a decision is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum DecisionRefused {
    #[error(
        "{count} tasks lack something, so the release cannot pass. Settle them, or have exceptions approved; the list says what to do."
    )]
    Lacking { count: usize },
    #[error("{count} tasks are waived, so this is a pass with exceptions. Choose that, and say why it is good enough.")]
    Exceptions { count: usize },
    #[error("No task is waived, so there are no exceptions to pass with. Choose Passed.")]
    NoExceptions,
}

impl Refusal for DecisionRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::Lacking { .. } => "gate-lacking",
            Self::Exceptions { .. } => "gate-exceptions",
            Self::NoExceptions => "gate-no-exceptions",
        }
    }
}

/// Whether a choice fits what the gate says. To stop is always possible.
pub(super) fn may_decide(verdict: &Verdict, choice: Choice) -> Result<(), DecisionRefused> {
    let waived = verdict.items.iter().filter(|item| item.state == TaskState::Waived).count();
    match (choice, verdict.outcome) {
        (Choice::Stopped, _)
        | (Choice::Passed, Outcome::Passed)
        | (Choice::PassedWithExceptions, Outcome::PassedWithExceptions) => Ok(()),
        (_, Outcome::Lacking) => Err(DecisionRefused::Lacking { count: verdict.lacking().count() }),
        (Choice::Passed, Outcome::PassedWithExceptions) => Err(DecisionRefused::Exceptions { count: waived }),
        (Choice::PassedWithExceptions, Outcome::Passed) => Err(DecisionRefused::NoExceptions),
    }
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;

    use super::*;

    #[track_caller]
    fn check(outcome: Outcome, choice: Choice, expected: Result<(), &str>) {
        let verdict = Verdict {
            gate: String::new(),
            title: String::new(),
            phase: None,
            outcome,
            items: Vec::new(),
            until: None,
            at: Timestamp::from_micros(0),
        };
        assert_eq!(may_decide(&verdict, choice).map_err(|refused| refused.code()), expected);
    }

    #[test]
    fn nobody_can_pass_what_lacks() {
        check(Outcome::Lacking, Choice::Passed, Err("gate-lacking"));
        check(Outcome::Lacking, Choice::PassedWithExceptions, Err("gate-lacking"));
        check(Outcome::Lacking, Choice::Stopped, Ok(()));
        check(Outcome::Passed, Choice::Passed, Ok(()));
        check(Outcome::Passed, Choice::PassedWithExceptions, Err("gate-no-exceptions"));
        check(Outcome::PassedWithExceptions, Choice::Passed, Err("gate-exceptions"));
        check(Outcome::PassedWithExceptions, Choice::PassedWithExceptions, Ok(()));
        check(Outcome::Passed, Choice::Stopped, Ok(()));
    }
}
