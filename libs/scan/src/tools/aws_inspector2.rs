//! Amazon Inspector 2, JSON of its list of findings: one finding for each entry; untriaged ones are info.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "aws_inspector2",
    title: "Amazon Inspector 2 (JSON)",
    aliases: &["aws_inspector", "aws_inspector2_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let inside = |path: &str| probe.item(&[path]) || probe.has(&format!("findings[].{path}"));
    if inside("findingArn") && (inside("inspectorScore") || inside("firstObservedAt") || inside("packageVulnerabilityDetails")) {
        98
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Amazon Inspector", None);
    input.each_json(|page| {
        let single = page.at("findingArn").map(|_| page);
        single.into_iter().chain(page.list("findings")).try_for_each(|item| out.push(finding(item)))
    })
}

fn finding(item: &Value) -> Finding {
    let details = "packageVulnerabilityDetails";
    let id = item.text("packageVulnerabilityDetails/vulnerabilityId");
    let related = item.texts("packageVulnerabilityDetails/relatedVulnerabilities");
    let (cve, ids) = text::split_ids(std::iter::once(id).chain(related));
    let component = item.at(details).and_then(|details| details.list("vulnerablePackages").first()).map(|package| Component {
        fixed_in: package.opt("fixedInVersion").filter(|version| version != "NotAvailable"),
        ..Component::new(package.text("name"), package.opt("version"))
    });
    let code = item.at("codeVulnerabilityDetails").unwrap_or(item);
    let file = code.first(&["filePath/filePath", "filePath/fileName"]);
    let port = item.first(&["networkReachabilityDetails/openPortRange/begin", "openPortRange/begin"]);
    let mut resources = item.list("resources").iter().filter_map(|resource| resource.opt("id")).map(|id| Location {
        file: file.clone(),
        line: code.line("filePath/startLine"),
        port: port.as_deref().and_then(|port| port.parse().ok()),
        ..Location::resource(id)
    });
    let adjusted = "inspectorScoreDetails/adjustedCvss";
    Finding {
        rule: item.first(&["packageVulnerabilityDetails/vulnerabilityId", "codeVulnerabilityDetails/ruleId", "ruleId", "type"]),
        cwe: code.texts("cwes").into_iter().flat_map(text::cwe_field).collect(),
        cve,
        ids,
        cvss: Cvss::of(item.opt(&format!("{adjusted}/scoringVector")), item.num(&format!("{adjusted}/score")).or_else(|| item.num("inspectorScore"))),
        location: resources.next(),
        others: resources.collect(),
        component,
        description: item.opt("description"),
        remediation: item.opt("remediation/recommendation/text").filter(|text| text != "None Provided"),
        references: item.opt("packageVulnerabilityDetails/sourceUrl").into_iter().collect(),
        status: match item.text("status") {
            "CLOSED" => Status::Fixed,
            "SUPPRESSED" => Status::Suppressed(None),
            _ => Status::Open,
        },
        ..Finding::new(item.text("title"), Severity::word(item.text("severity")))
    }
}
