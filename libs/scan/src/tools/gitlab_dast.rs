//! GitLab DAST report, JSON: entries of one severity, name and description are one finding with several addresses.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, text};

pub(crate) const TOOL: Tool =
    Tool { name: "gitlab_dast", title: "GitLab DAST (JSON)", aliases: &["gitlab_dast_report"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if ["dast", "api_fuzzing", "coverage_fuzzing"].contains(&probe.value("scan.type")) && probe.has("vulnerabilities") {
        97
    } else if probe.has_all(&["vulnerabilities[].identifiers", "vulnerabilities[].location.hostname"]) {
        95
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner(report.text("scan/scanner/name"), report.opt("scan/scanner/version").as_deref());
    for item in report.list("vulnerabilities") {
        let url = format!("{}{}", item.text("location/hostname"), item.text("location/path"));
        let evidence = item.first(&["evidence/summary", "evidence/response/body", "evidence/0/response/body"]);
        let finding = Finding {
            location: text::some(&url).map(|url| Location {
                method: item.opt("location/method"),
                parameter: item.opt("location/param"),
                ..Location::url(url)
            }),
            evidence,
            ..super::gitlab_sast::common(item)
        };
        let description = item.first(&["message", "description"]).unwrap_or_default();
        let name = item.first(&["name", "id"]).unwrap_or_default();
        out.merge(format!("{}\n{name}\n{description}", finding.severity.name()), finding)?;
    }
    Ok(())
}
