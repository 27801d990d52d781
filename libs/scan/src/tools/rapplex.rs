//! Rapplex, JSON: one finding for each issue of a group under its severity.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "rapplex", title: "Rapplex (JSON)", aliases: &["rapplex_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has("Severities.*.IssueGroups") {
        98
    } else if probe.has_all(&["Severities", "StartedDate"]) {
        85
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Rapplex", None);
    for (name, rated) in report.entries("Severities") {
        let severity = Severity::word(&rated.opt("Name").unwrap_or_else(|| name.clone()));
        for group in rated.list("IssueGroups") {
            let classes = group.list("Definition/Classifications").iter().filter(|class| class.text("Foundation") == "CWE");
            let cwe: Vec<u32> = classes.filter_map(|class| class.opt("Value")).flat_map(|value| text::cwe_field(&value)).collect();
            let section = |name: &str| group.opt(&format!("Definition/Sections/{name}")).map(|html| text::without_html(&html));
            for issue in group.list("Issues") {
                out.push(Finding {
                    rule: group.first(&["Definition/Id", "Title"]),
                    cwe: cwe.clone(),
                    location: issue.opt("Url").map(|url| Location { parameter: issue.opt("Parameter"), ..Location::url(url) }),
                    description: section("Summary"),
                    evidence: issue.opt("HttpRequest").map(|request| text::clip(&request, 4_000).to_owned()),
                    remediation: section("Remediation"),
                    references: section("References").into_iter().collect(),
                    ..Finding::new(issue.first(&["Title"]).unwrap_or_default(), severity)
                })?;
            }
        }
    }
    Ok(())
}
