//! Fortify: `audit.fvdl` (alone or in an `.fpr` archive), the XML of its report generator, and the XML of DAST scans
//! since 24.2.
//!
//! FVDL: one finding for each vulnerability; its severity comes from the rule's impact and from the likelihood, which
//! is accuracy times confidence times probability over 25; without an impact it is info. Report: one finding for each
//! category, file and line, rated by the Fortify priority order. Issues that `audit.xml` of the archive suppresses keep
//! that as their status.

use std::collections::{HashMap, HashSet};

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::xml::Node;
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "fortify", title: "Fortify (FPR, FVDL, XML)", aliases: &["fortify_scan", "fpr"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.root_is("FVDL") || probe.root_is("ReportDefinition") {
        99
    } else if probe.root_is("Audit") && probe.contains("fortify") {
        90
    } else if probe.root_is("Scan") && (probe.element("CheckTypeID") || probe.element("Issues")) {
        92
    } else if probe.root_is("Scan") {
        52
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    match Probe::new(input.head()?).root.name.as_str() {
        "FVDL" => read_fvdl(input, out),
        "Audit" => read_decisions(input, out),
        "ReportDefinition" => read_report(input, out),
        _ => read_scan(input, out),
    }
}

/// What the end of an FVDL says about its vulnerabilities: snippets, descriptions and rules by identifier.
#[derive(Default)]
struct Known {
    snippets: HashMap<String, String>,
    descriptions: HashMap<String, Description>,
    /// The named values of each rule.
    rules: HashMap<String, HashMap<String, String>>,
}

/// Abstract and recommendations, with the places to fill in.
struct Description {
    summary: String,
    advice: String,
}

fn read_fvdl(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let mut known = Known::default();
    let mut xml = input.xml()?;
    while let Some(node) = xml.next(&["Snippet", "Description", "Rule", "EngineVersion"])? {
        match node.name.as_str() {
            "Snippet" => {
                known.snippets.insert(node.attr("id").to_owned(), node.text("Text").to_owned());
            }
            "Description" => {
                let plain = |path: &str| text::without_html(node.text(path));
                let description = Description { summary: plain("Abstract"), advice: plain("Recommendations") };
                known.descriptions.insert(node.attr("classID").to_owned(), description);
            }
            "Rule" => {
                let groups = node.list("MetaInfo/Group").map(|group| (group.attr("name").to_owned(), group.text.clone()));
                known.rules.insert(node.attr("id").to_owned(), groups.collect());
            }
            _ => out.scanner("Fortify", text::some(&node.text).as_deref()),
        }
    }
    drop(xml);
    let mut xml = input.xml()?;
    while let Some(node) = xml.next(&["Vulnerability"])? {
        let status = out.decided(node.text("InstanceInfo/InstanceID"));
        out.push(Finding { status, ..vulnerability(&node, &known) })?;
    }
    Ok(())
}

/// `audit.xml`: what people decided about the vulnerabilities of the FVDL in the same archive.
fn read_decisions(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let mut xml = input.xml()?;
    while let Some(issue) = xml.next(&["Issue"])? {
        let why = issue.all("Comment").last().and_then(|comment| comment.opt("Content"));
        let tag = issue.list("Tag").any(|tag| tag.text("Value").eq_ignore_ascii_case("not an issue"));
        if tag {
            out.decide(issue.attr("instanceId"), Status::FalsePositive);
        } else if issue.attr("suppressed").eq_ignore_ascii_case("true") {
            out.decide(issue.attr("instanceId"), Status::Suppressed(why));
        }
    }
    Ok(())
}

type Groups = HashMap<String, String>;

fn group(rule: Option<&Groups>, name: &str) -> Option<f64> {
    rule?.get(name).and_then(|value| text::number(value))
}

fn severity(node: &Node, rule: Option<&Groups>) -> Severity {
    let Some(impact) = group(rule, "Impact") else { return Severity::Info };
    let parts = [group(rule, "Accuracy"), node.num("InstanceInfo/Confidence"), group(rule, "Probability")];
    let Some(product) = parts.into_iter().try_fold(1.0, |product, part| Some(product * part?)) else {
        return Severity::Info;
    };
    let likelihood = (product / 25.0 * 10.0_f64).round() / 10.0;
    match (impact >= 2.5, likelihood >= 2.5) {
        (true, true) => Severity::Critical,
        (true, false) => Severity::High,
        (false, true) => Severity::Medium,
        (false, false) => Severity::Low,
    }
}

/// Text of a description with its marked-up parts taken out and its replacements filled in.
fn plain(words: &str, fills: &HashMap<&str, &str>) -> Option<String> {
    let mut text = words.to_owned();
    while let Some(start) = text.find("<Replace key=\"") {
        let rest = text.get(start..).unwrap_or_default();
        let Some(end) = rest.find('>') else { break };
        let key = rest.split('"').nth(1).unwrap_or_default();
        let tag = rest.get(..=end).unwrap_or_default().to_owned();
        let fill = fills.get(key).copied().unwrap_or(key).to_owned();
        text = text.replacen(&tag, &fill, 1);
    }
    text::some(&text)
}

fn vulnerability(node: &Node, known: &Known) -> Finding {
    let class = node.text("ClassInfo/ClassID");
    let rule = known.rules.get(class);
    let trace = node.child("AnalysisInfo/Unified/Trace/Primary");
    let source = trace.into_iter().flat_map(|trace| trace.list("Entry")).find_map(|entry| entry.child("Node/SourceLocation"));
    let source = source.or_else(|| node.all("SourceLocation").into_iter().next());
    let place = source.map(|place| Location {
        column: place.attr("colStart").parse().ok().filter(|column| *column > 0),
        end_line: place.attr("lineEnd").parse().ok(),
        logical: node.child("AnalysisInfo/Unified/Context/Function").and_then(|one| text::some(one.attr("name"))),
        ..Location::file(text::path(place.attr("path")), place.attr("line").parse().ok())
    });
    let kind = node.text("ClassInfo/Type");
    let file = place.as_ref().and_then(|place| place.file.as_deref()?.rsplit('/').next()).unwrap_or_default();
    let line = place.as_ref().and_then(|place| place.line).map(|line| line.to_string()).unwrap_or_default();
    let title = format!("{kind} - {file}: {line} ({class})");
    let snippet = source.and_then(|source| known.snippets.get(source.attr("snippet")));
    let definitions = node.list("AnalysisInfo/Unified/ReplacementDefinitions/Def");
    let fills: HashMap<&str, &str> = definitions.map(|one| (one.attr("key"), one.attr("value"))).collect();
    let description = known.descriptions.get(class);
    let about = |part: fn(&Description) -> &str| description.and_then(|description| plain(part(description), &fills));
    let weaknesses = rule.and_then(|rule| rule.get("altcategoryCWE"));
    let cwe = weaknesses.map(|group| text::cwes(&group.replace("CWE ID", "CWE"))).unwrap_or_default();
    let subtype = node.opt("ClassInfo/Subtype").map(|subtype| format!("{kind}: {subtype}. ")).unwrap_or_default();
    Finding {
        rule: text::some(class),
        cwe,
        location: place,
        description: Some(format!("{subtype}{}", about(|one| &one.summary).unwrap_or_default())),
        evidence: snippet.and_then(|snippet| text::some(snippet)),
        remediation: about(|one| &one.advice),
        anchor: node.opt("InstanceInfo/InstanceID"),
        ..Finding::new(title, severity(node, rule))
    }
}

/// Hands the issues of a generated report to `take`, each with the title of its section.
fn each_issue(input: &mut Input<'_>, mut take: impl FnMut(&str, &Node) -> Result<(), Error>) -> Result<(), Error> {
    let mut section = String::new();
    let mut xml = input.xml()?;
    while let Some(node) = xml.next(&["Title", "Issue"])? {
        if node.name == "Issue" {
            take(&section, &node)?;
        } else if xml.within("ReportSection").is_some() && xml.within("SubSection").is_none() {
            node.text.trim().clone_into(&mut section);
        }
    }
    Ok(())
}

fn read_report(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    const SECTIONS: [&str; 2] = ["Results Outline", "Issue Count by Category"];
    out.scanner("Fortify", None);
    let (mut outline, mut by_category) = (0_u64, 0_u64);
    each_issue(input, |section, _| {
        outline = outline.saturating_add(u64::from(section == SECTIONS[0]));
        by_category = by_category.saturating_add(u64::from(section == SECTIONS[1]));
        Ok(())
    })?;
    let chosen = if outline > by_category { SECTIONS[0] } else { SECTIONS[1] };
    let mut titles = HashSet::new();
    each_issue(input, |section, issue| {
        if section != chosen {
            return Ok(());
        }
        let title = format!("{} - {}: {}", issue.text("Category"), issue.text("Primary/FileName"), issue.text("Primary/LineStart"));
        if !titles.insert(title.clone()) {
            out.leave_out("issues with the category, file and line of another");
            return Ok(());
        }
        out.push(Finding {
            rule: text::some(issue.attr("ruleID")).or_else(|| issue.opt("Category")),
            location: Some(Location {
                logical: issue.opt("Primary/TargetFunction"),
                ..Location::file(text::path(issue.text("Primary/FilePath")), issue.text("Primary/LineStart").parse().ok())
            }),
            description: issue.opt("Abstract"),
            evidence: issue.opt("Primary/Snippet"),
            anchor: text::some(issue.attr("iid")),
            ..Finding::new(title, Severity::word(issue.text("Friority")))
        })
    })
}

fn read_scan(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Fortify", None);
    let mut xml = input.xml()?;
    while let Some(issue) = xml.next(&["Issue"])? {
        let level = issue.int("Severity").map_or_else(|| Severity::word(issue.text("Severity")), Severity::from_level);
        let classes = issue.list("Classifications/Classification").filter(|one| one.attr("kind") == "CWE");
        out.push(Finding {
            rule: issue.first(&["VulnerabilityID", "CheckTypeID"]),
            cwe: classes.flat_map(|one| text::cwe_field(one.attr("identifier"))).collect(),
            location: issue.opt("URL").map(Location::url).or_else(|| {
                let host = issue.opt("Host")?;
                Some(Location::host(host, issue.text("Port").parse().ok(), issue.opt("Scheme")))
            }),
            description: issue.list("ReportSection").find(|one| one.text("Name") == "Summary").and_then(|one| one.opt("SectionText")).map(|text| text::without_html(&text)),
            remediation: issue.list("ReportSection").find(|one| one.text("Name") == "Fix").and_then(|one| one.opt("SectionText")).map(|text| text::without_html(&text)),
            evidence: issue.opt("AttackDescriptor").or_else(|| issue.opt("RawRequest")),
            ..Finding::new(issue.text("Name"), level)
        })?;
    }
    Ok(())
}
