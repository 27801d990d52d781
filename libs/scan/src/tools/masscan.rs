//! masscan (JSON) and naabu (JSON lines): one finding of severity info for each open port of a host.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity};

pub(crate) const TOOL: Tool =
    Tool { name: "masscan", title: "masscan (JSON)", aliases: &["masscan_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["ip", "ports[].port", "ports[].proto"]) || probe.item(&["ip", "port", "proto", "rec_type"]) { 97 } else { 0 }
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
    let values = serde_json::Deserializer::from_str(&text).into_iter::<serde_json::Value>();
    let values = values.collect::<Result<Vec<_>, _>>()?;
    // One array, or an entry for each host one after the other.
    for host in values.iter().flat_map(|value| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)) {
        // The other layout of lines has one port in each.
        if host.at("port").is_some() {
            let number = host.int("port").and_then(|port| u16::try_from(port).ok());
            if host.first(&["data/status"]).is_none_or(|status| status == "open") {
                open_port(host.text("ip"), number, host.text("proto"), host.text("data/banner"), out)?;
            }
            continue;
        }
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
