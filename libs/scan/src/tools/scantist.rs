//! Scantist, JSON of vulnerabilities: one finding for each identifier and library.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "scantist", title: "Scantist (JSON)", aliases: &["scantist_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["Public ID", "Library"]) { 97 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Scantist", None);
    input.each_json(|item| {
        let (id, name) = (item.text("Public ID"), item.text("Library"));
        let (cve, ids) = text::split_ids([id]);
        out.merge(format!("{id}\n{name}"), Finding {
            rule: text::some(id),
            cve,
            ids,
            cwe: vec![1035],
            location: item.opt("File Path").map(|path| Location::file(path, None)),
            component: Some(Component { fixed_in: item.opt("Patched Version"), ..Component::new(name, item.opt("Library Version")) }),
            description: item.opt("Description"),
            remediation: item.opt("Patched Version").map(|fixed| format!("Update {name} to version {fixed}.")),
            ..Finding::new(format!("{id}|{name}"), Severity::word(item.text("Score")))
        })
    })
}
