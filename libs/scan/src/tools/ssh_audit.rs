//! ssh-audit, JSON: known vulnerabilities by their CVSS score; algorithms that fail are high, those warned of medium.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "ssh_audit",
    title: "ssh-audit (JSON)",
    aliases: &["ssh_audit_importer", "sshaudit"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["banner.raw", "kex", "key", "mac"]) { 99 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("ssh-audit", None);
    input.each_json(|server| {
        let banner = server.text("banner/raw");
        let (host, port, _) = text::url_parts(server.text("target"));
        let place = || Location::host(host.clone().unwrap_or_default(), port, Some("ssh".to_owned()));
        for item in server.list("cves") {
            let name = item.text("name");
            let score = item.num("cvssv2");
            out.push(Finding {
                rule: item.opt("name"),
                cve: text::cves(name),
                cvss: Cvss::of(None, score),
                location: Some(place()),
                description: item.opt("description"),
                ..Finding::new(format!("{banner}_{name}"), Severity::from_score(score.unwrap_or_default()))
            })?;
        }
        for kind in ["kex", "key", "mac"] {
            for item in server.list(kind) {
                let (fail, warn) = (item.texts("notes/fail"), item.texts("notes/warn"));
                let severity = if item.at("notes/fail").is_some() {
                    Severity::High
                } else if item.at("notes/warn").is_some() {
                    Severity::Medium
                } else {
                    continue;
                };
                let name = item.text("algorithm");
                let said: Vec<&str> = fail.into_iter().chain(warn).chain(item.texts("notes/info")).collect();
                out.push(Finding {
                    rule: Some(format!("{kind}/{name}")),
                    location: Some(place()),
                    description: text::some(&said.join("; ")),
                    ..Finding::new(format!("{banner}_{name}"), severity)
                })?;
            }
        }
        Ok(())
    })
}
