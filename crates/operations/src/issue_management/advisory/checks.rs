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
    /// The field of the editor that it is about, where it is about one.
    pub(super) field: Option<&'static str>,
    /// What it is about: a field, the case, or the number of a test of CSAF.
    pub(super) place: String,
    /// What to do, in a sentence.
    pub(super) words: String,
}

/// The fields of the editor and what people call them.
pub(super) const FIELDS: [(&str, &str); 6] = [
    ("title", "Title"),
    ("summary", "Summary"),
    ("details", "Details"),
    ("acknowledgements", "Thanks"),
    ("links", "Links"),
    ("change_note", "What changed"),
];

fn finding(weight: Weight, place: &str, words: impl Into<String>) -> Finding {
    Finding { weight, field: None, place: place.to_owned(), words: words.into() }
}

/// A finding about a field of the editor.
pub(super) fn of_field(weight: Weight, field: &str, words: impl Into<String>) -> Finding {
    let known = FIELDS.into_iter().find(|(name, _)| *name == field);
    let place = known.map_or(field, |(_, label)| label).to_owned();
    Finding { weight, field: known.map(|(name, _)| name), place, words: words.into() }
}

/// Everything there is to say about what would be published now, the gravest first.
pub(super) fn check(
    advisory: &Advisory,
    facts: &CaseFacts,
    snapshot: &Snapshot,
    addresses: &Addresses,
) -> Vec<Finding> {
    let mut list = text(advisory);
    list.extend(leaks(advisory, facts));
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

/// The longest title that mail programs show whole.
const TITLE: usize = 120;

fn text(advisory: &Advisory) -> Vec<Finding> {
    let mut list = Vec::new();
    let draft = &advisory.draft;
    if draft.title.chars().count() > TITLE {
        list.push(of_field(Weight::Hints, "title", "Mail programs cut a subject of this length. Say it shorter."));
    }
    if draft.summary.trim().is_empty() {
        list.push(of_field(Weight::Stops, "summary", "Write in a paragraph what can happen and what to do."));
    }
    if advisory.version > 0 && draft.change_note.trim().is_empty() {
        list.push(of_field(Weight::Stops, "change_note", "Say what changed since the version before."));
    }
    let lines = draft.links.lines().filter(|line| !line.trim().is_empty()).count();
    if lines != build::links(&draft.links).len() {
        let words = "A line has no address and is left out. Write the words and then https://…";
        list.push(of_field(Weight::Warns, "links", words));
    }
    if draft.links.contains("http://") {
        let words = "A link leads over an unprotected connection. Use https where the site has it.";
        list.push(of_field(Weight::Hints, "links", words));
    }
    if draft.acknowledgements.lines().any(|line| line.trim_start().starts_with('|')) {
        list.push(of_field(
            Weight::Warns,
            "acknowledgements",
            "A line says what for, but not who. Write name | what for.",
        ));
    }
    if draft.details.trim().is_empty() {
        list.push(match advisory.kind {
            Kind::Advisory => {
                let words = "Readers who run the product ask how an attack works and how to notice one.";
                of_field(Weight::Hints, "details", words)
            }
            Kind::LimitedNotice => {
                of_field(Weight::Warns, "details", "Tell users what they can do until there is a fix.")
            }
        });
    }
    list
}

/// Words that outsiders should not read: the case's own number, and technical detail in a limited notice (P6, P8).
fn leaks(advisory: &Advisory, facts: &CaseFacts) -> Vec<Finding> {
    let draft = &advisory.draft;
    let prefix = facts.number.split_once('-').map_or("", |(prefix, _)| prefix).to_lowercase();
    let mut list = Vec::new();
    for ((field, _), (_, text)) in FIELDS.into_iter().zip(draft.fields()) {
        let text = text.to_lowercase();
        if names_a_case(&text, &prefix) {
            let words = "This names one of our cases by its number, which means nothing to readers. Leave it out.";
            list.push(of_field(Weight::Warns, field, words));
        }
        let detail = ["cve-", "cwe-", "cvss:"].into_iter().find(|mark| text.contains(mark));
        if let (Kind::LimitedNotice, Some(mark)) = (advisory.kind, detail) {
            let words =
                format!("A limited notice tells no technical detail, and this names one ({mark}…). Leave it out.");
            list.push(of_field(Weight::Warns, field, words));
        }
    }
    list
}

/// Whether a text in lower case has the number of a case in it: the prefix, a hyphen, a digit.
fn names_a_case(text: &str, prefix: &str) -> bool {
    let mark = format!("{prefix}-");
    !prefix.is_empty() && text.split(mark.as_str()).skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
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
        let words = format!("These reporters want to be named: {names}.");
        list.push(of_field(Weight::Warns, "acknowledgements", words));
    }
    list
}

