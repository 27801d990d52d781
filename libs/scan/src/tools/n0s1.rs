//! n0s1 (secrets in Confluence, Jira and the like), JSON: one finding for each entry; every one is high.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity};

pub(crate) const TOOL: Tool = Tool { name: "n0s1", title: "n0s1 (JSON)", aliases: &["n0s1_scanner"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.value("tool.name") == "n0s1" {
        100
    } else if probe.has_all(&["regex_config", "findings"]) {
        92
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("n0s1", report.opt("tool/version").as_deref());
    for (name, item) in report.entries("findings") {
        let rule = item.opt("details/matched_regex_config/id");
        let about = item.opt("details/matched_regex_config/description").unwrap_or_default();
        let key = item.opt("id").unwrap_or_else(|| name.clone());
        out.merge(key.clone(), Finding {
            cwe: vec![798],
            location: item.opt("url").map(|url| Location { parameter: item.opt("details/ticket_field"), ..Location::url(url) }),
            description: Some(format!(
                "{about}. Platform {}, field {}",
                item.text("details/platform"), item.text("details/ticket_field")
            )),
            anchor: Some(key),
            rule: rule.clone(),
            ..Finding::new(rule.unwrap_or_else(|| "n0s1 Finding".to_owned()), Severity::High)
        })?;
    }
    Ok(())
}
