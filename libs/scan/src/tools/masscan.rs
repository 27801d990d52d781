//! masscan (JSON) and naabu (JSON lines): one finding of severity info for each open port of a host.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity};

pub(crate) const TOOL: Tool =
    Tool { name: "masscan", title: "masscan (JSON)", aliases: &["masscan_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["ip", "ports[].port", "ports[].proto"]) { 97 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("masscan", None);
    // Some versions leave a comma behind the last entry and a closing entry that is no JSON.
    let mut text = input.whole()?.trim().trim_end_matches(']').trim_end().to_owned();
    if let Some(head) = text.strip_suffix("{finished: 1}") {
        text = head.trim_end().to_owned();
    }
    if text.starts_with('[') {
        text = format!("{}]", text.trim_end_matches(','));
    }
    let value: serde_json::Value = serde_json::from_str(&text)?;
    for host in value.list("") {
        for port in host.list("ports") {
            if port.opt("status").is_none_or(|status| status == "open") {
                let number = port.int("port").and_then(|port| u16::try_from(port).ok());
                open_port(host.text("ip"), number, port.text("proto"), port.text("service/banner"), out)?;
            }
        }
    }
    out.flush()
}

/// An open port as a finding.
pub(crate) fn open_port(
    host: &str,
    port: Option<u16>,
    protocol: &str,
    banner: &str,
    out: &mut Out<'_>,
) -> Result<(), Error> {
    let number = port.unwrap_or_default();
    out.merge(format!("{host} {number} {protocol}"), Finding {
        rule: Some("open-port".to_owned()),
        location: Some(Location::host(host, port, crate::text::some(protocol))),
        description: Some(format!("{number}/{protocol} is open on {host}")),
        evidence: crate::text::some(banner),
        ..Finding::new(format!("Open port: {number}/{protocol} on {host}"), Severity::Info)
    })
}
