//! Vulners audit, JSON: one finding for each vulnerability of a host; severity 5 is critical, 1 info.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "api_vulners", title: "Vulners audit (JSON)", aliases: &["vulners", "vulners_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["data.report[].vulnID", "data.report[].agentip"]) {
        98
    } else if probe.has_all(&["data.report", "data.vulns"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Vulners", None);
    for item in report.list("data/report") {
        let id = item.text("vulnID");
        let empty = serde_json::Value::Null;
        let details = report.at("data/vulns").and_then(|known| known.get(id)).unwrap_or(&empty);
        let severity = match item.int("severity") {
            Some(level @ 1..) => Severity::from_level(level.saturating_sub(1)),
            Some(_) | None => Severity::word(item.text("severityText")),
        };
        let host = item.first(&["agentip", "agentfqdn"]);
        let name = item.opt("agentfqdn").filter(|name| name != "unknown").or_else(|| item.opt("agentip"));
        let (cve, mut ids) = text::split_ids(details.texts("cvelist"));
        ids.insert(0, id.to_owned());
        out.push(Finding {
            rule: text::some(id),
            cve,
            ids,
            cvss: Cvss::of(details.opt("cvss3/cvssV3/vectorString"), details.num("cvss3/cvssV3/baseScore"))
                .or_else(|| Cvss::of(details.opt("cvss/vector"), details.num("cvss/score"))),
            location: host.map(|host| Location::host(host, None, None)),
            component: name.map(|name| Component::new(name, None)),
            description: details.first(&["description"]).or_else(|| item.opt("title")),
            remediation: item.opt("cumulativeFix"),
            references: details.texts("references").into_iter().map(str::to_owned).collect(),
            ..Finding::new(item.first(&["title", "vulnID"]).unwrap_or_default(), severity)
        })?;
    }
    Ok(())
}
