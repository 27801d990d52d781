//! Zora, combined CSV: one finding for each row; passed rows have the status fixed.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool { name: "zora", title: "Zora (CSV)", aliases: &["zora_parser"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    let common = probe.columns(&["source", "title", "severity", "status"]);
    if common && (probe.columns(&["image", "id"]) || probe.columns(&["checkid"])) { 96 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Zora", None);
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        let (cve, ids) = text::split_ids([row.get("id")]);
        // "fixed" says of a vulnerability that a fixed version exists, which is not a finding that is gone.
        let passed = ["pass", "ok"].iter().any(|word| row.get("status").eq_ignore_ascii_case(word));
        let finding = Finding {
            rule: row.first(&["id", "checkid"]),
            ids: if text::is_cve(row.get("id")) || row.get("id").starts_with("GHSA-") { ids } else { Vec::new() },
            cve,
            location: row.opt("image").map(|image| if row.get("source").eq_ignore_ascii_case("trivy") { Location::image(image) } else { Location::resource(image) }),
            component: row.opt("fixVersion").and_then(|version| {
                let name = row.get("title").split(':').next().filter(|name| !name.contains(' '))?;
                Some(Component { fixed_in: Some(version), ..Component::new(name, None) })
            }),
            description: row.opt("description"),
            remediation: row.opt("remediation"),
            status: if passed { Status::Fixed } else { Status::Open },
            ..Finding::new(row.get("title"), Severity::word(row.get("severity")))
        };
        out.push(finding)?;
    }
    Ok(())
}
