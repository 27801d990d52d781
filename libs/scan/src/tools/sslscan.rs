//! sslscan, XML: one finding for each weak cipher and each version with Heartbleed; the tool does not rate, so all are info.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "sslscan", title: "sslscan (XML)", aliases: &["sslscan_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.root_is("document") && probe.element("ssltest") {
        98
    } else if probe.root_is("document") && probe.root.attr("title").to_ascii_lowercase().contains("sslscan") {
        97
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let mut xml = input.xml()?;
    while let Some(test) = xml.next(&["ssltest"])? {
        out.scanner("sslscan", Some(xml.around("document", "version")));
        let host = test.attr("host").to_owned();
        let place = Location::host(host, test.attr("port").parse().ok(), Some("tls".to_owned()));
        for node in &test.children {
            let version = node.attr("sslversion");
            let (title, said, cve) = if node.name == "heartbleed" && node.attr("vulnerable") == "1" {
                (format!("heartbleed | {version}"), format!("{version} is vulnerable to Heartbleed"), "CVE-2014-0160")
            } else if node.name == "cipher" && !matches!(node.attr("strength"), "acceptable" | "strong") {
                let said = format!("{} ({}, {})", node.attr("cipher"), node.attr("status"), node.attr("strength"));
                (format!("cipher | {version}"), said, "")
            } else {
                continue;
            };
            out.merge(format!("{title}|{said}"), Finding {
                rule: Some(node.name.clone()),
                cve: text::cves(cve),
                location: Some(place.clone()),
                anchor: Some(said.clone()),
                description: Some(said),
                ..Finding::new(title, Severity::Info)
            })?;
        }
    }
    Ok(())
}
