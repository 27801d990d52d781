//! dawnscanner (Ruby), JSON: one finding for each vulnerability.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Cvss, Error, Finding, Input, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "dawnscanner", title: "dawnscanner (JSON)", aliases: &["dawnscanner_scan", "dawn"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has("dawn_version") { 99 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("dawnscanner", report.opt("dawn_version").as_deref());
    for item in report.list("vulnerabilities") {
        let (cve, _) = text::split_ids(text::cves(item.text("name")).iter().map(String::as_str));
        out.push(Finding {
            rule: item.opt("name"),
            cve,
            cvss: Cvss::of(None, item.num("cvss_score")),
            description: item.opt("message"),
            remediation: item.opt("remediation"),
            references: item.opt("cve_link").into_iter().collect(),
            ..Finding::new(item.text("name"), Severity::word(item.text("severity")))
        })?;
    }
    Ok(())
}
