//! KrakenD audit, JSON: one finding for each recommendation.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Severity};

pub(crate) const TOOL: Tool =
    Tool { name: "krakend_audit", title: "KrakenD audit (JSON)", aliases: &["krakend", "krakend_audit_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["recommendations[].rule", "recommendations[].severity"]) {
        97
    } else if probe.has_all(&["recommendations", "stats"]) {
        85
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("KrakenD", None);
    for item in report.list("recommendations").iter().filter(|item| item.at("rule").is_some()) {
        out.push(Finding {
            rule: item.opt("rule"),
            description: item.opt("message"),
            remediation: item.opt("message"),
            ..Finding::new(format!("KrakenD_{}", item.text("rule")), Severity::word(item.text("severity")))
        })?;
    }
    Ok(())
}
