//! SSL Labs, JSON of ssllabs-scan: one finding for each host and grade; A is info, B medium, C high, all else critical.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "ssl_labs", title: "SSL Labs (JSON)", aliases: &["ssllabs", "ssl_labs_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["host", "endpoints[].grade"]) || probe.item(&["host", "engineVersion", "criteriaVersion"]) { 97 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("SSL Labs", None);
    input.each_json(|host| {
        let name = host.text("host");
        let port = host.int("port").and_then(|port| u16::try_from(port).ok());
        for end in host.list("endpoints") {
            let grade = end.text("grade");
            let severity = match grade {
                grade if grade.contains('A') => Severity::Info,
                grade if grade.contains('B') => Severity::Medium,
                grade if grade.contains('C') => Severity::High,
                _ => Severity::Critical,
            };
            let protocols: Vec<String> = end
                .list("details/protocols")
                .iter()
                .map(|protocol| format!("{} {}", protocol.text("name"), protocol.text("version")))
                .collect();
            let place = Location::host(name, port, Some("https".to_owned()));
            let address = end.opt("ipAddress").map(|ip| Location::host(ip, port, Some("https".to_owned())));
            out.merge(format!("{name}{grade}"), Finding {
                rule: Some("grade".to_owned()),
                cwe: vec![310],
                location: Some(place),
                others: address.into_iter().collect(),
                description: end.opt("statusMessage"),
                evidence: text::some(&protocols.join("\n")),
                ..Finding::new(format!("TLS Grade '{grade}' for {name}"), severity)
            })?;
        }
        Ok(())
    })
}
