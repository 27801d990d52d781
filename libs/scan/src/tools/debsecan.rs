//! debsecan, text: one finding of severity medium for each CVE and package, for the tool does not rate.

use super::Tool;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::{Component, Error, Finding, Input, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "debsecan", title: "debsecan (text)", aliases: &["debsecan_scan"], recognise, read };

/// The identifier that a line of the report begins with.
fn id(line: &str) -> Option<&str> {
    let word = line.split_whitespace().next()?;
    let known = (word.starts_with("CVE-") || word.starts_with("TEMP-")) && line.starts_with(word);
    known.then_some(word)
}

fn recognise(probe: &Probe) -> u8 {
    if matches!(probe.shape, Shape::Json | Shape::JsonLines | Shape::Xml) {
        return 0;
    }
    let lines: Vec<&str> = probe.head.lines().filter(|line| !line.trim().is_empty()).take(20).collect();
    let begins = lines.first().is_some_and(|line| id(line).is_some() && !line.contains(','));
    let detail = lines.iter().any(|line| line.trim_start().starts_with("installed: "));
    let simple = lines.iter().all(|line| id(line).is_some() && line.split_whitespace().count() >= 2);
    match (begins, detail, simple) {
        (true, true, _) => 97,
        (true, false, true) => 85,
        (_, _, _) => 0,
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("debsecan", None);
    let mut open: Option<Finding> = None;
    for line in input.whole()?.lines() {
        if let Some(word) = id(line) {
            if let Some(finding) = open.take() {
                out.push(finding)?;
            }
            let package = line.split_whitespace().nth(1);
            let (cve, ids) = text::split_ids([word]);
            open = Some(Finding {
                rule: Some(word.to_owned()),
                cve,
                ids,
                component: package.map(|name| Component::new(name, None)),
                ..Finding::new(package.map_or_else(|| word.to_owned(), |name| format!("{word}: {name}")), Severity::Medium)
            });
            continue;
        }
        let Some(finding) = &mut open else { continue };
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("installed: ") {
            let mut words = rest.split_whitespace();
            let name = words.next().unwrap_or_default();
            finding.title = format!("{}: {name}", finding.rule.as_deref().unwrap_or_default());
            finding.component = Some(Component::new(name, words.next().map(str::to_owned)));
        } else if let Some(rest) = line.strip_prefix("fixed ") {
            finding.remediation = Some(format!("fixed {rest}"));
        } else if !line.is_empty() && !line.starts_with("(built from") {
            let said = finding.description.take();
            finding.description = Some(said.map_or_else(|| line.to_owned(), |said| format!("{said} {line}")));
        }
    }
    open.map_or(Ok(()), |finding| out.push(finding))
}
