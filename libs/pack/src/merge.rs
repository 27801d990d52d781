//! A pack under construction: what it has of the pack below, what it adds, replaces and takes out.

use std::collections::BTreeMap;

use crate::finding::{Severity, Sink};
use crate::model::{Activity, Pack, Practice, Removal};

/// Where something is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: u32,
}

/// A pack that is being read.
#[derive(Default)]
pub(crate) struct Build {
    pub(crate) pack: Pack,
    pub(crate) header: String,
    /// Removals with their places and whether they were met.
    pub(crate) removals: Vec<(Removal, Place)>,
    /// Where each activity and practice of this pack's own files stands.
    pub(crate) places: BTreeMap<String, Place>,
    /// Activities from the pack below.
    pub(crate) inherited: Vec<Activity>,
    /// Practices from the pack below.
    pub(crate) inherited_practices: Vec<Practice>,
}

impl Build {
    /// Adds an activity of this pack's own files; `replaces` says that it is meant to stand for one below.
    pub(crate) fn add(&mut self, activity: Activity, place: Place, replaces: bool, sink: &Sink) {
        let complain = |rule, reason| sink.add(Severity::Error, &place.file, place.line, rule, reason);
        let id = &activity.id;
        if let Some(first) = self.places.get(id) {
            let reason = format!("the id `{id}` is taken already, in {} line {}", first.file, first.line);
            return complain("duplicate-id", reason);
        }
        let below = self.inherited.iter().position(|other| other.id == *id);
        match (below, replaces) {
            (Some(_), false) => {
                complain(
                    "duplicate-id",
                    format!("the pack below has an activity `{id}`; say `replace = true` to put this in its place"),
                );
                return;
            }
            (None, true) => {
                let reason = format!("`replace = true`, but the pack below has no activity `{id}`");
                return complain("nothing-to-replace", reason);
            }
            (Some(at), true) => {
                self.inherited.remove(at);
            }
            (None, false) => {}
        }
        self.places.insert(activity.id.clone(), place);
        self.pack.activities.push(activity);
    }

    /// Adds a practice of this pack's own files, in the place of one below with the same id.
    pub(crate) fn add_practice(&mut self, practice: Practice, place: Place, sink: &Sink) {
        let key = practice.id.clone();
        if let Some(first) = self.places.get(&key) {
            let reason = format!("the practice `{key}` has a file already, {}", first.file);
            return sink.add(Severity::Error, &place.file, place.line, "duplicate-id", reason);
        }
        self.places.insert(key, place);
        self.inherited_practices.retain(|other| other.id != practice.id);
        self.pack.practices.push(practice);
    }

    /// Puts the pack together: removals, then what is inherited, then order.
    pub(crate) fn finish(mut self, sink: &Sink) -> (Pack, BTreeMap<String, Place>) {
        for (removal, place) in std::mem::take(&mut self.removals) {
            let before = self.inherited.len().saturating_add(self.inherited_practices.len());
            self.inherited.retain(|activity| activity.id != removal.id && activity.practice != removal.id);
            self.inherited_practices.retain(|practice| practice.id != removal.id);
            let after = self.inherited.len().saturating_add(self.inherited_practices.len());
            if before == after {
                let reason = format!("the pack below has no activity or practice `{}` to remove", removal.id);
                sink.add(Severity::Error, &place.file, place.line, "nothing-to-remove", reason);
            }
            self.pack.removed.push(removal);
        }
        self.pack.practices.append(&mut self.inherited_practices);
        self.pack.activities.append(&mut self.inherited);
        self.places.entry("pack.toml".to_owned()).or_insert(Place { file: self.header, line: 1 });
        order(&mut self.pack);
        (self.pack, self.places)
    }
}

/// Orders practices by function and activities by practice and level, keeping the order of the files otherwise.
fn order(pack: &mut Pack) {
    let rank = |list: &[crate::model::Function], id: &str| list.iter().position(|f| f.id == id).unwrap_or(usize::MAX);
    let listed = |id: &str| PRACTICES.iter().position(|p| *p == id).unwrap_or(PRACTICES.len());
    let functions = pack.functions.clone();
    pack.practices.sort_by_key(|practice| (rank(&functions, &practice.function), listed(&practice.id)));
    let practices: Vec<String> = pack.practices.iter().map(|practice| practice.id.clone()).collect();
    pack.activities.sort_by_key(|activity| {
        let practice = practices.iter().position(|id| *id == activity.practice).unwrap_or(usize::MAX);
        (practice, activity.level)
    });
}

/// The twelve practices in their usual order; others follow in the order of their files.
const PRACTICES: [&str; 12] = [
    "strategy_metrics",
    "policy_compliance",
    "education_guidance",
    "threat_assessment",
    "security_requirements",
    "secure_architecture",
    "design_review",
    "implementation_review",
    "security_testing",
    "issue_management",
    "environment_hardening",
    "operations_enablement",
];
