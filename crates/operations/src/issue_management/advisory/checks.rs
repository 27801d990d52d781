//! What an author should know while writing: missing fields, the gate, and what the standard says about the document.

use csaf::{Level, Limits, Version};

use super::build;
use super::csaf_document::{self, Addresses};
use super::model::{Advisory, CaseFacts, Kind};
use super::rules;
use super::snapshot::{Snapshot, Status};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// Nothing goes out with it.
    Stops,
    /// Better mended.
    Warns,
    /// Good to know.
    Hints,
}

/// One thing to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// How much it matters.
    pub(super) weight: Weight,
    /// What it is about: a field, the case, or the number of a test of CSAF.
    pub(super) place: String,
    /// What to do, in a sentence.
    pub(super) words: String,
}

fn finding(weight: Weight, place: &str, words: impl Into<String>) -> Finding {
    Finding { weight, place: place.to_owned(), words: words.into() }
}

/// Everything there is to say about what would be published now, the gravest first.
pub(super) fn check(
    advisory: &Advisory,
    facts: &CaseFacts,
    snapshot: &Snapshot,
    addresses: &Addresses,
) -> Vec<Finding> {
    let mut list = text(advisory);
    list.extend(case(advisory, facts, snapshot));
    list.extend(standard(snapshot, addresses));
    list.sort_by_key(|finding| finding.weight);
    list
}

/// The first reason why the document cannot go out, if there is one.
pub(super) fn first_stop(snapshot: &Snapshot, addresses: &Addresses) -> Option<String> {
    standard(snapshot, addresses)
        .into_iter()
        .find(|finding| finding.weight == Weight::Stops)
        .map(|finding| finding.words)
}

fn text(advisory: &Advisory) -> Vec<Finding> {
    let mut list = Vec::new();
    let draft = &advisory.draft;
    if draft.summary.trim().is_empty() {
        list.push(finding(Weight::Stops, "Summary", "Write in a paragraph what can happen and what to do."));
    }
    if advisory.version > 0 && draft.change_note.trim().is_empty() {
        list.push(finding(Weight::Stops, "Change note", "Say what changed since the version before."));
    }
    let lines = draft.links.lines().filter(|line| !line.trim().is_empty()).count();
    if lines != build::links(&draft.links).len() {
        list.push(finding(
            Weight::Warns,
            "Links",
            "A line has no address and is left out. Write the words and then https://…",
        ));
    }
    if advisory.kind == Kind::Advisory && draft.details.trim().is_empty() {
        list.push(finding(
            Weight::Hints,
            "Details",
            "Readers who run the product ask how an attack works and how to notice one.",
        ));
    }
    if advisory.kind == Kind::LimitedNotice && draft.details.trim().is_empty() {
        list.push(finding(Weight::Warns, "What to do", "Tell users what they can do until there is a fix."));
    }
    list
}

fn case(advisory: &Advisory, facts: &CaseFacts, snapshot: &Snapshot) -> Vec<Finding> {
    let mut list = Vec::new();
    if let Err(refused) = rules::may_disclose(advisory, facts) {
        list.push(finding(Weight::Stops, "Gate", refused.to_string()));
    }
    if advisory.kind == Kind::LimitedNotice {
        return list;
    }
    if facts.vulnerabilities.is_empty() {
        list.push(finding(Weight::Stops, "Case", "The case has no vulnerability yet. Add one with its score."));
    }
    for one in &snapshot.vulnerabilities {
        let named = |words: &str| format!("“{}”: {words}", one.title);
        if one.statuses.is_empty() {
            list.push(finding(
                Weight::Stops,
                "Case",
                named("no release is assessed. Fill in the exposure matrix of the case."),
            ));
        }
        if one.cvss31.is_none() {
            list.push(finding(Weight::Stops, "Case", named("there is no CVSS v3.1 score.")));
        }
        if one.cve.is_none() {
            list.push(finding(Weight::Hints, "Case", named("there is no CVE identifier.")));
        }
        if one.statuses.iter().any(|exposure| exposure.status == Status::UnderInvestigation) {
            list.push(finding(
                Weight::Warns,
                "Case",
                named("some releases are still under investigation; readers will see that."),
            ));
        }
    }
    if !facts.credits.is_empty() && advisory.draft.acknowledgements.trim().is_empty() {
        let names = facts.credits.join(", ");
        list.push(finding(Weight::Warns, "Thanks", format!("These reporters want to be named: {names}.")));
    }
    list
}

fn standard(snapshot: &Snapshot, addresses: &Addresses) -> Vec<Finding> {
    let bytes = csaf_document::document(snapshot, addresses).to_bytes(Version::V2_0).bytes;
    let report = match csaf::validate_bytes(&bytes, Level::Informative, &Limits::DOCUMENT) {
        Ok(report) => report,
        Err(error) => return vec![finding(Weight::Stops, "CSAF", error.to_string())],
    };
    report
        .findings
        .iter()
        .map(|found| {
            let weight = match found.level {
                Level::Mandatory => Weight::Stops,
                Level::Optional => Weight::Warns,
                Level::Informative => Weight::Hints,
            };
            Finding {
                weight,
                place: format!("CSAF {}", found.test),
                words: format!("{} ({})", found.message, found.path),
            }
        })
        .collect()
}
