//! Invicti (once Netsparker), JSON and XML: one finding for each name, its addresses as places.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::{Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "invicti",
    title: "Invicti and Netsparker (JSON, XML)",
    aliases: &["netsparker", "invicti_scan", "netsparker_scan"],
    recognise,
    read,
};

/// Whether it is the JSON that Invicti, Netsparker and Acunetix 360 have in common.
pub(crate) fn is_json(probe: &Probe) -> bool {
    probe.has_all(&["Generated", "Target.ScanId", "Vulnerabilities"])
        || probe.has_all(&["Generated", "Vulnerabilities[].LookupId", "Vulnerabilities[].Name"])
}

fn recognise(probe: &Probe) -> u8 {
    if probe.shape == Shape::Xml {
        let name = probe.root.name.as_str();
        let known = ["invicti-", "netsparker-"].iter().any(|start| name.starts_with(start));
        return if known { 98 } else { 0 };
    }
    if is_json(probe) { 93 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Invicti", None);
    if Probe::new(input.head()?).shape != Shape::Xml {
        return read_json(&input.json()?, out);
    }
    let mut xml = input.xml()?;
    while let Some(node) = xml.next(&["vulnerability"])? {
        let title = node.text("name").to_owned();
        let vector = node.first(&["classification/cvss31/vector", "classification/cvss/vector"]);
        let score = node.child("classification/cvss31").or_else(|| node.child("classification/cvss"));
        let score = score.and_then(|cvss| cvss.list("score").find_map(|score| score.num("value")));
        out.merge(title.clone(), Finding {
            rule: node.opt("type"),
            cwe: numbers(node.text("classification/cwe")),
            cvss: Cvss::of(vector, score),
            location: Some(Location { method: node.opt("http-request/method"), ..Location::url(node.text("url")) }),
            description: text::some(&text::without_html(node.text("description"))),
            evidence: node.opt("http-request/content"),
            remediation: node
                .first(&["remedial-procedure", "remedial-actions"])
                .map(|advice| text::without_html(&advice)),
            status: status(node.text("state")),
            ..Finding::new(title, severity(node.text("severity")))
        })?;
    }
    out.flush()
}

/// Reads the JSON form.
pub(crate) fn read_json(report: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    if report.at("Vulnerabilities").is_none_or(|list| !list.is_array()) {
        return Err(Error::malformed("the report has no list Vulnerabilities"));
    }
    for item in report.list("Vulnerabilities") {
        let title = item.text("Name").to_owned();
        let cvss = ["Classification/Cvss", "Classification/Cvss31", "Classification/Cvss40"]
            .iter()
            .find_map(|path| item.at(path).filter(|cvss| cvss.is_object()));
        let score = cvss.and_then(|cvss| cvss.num("BaseScore/Value"));
        let references = text::without_html(item.text("RemedyReferences"));
        out.merge(title.clone(), Finding {
            rule: item.opt("Type"),
            cwe: numbers(&item.opt("Classification/Cwe").unwrap_or_default()),
            cvss: Cvss::of(cvss.and_then(|cvss| cvss.opt("Vector")), score),
            location: item
                .opt("Url")
                .map(|url| Location { method: item.opt("HttpRequest/Method"), ..Location::url(url) }),
            description: text::some(&text::without_html(item.text("Description"))),
            evidence: item.opt("HttpRequest/Content"),
            remediation: text::some(&text::without_html(item.text("RemedialProcedure"))),
            references: references.lines().map(str::to_owned).collect(),
            status: status(item.text("State")),
            ..Finding::new(title, severity(item.text("Severity")))
        })?;
    }
    out.flush()
}

/// Numbers parted by commas.
fn numbers(text: &str) -> Vec<u32> {
    text.split(',').flat_map(text::cwe_field).collect()
}

/// The tool's word, for which Best Practice is no weakness.
fn severity(word: &str) -> Severity {
    Severity::word(word)
}

fn status(state: &str) -> Status {
    let has = |word: &str| state.split(',').any(|part| part.trim().eq_ignore_ascii_case(word));
    if has("FalsePositive") {
        Status::FalsePositive
    } else if has("AcceptedRisk") {
        Status::Suppressed(Some("accepted risk".to_owned()))
    } else if state.to_ascii_lowercase().starts_with("fixed") {
        Status::Fixed
    } else {
        Status::Open
    }
}
