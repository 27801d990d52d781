//! kubesec, JSON: one finding for each rule that weakens an object (high) or would harden it (low).

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "kubesec", title: "kubesec (JSON)", aliases: &["kubesec_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["object", "score", "scoring"]) {
        98
    } else if probe.item(&["object", "valid", "score"]) {
        92
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("kubesec", None);
    input.each_json(|object| {
        for (list, severity) in [("scoring/critical", Severity::High), ("scoring/advise", Severity::Low)] {
            for rule in object.list(list) {
                out.push(Finding {
                    rule: rule.opt("id"),
                    location: Some(Location {
                        file: object.opt("fileName").map(|file| text::path(&file)),
                        ..Location::resource(object.text("object"))
                    }),
                    anchor: rule.opt("selector"),
                    description: rule.opt("reason"),
                    ..Finding::new(format!("{}: {}", rule.text("id"), rule.text("selector")), severity)
                })?;
            }
        }
        Ok(())
    })
}
