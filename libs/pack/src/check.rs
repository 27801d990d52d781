//! Checks that need the whole pack: counts, levels and gates.

use std::collections::BTreeMap;

use crate::finding::{Severity, Sink};
use crate::merge::Place;
use crate::model::Pack;
use crate::words::{EvidenceKind, Model, RiskClass};

pub(crate) fn check_whole(pack: &Pack, places: &BTreeMap<String, Place>, sink: &Sink) {
    let place = |id: &str| places.get(id).or_else(|| places.get("pack.toml")).cloned().unwrap_or_default();
    let say = |severity, id: &str, rule, reason| {
        let place = place(id);
        sink.add(severity, &place.file, place.line.max(1), rule, reason);
    };
    for practice in &pack.practices {
        let activities = pack.activities_of(&practice.id);
        let count = u32::try_from(activities.len()).unwrap_or(u32::MAX);
        if count < pack.minimum_activities {
            let reason = format!(
                "the practice `{}` has {count} activities; this pack asks for at least {}",
                practice.id, pack.minimum_activities
            );
            say(Severity::Error, &practice.id, "too-few-activities", reason);
        }
        for level in 1..=pack.levels {
            if !activities.iter().any(|activity| activity.level == level) {
                let reason = format!("the practice `{}` has no activity on level {level}", practice.id);
                say(Severity::Error, &practice.id, "missing-level", reason);
            }
        }
    }
    for function in &pack.functions {
        if !pack.practices.iter().any(|practice| practice.function == function.id) {
            let reason = format!("the function `{}` has no practice", function.id);
            say(Severity::Warning, "pack.toml", "empty-function", reason);
        }
    }
    for activity in &pack.activities {
        if pack.practice(&activity.practice).is_none() {
            let reason = format!("`{}` belongs to no practice of this pack", activity.id);
            say(Severity::Error, &activity.id, "unknown-practice", reason);
        }
        let automatic = activity.evidence.iter().all(|evidence| evidence.kind == EvidenceKind::Fact);
        if !automatic && activity.does == [activity.decides.clone()] {
            let reason = format!("`{}` is done and decided by the same role; nobody looks at it twice", activity.id);
            say(Severity::Warning, &activity.id, "self-approval", reason);
        }
    }
    for class in RiskClass::ALL {
        if !pack.activities.is_empty() && !pack.activities.iter().any(|activity| activity.classes.contains(class)) {
            let reason = format!("no activity applies to products of class `{class}`");
            say(Severity::Warning, "pack.toml", "unused-class", reason);
        }
    }
    check_gates(pack, &say);
}

fn check_gates(pack: &Pack, say: &impl Fn(Severity, &str, &'static str, String)) {
    for model in &pack.models {
        if !pack.gates.iter().any(|gate| gate.phase.is_none() && gate.models.contains(model)) {
            let reason = format!("no release gate (a gate without a phase) is for the model `{model}`");
            say(Severity::Error, "pack.toml", "missing-gate", reason);
        }
    }
    if pack.models.contains(&Model::Waterfall) && pack.phases.is_empty() {
        let reason = "the waterfall model needs `phases`".to_owned();
        say(Severity::Error, "pack.toml", "missing", reason);
    }
    if pack.risk.questions.is_empty() {
        let reason = "the pack has no product profile: `risk` is missing".to_owned();
        say(Severity::Error, "pack.toml", "missing", reason);
    }
}
