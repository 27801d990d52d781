//! Chef InSpec, JSON (also Heimdall's form of it): one finding for each control with a failed result.
//!
//! The severity follows `impact`: from 0.9 critical, 0.7 high, 0.4 medium, above 0 low, 0 info. Log lines of Chef
//! Inspect carry an impact from 0 to 10 and are findings each.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "inspec",
    title: "Chef InSpec (JSON, log lines)",
    aliases: &["chef_inspec", "chefinspect", "chef_inspect_log", "hdf"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["profiles[].controls[].id", "profiles[].controls[].impact"]) {
        97
    } else if probe.item(&["batch_runtime", "impact", "control_tags"]) {
        95
    } else if probe.has_all(&["platform", "profiles[].sha256"]) {
        85
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Chef InSpec", None);
    input.each_json(|report| {
        if report.at("profiles").is_none() && report.at("impact").is_some() {
            return out.push(Finding {
                rule: report.opt("id"),
                location: report.opt("dc").map(Location::resource),
                description: report.opt("description"),
                evidence: report.at("results").map(ToString::to_string),
                ..Finding::new(report.text("title"), Severity::from_score(report.num("impact").unwrap_or_default()))
            });
        }
        for profile in report.list("profiles") {
            for control in profile.list("controls") {
                one(profile, control, out)?;
            }
        }
        Ok(())
    })
}

fn one(profile: &Value, control: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    let failed: Vec<&Value> = control.list("results").iter().filter(|result| result.text("status") == "failed").collect();
    if failed.is_empty() {
        out.leave_out("passed and skipped controls");
        return Ok(());
    }
    let impact = control.num("impact").unwrap_or_default();
    let severity = if impact >= 0.9 {
        Severity::Critical
    } else if impact >= 0.7 {
        Severity::High
    } else if impact >= 0.4 {
        Severity::Medium
    } else if impact > 0.0 {
        Severity::Low
    } else {
        Severity::Info
    };
    let said: Vec<String> =
        failed.iter().filter_map(|result| result.first(&["message", "code_desc"])).collect();
    out.push(Finding {
        rule: control.opt("id"),
        location: control
            .opt("source_location/ref")
            .map(|file| Location::file(text::path(&file), control.line("source_location/line"))),
        ids: control.texts("tags/cci").into_iter().map(str::to_owned).collect(),
        anchor: profile.opt("name"),
        description: control.opt("desc"),
        evidence: text::some(&said.join("\n")),
        remediation: control.opt("tags/fix"),
        ..Finding::new(control.first(&["title", "id"]).unwrap_or_default(), severity)
    })
}