fn standard(snapshot: &Snapshot, addresses: &Addresses) -> Vec<Finding> {
    let document = csaf_document::document(snapshot, addresses);
    let bytes = document.to_bytes(Version::V2_0).bytes;
    let report = match csaf::validate_bytes(&bytes, Level::Informative, &Limits::DOCUMENT) {
        Ok(report) => report,
        Err(error) => return vec![finding(Weight::Stops, "CSAF", error.to_string())],
    };
    let notes: Vec<&str> = document.document.notes.iter().map(|note| note.title.as_deref().unwrap_or("")).collect();
    report
        .findings
        .iter()
        .map(|found| {
            // The canonical address has to be an https one, which is not the author's to mend.
            if found.test == "6.2.11" && addresses.base.starts_with("http://") {
                let words = "The portal has no https address yet, so the document has no canonical one. An administrator sets base_url.";
                return finding(Weight::Hints, "CSAF 6.2.11", words);
            }
            let weight = match found.level {
                Level::Mandatory => Weight::Stops,
                Level::Optional => Weight::Warns,
                Level::Informative => Weight::Hints,
            };
            Finding {
                weight,
                field: field_of(&found.path, &notes),
                place: format!("CSAF {}", found.test),
                words: format!("{} ({})", found.message, found.path),
            }
        })
        .collect()
}

/// How many references of a document are not written by its authors.
const OWN_REFERENCES: usize = 3;

/// The field of the editor from which a place of the document comes, where it comes from one.
fn field_of(path: &str, notes: &[&str]) -> Option<&'static str> {
    let mut parts = path.trim_start_matches('/').split('/');
    if parts.next() != Some("document") {
        return None;
    }
    match (parts.next()?, parts.next()) {
        ("title", _) => Some("title"),
        ("acknowledgments", _) => Some("acknowledgements"),
        // The first ones lead to the document, its page and the policy.
        ("references", Some(place)) => (place.parse::<usize>().ok()? >= OWN_REFERENCES).then_some("links"),
        ("notes", Some(place)) => match *notes.get(place.parse::<usize>().ok()?)? {
            "Summary" => Some("summary"),
            "Details" => Some("details"),
            _ => None,
        },
        ("tracking", Some("revision_history")) => Some("change_note"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{field_of, names_a_case};

    #[test]
    fn numbers_of_cases_are_found() {
        assert!(names_a_case("as psirt-2026-0001 says", "psirt"));
        assert!(!names_a_case("write to psirt-team@halden.example", "psirt"));
        assert!(!names_a_case("psirt-2026-0001", ""));
    }

    #[test]
    fn places_in_the_document_lead_to_their_fields() {
        let notes = ["Summary", "Details", "Legal notice"];
        for (path, field) in [
            ("/document/title", Some("title")),
            ("/document/notes/0/text", Some("summary")),
            ("/document/notes/1", Some("details")),
            ("/document/notes/2", None),
            ("/document/notes/9", None),
            ("/document/references/3/url", Some("links")),
            ("/document/references/2/url", None),
            ("/document/references", None),
            ("/document/tracking/revision_history/1/summary", Some("change_note")),
            ("/document/tracking/id", None),
            ("/vulnerabilities/0/title", None),
            ("", None),
        ] {
            assert_eq!(field_of(path, &notes), field, "{path}");
        }
    }
}
