//! Whether a version of a package is affected (OSV schema, "Evaluation").

use std::cmp::Ordering;
use std::collections::HashMap;

use versions::{Ecosystem, Event, is_affected};

use crate::model::{Affected, RangeType, Record};

/// What a record says about a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is affected.
    Affected,
    /// It is not.
    NotAffected,
    /// The record speaks of the package, but its ranges or the version cannot be compared.
    Unknown,
}

/// Says whether `record` affects `version` of the package `name` in `ecosystem`, as OSV names them.
///
/// An ecosystem with a release (`Debian:12`) meets records for that release and for the ecosystem as a whole, one
/// without meets all. A withdrawn record affects nothing.
#[must_use]
pub fn affects(record: &Record, ecosystem: &str, name: &str, version: &str) -> Answer {
    if record.withdrawn.is_some() {
        return Answer::NotAffected;
    }
    let mut answer = Answer::NotAffected;
    for affected in &record.affected {
        let Some(package) = &affected.package else { continue };
        if !same_ecosystem(&package.ecosystem, ecosystem) || !same_name(ecosystem, &package.name, name) {
            continue;
        }
        match one(affected, ecosystem, version) {
            Answer::Affected => return Answer::Affected,
            Answer::Unknown => answer = Answer::Unknown,
            Answer::NotAffected => {}
        }
    }
    answer
}

fn one(affected: &Affected, ecosystem: &str, version: &str) -> Answer {
    let order = order(ecosystem);
    let equal = |listed: &String| {
        listed == version || order.and_then(|order| order.compare(listed, version)) == Some(Ordering::Equal)
    };
    if affected.versions.iter().any(equal) {
        return Answer::Affected;
    }
    let mut answer = Answer::NotAffected;
    for range in &affected.ranges {
        let (order, version) = match &range.kind {
            Some(RangeType::Semver) => (Some(Ecosystem::Semver), version.strip_prefix('v').unwrap_or(version)),
            Some(RangeType::Ecosystem) => (order, version),
            Some(RangeType::Git | RangeType::Other(_)) | None => continue,
        };
        let events: Vec<Event<'_>> = range
            .events
            .iter()
            .flat_map(|event| {
                [
                    event.introduced.as_deref().map(Event::Introduced),
                    event.fixed.as_deref().map(Event::Fixed),
                    event.last_affected.as_deref().map(Event::LastAffected),
                    event.limit.as_deref().map(Event::Limit),
                ]
            })
            .flatten()
            .collect();
        match order.and_then(|order| is_affected(order, &events, version)) {
            Some(true) => return Answer::Affected,
            Some(false) => {}
            None => answer = Answer::Unknown,
        }
    }
    // A list of versions beside ranges that cannot be compared is complete by itself.
    if answer == Answer::Unknown && !affected.versions.is_empty() { Answer::NotAffected } else { answer }
}

fn order(ecosystem: &str) -> Option<Ecosystem> {
    Ecosystem::parse(ecosystem.split(':').next().unwrap_or(ecosystem))
}

/// Whether an ecosystem of a record is meant by the one asked for.
fn same_ecosystem(recorded: &str, asked: &str) -> bool {
    let (recorded_base, recorded_release) = recorded.split_once(':').unwrap_or((recorded, ""));
    let (asked_base, asked_release) = asked.split_once(':').unwrap_or((asked, ""));
    recorded_base.eq_ignore_ascii_case(asked_base)
        && (recorded_release.is_empty() || asked_release.is_empty() || recorded_release == asked_release)
}

/// Whether two names mean one package: PyPI folds letters and `-`, `_`, `.`; others are taken as they are.
#[must_use]
pub fn same_name(ecosystem: &str, left: &str, right: &str) -> bool {
    left == right || order(ecosystem) == Some(Ecosystem::Pypi) && folded(left) == folded(right)
}

/// A name as PEP 503 has it.
fn folded(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '-' | '_' | '.' if folded.ends_with('-') => {}
            '-' | '_' | '.' => folded.push('-'),
            c => folded.extend(c.to_lowercase()),
        }
    }
    folded
}

/// Records by package, for asking about many versions.
#[derive(Clone, Debug, Default)]
pub struct Database {
    records: Vec<Record>,
    by_name: HashMap<String, Vec<usize>>,
}

impl Database {
    /// An index over records.
    #[must_use]
    pub fn new(records: Vec<Record>) -> Self {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, record) in records.iter().enumerate() {
            for package in record.affected.iter().filter_map(|affected| affected.package.as_ref()) {
                let list = by_name.entry(folded(&package.name)).or_default();
                if list.last() != Some(&index) {
                    list.push(index);
                }
            }
        }
        Self { records, by_name }
    }

    /// The records that affect a version, in the order in which they were given; see [`affects`].
    pub fn find<'a>(&'a self, ecosystem: &'a str, name: &'a str, version: &'a str) -> impl Iterator<Item = &'a Record> {
        let known = self.by_name.get(&folded(name)).into_iter().flatten();
        known
            .filter_map(|index| self.records.get(*index))
            .filter(move |record| affects(record, ecosystem, name, version) == Answer::Affected)
    }
}
