//! Node Security Platform, JSON: one finding for each title and path, rated by its CVSS score and never below low.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "nsp",
    title: "Node Security Platform (JSON)",
    aliases: &["node_security_platform", "node_security_platform_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["module", "vulnerable_versions", "patched_versions", "advisory"]) { 97 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("nsp", None);
    input.each_json(|item| {
        let (name, version) = (item.text("module"), item.text("version"));
        let score = item.num("cvss_score");
        let severity = Severity::from_score(score.unwrap_or_default()).max(Severity::Low);
        let path = item.texts("path").join(" > ");
        let patched = item.opt("patched_versions");
        out.merge(format!("{}|{path}", item.text("title")), Finding {
            rule: item.opt("id"),
            cvss: Cvss::of(item.opt("cvss_vector"), score),
            component: Some(Component { fixed_in: patched.filter(|range| range != "<0.0.0"), ..Component::new(name, text::some(version)) }),
            anchor: text::some(&path),
            description: item.opt("overview"),
            remediation: item.opt("recommendation"),
            references: item.opt("advisory").into_iter().collect(),
            ..Finding::new(format!("{} - ({name}, {version})", item.text("title")), severity)
        })
    })
}
