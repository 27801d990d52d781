//! Symfony security checker, JSON: one finding for each advisory of a package; the tool does not rate, so all are info.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "php_symfony_security_check",
    title: "Symfony security checker (JSON)",
    aliases: &["symfony_security_checker", "local_php_security_checker"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["*.version", "*.advisories"]) { 92 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Symfony security checker", None);
    for (name, package) in report.entries("") {
        let version = package.text("version").trim_start_matches('v');
        let listed = package.list("advisories").iter();
        let named = package.entries("advisories").map(|(_, advisory)| advisory);
        for advisory in listed.chain(named) {
            let id = advisory.text("cve");
            let (cve, ids) = text::split_ids([id]);
            out.merge(format!("{name}|{version}|{id}"), Finding {
                rule: text::some(id).or_else(|| advisory.opt("link")),
                cve,
                ids,
                component: Some(Component::new(name.as_str(), text::some(version))),
                description: advisory.opt("title"),
                references: advisory.opt("link").into_iter().collect(),
                ..Finding::new(format!("{name} - ({version}, {id})"), Severity::Info)
            })?;
        }
    }
    Ok(())
}
