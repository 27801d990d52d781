//! SonarQube: JSON of its web interface (issues, hotspots), and HTML or JSON of the cnes and sonar-report tools.
//!
//! One finding for each issue and hotspot. Web interface: blocker is high, major medium, minor low, critical critical;
//! reports: blocker is critical, critical high, major medium, minor low. Hotspots have their probability as severity.

use std::collections::HashMap;

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "sonarqube",
    title: "SonarQube (JSON, HTML)",
    aliases: &["sonar", "api_sonarqube", "sonarqube_scan", "sonarqube_api_import", "sonarcloud"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let issue = ["key", "component", "project"];
    let within = |list: &str, last: &str| {
        issue.iter().chain(&[last]).all(|name| probe.has(&format!("{list}[].{name}")))
    };
    if within("issues", "rule") || within("hotspots", "securityCategory") {
        97
    } else if probe.item(&["key", "component", "project", "rule"]) || probe.item(&["key", "component", "securityCategory"]) {
        95
    } else if probe.has_all(&["sonarBaseURL", "issues"]) || probe.has_all(&["rules", "issues", "hotspotKeys"]) {
        97
    } else if probe.root_is("html") && probe.contains("SonarQube") && probe.contains("Detected Vulnerabilities") {
        95
    } else if probe.has_all(&["paging", "issues"]) || probe.has_all(&["paging", "hotspots"]) {
        85
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("SonarQube", None);
    if Probe::new(input.head()?).shape == Shape::Xml {
        return read_html(input.whole()?, out);
    }
    let report = input.json()?;
    if report.at("rules").is_some_and(Value::is_object) {
        for item in report.list("issues") {
            let rule = report.at("rules").and_then(|rules| rules.as_object()?.get(item.text("rule")));
            let about = rule.map(|rule| rule.text("htmlDesc")).unwrap_or_default();
            let row = Row {
                rule: item.text("rule"),
                severity: item.text("severity"),
                file: item.text("component"),
                line: item.line("line"),
                title: item.text("description"),
                message: item.text("message"),
                key: item.text("key"),
                about,
            };
            out.merge(row.key, row.finding())?;
        }
        return Ok(());
    }
    for item in report.list("").iter().chain(report.list("issues")).chain(report.list("hotspots")) {
        let closed = ["CLOSED", "RESOLVED"].contains(&item.text("status")) && item.at("vulnerabilityProbability").is_none();
        out.push(Finding { status: if closed { Status::Fixed } else { Status::Open }, ..issue(item, &report) })?;
    }
    Ok(())
}

fn issue(item: &Value, report: &Value) -> Finding {
    let hotspot = item.at("vulnerabilityProbability").is_some();
    let rule = item.first(&["rule", "ruleKey", "securityCategory"]).unwrap_or_default();
    let severity = match item.first(&["vulnerabilityProbability", "severity"]).unwrap_or_default().to_ascii_uppercase().as_str() {
        "BLOCKER" => Severity::High,
        "MAJOR" => Severity::Medium,
        word => Severity::word(word),
    };
    let message = item.text("message");
    let component = item.text("component");
    let known = report.list("components").iter().find(|one| one.text("key") == component);
    let path = known.and_then(|one| one.opt("path")).unwrap_or_else(|| {
        component.strip_prefix(item.text("project")).map_or(component, |rest| rest.trim_start_matches(':')).to_owned()
    });
    let file = if path.is_empty() { component.to_owned() } else { path };
    let package = between(message, "Filename: ", " | ").map(|text| {
        let (name, version) = text.split_once(':').unwrap_or((text, ""));
        Component::new(name, text::some(version))
    });
    let ids: Vec<&str> = message.split([' ', ',', '|']).filter(|word| word.starts_with("GHSA-")).collect();
    Finding {
        rule: text::some(&rule),
        cve: text::cves(message),
        ids: text::split_ids(ids).1,
        cwe: between(message, "Category: ", " | ").map(text::cwes).unwrap_or_default(),
        cvss: Cvss::of(None, between(message, "CVSS Score: ", " ").and_then(text::number)),
        location: text::some(&file).map(|file| Location {
            end_line: item.line("textRange/endLine"),
            ..Location::file(file, item.line("line").or_else(|| item.line("textRange/startLine")))
        }),
        component: package,
        description: text::some(message),
        anchor: item.opt("hash").or_else(|| text::some(&text::without_numbers(message))),
        ..Finding::new(format!("{rule}_{}", item.text("key")), if hotspot { severity } else { severity.max(Severity::Info) })
    }
}

/// What stands after `start` up to `end`, or to the end of the text.
fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(start)?;
    Some(rest.split_once(end).map_or(rest, |(head, _)| head))
}

/// One line of a report that people read.
struct Row<'r> {
    rule: &'r str,
    severity: &'r str,
    file: &'r str,
    line: Option<u32>,
    title: &'r str,
    message: &'r str,
    key: &'r str,
    about: &'r str,
}

impl Row<'_> {
    fn finding(&self) -> Finding {
        let severity = match self.severity.to_ascii_uppercase().as_str() {
            "BLOCKER" => Severity::Critical,
            "CRITICAL" => Severity::High,
            "MAJOR" => Severity::Medium,
            "MINOR" => Severity::Low,
            _ => Severity::Info,
        };
        let plain = text::without_html(self.about);
        Finding {
            rule: text::some(self.rule),
            cwe: text::cwes(&plain).into_iter().take(1).collect(),
            location: text::some(self.file).map(|file| Location::file(file, self.line)),
            description: text::some(plain.split("\nSee\n").next().unwrap_or_default()),
            remediation: text::some(self.message),
            ..Finding::new(if self.title.is_empty() { self.message } else { self.title }, severity)
        }
    }
}

/// The HTML report: a table of vulnerabilities, then a table of rules. It is no XML, so its tags are looked for.
fn read_html(html: &str, out: &mut Out<'_>) -> Result<(), Error> {
    let Some((_, detail)) = html.split_once("Detail of the Detected Vulnerabilities") else { return Ok(()) };
    let Some((rows, rules)) = detail.split_once("<tbody").and_then(|(_, rest)| rest.split_once("</tbody>")) else {
        return Err(Error::malformed("the report has no table of vulnerabilities"));
    };
    let mut about: HashMap<String, &str> = HashMap::new();
    let mut rest = rules;
    while let Some((before, after)) = rest.split_once("<details") {
        let (text, next) = after.split_once("</details>").unwrap_or((after, ""));
        let name = before.rsplit_once("</a>").and_then(|(head, _)| head.rsplit_once('>')).map(|(_, name)| name.trim());
        about.insert(name.unwrap_or_default().to_owned(), text.split_once('>').map_or(text, |(_, text)| text));
        rest = next;
    }
    for row in rows.split("<tr").skip(1) {
        let cells: Vec<String> = row
            .split("<td")
            .skip(1)
            .map(|cell| text::without_html(cell.split_once('>').map_or(cell, |(_, text)| text)))
            .collect();
        let cell = |index: usize| cells.get(index).map_or("", |text| text.trim());
        if cells.len() < 6 {
            continue;
        }
        let row = Row {
            rule: cell(0),
            severity: cell(1),
            file: cell(2),
            line: cell(3).parse().ok(),
            title: cell(4),
            message: cell(5),
            key: cell(6),
            about: about.get(cell(0)).copied().unwrap_or_default(),
        };
        let key = if row.key.is_empty() { format!("{}\n{}\n{}\n{:?}", row.rule, row.file, row.message, row.line) } else { row.key.to_owned() };
        out.merge(key, row.finding())?;
    }
    Ok(())
}
