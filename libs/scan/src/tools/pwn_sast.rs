//! pwn_sast, JSON: one finding for each file and line of code; the tool ranks nothing, so every one is info.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "pwn_sast", title: "pwn_sast (JSON)", aliases: &["pwn"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has("data[].line_no_and_contents") {
        98
    } else if probe.keys.len() == 2 && probe.has_all(&["report_name", "data"]) {
        85
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("pwn_sast", None);
    for item in report.list("data") {
        let (module, file) = (item.text("security_references/sast_module"), item.text("filename/entry"));
        let root = item.text("filename/git_repo_root_uri");
        for line in item.list("line_no_and_contents") {
            let number = line.opt("line_no").unwrap_or_default();
            let code = line.text("contents");
            out.merge(format!("{root}/{file}\n{code}"), Finding {
                rule: text::some(module),
                cwe: text::cwe_field(&item.opt("security_references/cwe_id").unwrap_or_default()),
                location: Some(Location::file(text::path(file), number.parse().ok())),
                description: Some(format!("{module}: {}. {}", item.text("security_references/section"), line.text("author"))),
                evidence: text::some(code),
                anchor: text::some(code),
                references: item.opt("security_references/nist_800_53_uri").into_iter().chain(item.opt("security_references/cwe_uri")).collect(),
                ..Finding::new(format!("{module} Entry in {file} Line: {number}"), Severity::Info)
            })?;
        }
    }
    Ok(())
}
