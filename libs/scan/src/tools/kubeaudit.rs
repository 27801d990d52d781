//! kubeaudit, JSON lines: one finding for each line; errors are high, warnings medium, info info, the rest low.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity};

pub(crate) const TOOL: Tool = Tool { name: "kubeaudit", title: "kubeaudit (JSON lines)", aliases: &["kubeaudit_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["AuditResultName"]) { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("kubeaudit", None);
    input.each_json(|item| {
        if item.at("AuditResultName").is_none() {
            out.leave_out("log lines");
            return Ok(());
        }
        let severity = match item.text("level") {
            "error" => Severity::High,
            "warning" => Severity::Medium,
            "info" => Severity::Info,
            _ => Severity::Low,
        };
        let names = [item.text("ResourceNamespace"), item.text("ResourceKind"), item.text("ResourceName"), item.text("Container")];
        let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
        out.push(Finding {
            rule: item.opt("AuditResultName"),
            location: Some(Location::resource(names.join("/"))),
            description: item.opt("msg"),
            ..Finding::new(format!("{}_{}", item.text("AuditResultName"), item.text("ResourceName")), severity)
        })
    })
}
