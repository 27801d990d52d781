//! Trustwave Fusion, JSON: items with equal severity, name, classification and CVE identifiers are one finding.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "trustwave_fusion_api",
    title: "Trustwave Fusion (JSON)",
    aliases: &["trustwave_fusion", "trustwave_fusion_api_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["items[].kb.cves", "items[].classification"]) {
        98
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Trustwave Fusion", None);
    for item in report.list("items") {
        // Absent values are written as the word None.
        let own = |path: &str| item.opt(path).filter(|text| text != "None");
        let port = item.int("location/port").and_then(|port| u16::try_from(port).ok());
        let host = own("location/domain").or_else(|| own("location/ip"));
        let place = own("location/url")
            .map(Location::url)
            .or_else(|| host.map(|host| Location::host(host, port, own("location/applicationProtocol"))));
        let cve = text::cves(&item.texts("kb/cves").join(" "));
        let severity = Severity::word(item.text("severity"));
        let component = own("location/applicationName").map(|name| {
            let version = own("location/applicationCpe").and_then(|cpe| cpe.split(':').nth(4).map(str::to_owned));
            Component::new(name, version)
        });
        let key = format!("{}|{}|{}|{}", severity.name(), item.text("name"), item.text("classification"), cve.join(","));
        out.merge(key, Finding {
            rule: own("kb/id"),
            cve,
            cvss: Cvss::of(None, item.num("kb/cvssV3BaseScore").or_else(|| item.num("kb/cvssV2BaseScore"))),
            location: place,
            component,
            description: own("classification"),
            evidence: own("evidence"),
            remediation: own("kb/remediation"),
            ..Finding::new(item.text("name"), severity)
        })?;
    }
    Ok(())
}
