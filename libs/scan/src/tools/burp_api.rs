//! Burp Suite, JSON of its REST interface (one finding for each issue found) and of GraphQL (one for each issue type).

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "burp_api",
    title: "Burp Suite interfaces (JSON)",
    aliases: &["burp_rest_api", "burp_graphql", "burp_graphql_api", "burp_enterprise_api"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has("issue_events[].issue") || probe.has("Issues[].issue_type") || probe.has("issues[].issue_type") || probe.has("data.scan.issues") {
        98
    } else if probe.has("issue_events") {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Burp Suite", None);
    for event in report.list("issue_events") {
        if let Some(issue) = event.at("issue").filter(|_| event.text("type") == "issue_found") {
            out.push(rest(issue))?;
        }
    }
    for list in ["Issues", "issues", "data/scan/issues"] {
        for issue in report.list(list) {
            if issue.text("issue_type/name").is_empty() {
                return Err(Error::malformed("an issue has no name in its type"));
            }
            out.merge(issue.text("issue_type/name"), graphql(issue))?;
        }
    }
    Ok(())
}

fn rest(issue: &Value) -> Finding {
    let plain = |name: &str| issue.opt(name).map(|html| text::without_html(&html));
    let word = issue.text("severity");
    let url = format!("{}{}", issue.text("origin"), issue.text("path"));
    Finding {
        rule: issue.opt("type_index"),
        location: text::some(&url).map(Location::url),
        anchor: issue.opt("caption"),
        description: plain("description").or_else(|| plain("issue_background")),
        remediation: plain("remediation").or_else(|| plain("remediation_background")),
        status: if word == "false_positive" { Status::FalsePositive } else { Status::Open },
        ..Finding::new(issue.first(&["name"]).unwrap_or_else(|| "Burp issue".to_owned()), Severity::word(word))
    }
}

fn graphql(issue: &Value) -> Finding {
    let plain = |name: &str| issue.opt(name).map(|html| text::without_html(&html));
    let url = format!("{}{}", issue.text("origin"), issue.text("path"));
    Finding {
        rule: issue.first(&["issue_type/type_index", "issue_type/name"]),
        cwe: text::cwes(issue.text("issue_type/vulnerability_classifications_html")),
        location: text::some(&url).map(Location::url),
        description: plain("description_html").or_else(|| plain("issue_type/description_html")),
        remediation: plain("remediation_html").or_else(|| plain("issue_type/remediation_html")),
        references: plain("issue_type/references_html").into_iter().collect(),
        ..Finding::new(issue.text("issue_type/name"), Severity::word(issue.text("severity")))
    }
}
