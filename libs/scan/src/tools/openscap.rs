//! XCCDF results, as OpenSCAP and other SCAP scanners write them, bare or inside ARF: one finding for each failed check.
//!
//! Rule results that refer to the same check content are one finding. `error` and `unknown` results are no findings;
//! a warning counts them, for nobody knows whether the rule is met.

use std::collections::HashMap;

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::xml::Node;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "openscap",
    title: "XCCDF results and ARF (OpenSCAP and other SCAP scanners)",
    aliases: &["xccdf", "arf", "scap", "openscap_scan", "openscap_vulnerability_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let scap = probe.contains("checklists.nist.gov/xccdf") || probe.contains("scap.nist.gov/schema/");
    let root = ["Benchmark", "TestResult", "asset-report-collection"].iter().any(|name| probe.root_is(name));
    if root && scap {
        97
    } else if probe.root_is("data-stream-collection") {
        40
    } else {
        0
    }
}

/// What a benchmark says of a rule.
#[derive(Default)]
struct Rule {
    title: String,
    severity: String,
    description: Option<String>,
    fix: Option<String>,
    idents: Vec<String>,
    references: Vec<String>,
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let mut xml = input.xml()?;
    let mut rules: HashMap<String, Rule> = HashMap::new();
    let (mut hosts, mut current): (Vec<String>, String) = (Vec::new(), String::new());
    let mut results = 0_u64;
    while let Some(node) = xml.next(&["Rule", "target", "target-address", "rule-result"])? {
        match node.name.as_str() {
            "Rule" => {
                rules.insert(node.attr("id").to_owned(), rule(&node));
            }
            "rule-result" => {
                results = results.saturating_add(1);
                let system = xml.around("TestResult", "test-system").to_owned();
                if results == 1 {
                    out.scanner(if system.is_empty() { "XCCDF" } else { &system }, None);
                }
                let run = xml.around("TestResult", "id").to_owned();
                one(&node, rules.get(node.attr("idref")), &hosts, &run, out)?;
            }
            _ if xml.within("TestResult").is_some() => {
                let run = xml.around("TestResult", "id");
                if run != current {
                    run.clone_into(&mut current);
                    hosts.clear();
                }
                if !node.text.trim().is_empty() && hosts.len() < 100 {
                    hosts.push(node.text.trim().to_owned());
                }
            }
            _ => {}
        }
    }
    out.count("rule results", results);
    if results == 0 {
        out.warn("the file has no rule results: a benchmark or data stream without a scan");
    }
    out.flush()
}

fn rule(node: &Node) -> Rule {
    let plain = |name: &str| node.child(name).and_then(|part| text::some(&part.deep_text()));
    let idents = node.list("ident").filter_map(|ident| text::some(&ident.text)).collect();
    let references = node.list("reference").filter_map(|reference| {
        text::some(reference.attr("href")).or_else(|| text::some(&reference.text))
    });
    Rule {
        title: plain("title").unwrap_or_default(),
        severity: node.attr("severity").to_owned(),
        // STIG content carries markup of its own inside the description.
        description: plain("description").or_else(|| plain("rationale")).map(|words| text::without_html(&words)),
        fix: plain("fixtext"),
        idents,
        references: references.collect(),
    }
}

fn one(node: &Node, rule: Option<&Rule>, hosts: &[String], run: &str, out: &mut Out<'_>) -> Result<(), Error> {
    match node.text("result") {
        "fail" => {}
        "error" | "unknown" => {
            out.leave_out("rules whose check could not be made (error, unknown)");
            return Ok(());
        }
        "notselected" | "notapplicable" | "notchecked" => {
            out.leave_out("rules not selected, not applicable or not checked");
            return Ok(());
        }
        _ => {
            out.leave_out("passed rules");
            return Ok(());
        }
    }
    let id = node.attr("idref");
    let none = Rule::default();
    let rule = rule.unwrap_or(&none);
    let checks: Vec<String> = node
        .list("check")
        .flat_map(|check| check.list("check-content-ref"))
        .map(|check| format!("{} {}", check.attr("href"), check.attr("name")))
        .collect();
    let word = [node.attr("severity"), rule.severity.as_str()].into_iter().find(|word| !word.is_empty());
    let idents: Vec<String> = node.list("ident").filter_map(|ident| text::some(&ident.text)).collect();
    let (cve, ids) = text::split_ids(idents.iter().chain(&rule.idents).map(String::as_str));
    let title = if rule.title.is_empty() { id } else { &rule.title };
    let place = |host: &String| Location::host(host, None, None);
    let key = if checks.is_empty() { id.to_owned() } else { checks.join("\n") };
    out.merge(format!("{run}\n{key}"), Finding {
        rule: text::some(id),
        cve,
        ids,
        location: hosts.first().map(place),
        others: hosts.iter().skip(1).map(place).collect(),
        description: rule.description.clone(),
        evidence: node.first(&["message"]),
        remediation: rule.fix.clone(),
        references: rule.references.clone(),
        ..Finding::new(title, word.map_or(Severity::Medium, Severity::word))
    })
}
