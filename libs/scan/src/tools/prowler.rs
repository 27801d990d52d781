//! Prowler, CSV and OCSF JSON: one finding for each check and resource that failed or that a person has to look at.
//!
//! Passed checks are counted only; entries of one check, resource and message are one finding; muted ones are
//! suppressed.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::probe::Shape;
use crate::table::Row;
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "prowler", title: "Prowler (CSV, OCSF JSON)", aliases: &["prowler_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    let product = ["metadata.product.name", "[].metadata.product.name"].map(|path| probe.value(path));
    if product.iter().any(|name| name.eq_ignore_ascii_case("prowler")) {
        100
    } else if probe.columns(&["CHECK_ID", "STATUS", "RESOURCE_UID"]) || probe.columns(&["CHECK_ID", "STATUS", "PROVIDER"]) {
        97
    } else if probe.item(&["finding_info", "status_code", "metadata.event_code"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Prowler", None);
    if Probe::new(input.head()?).shape != Shape::Table {
        return input.each_json(|item| {
            if item.text("status_code").eq_ignore_ascii_case("pass") {
                out.leave_out("passed checks");
                return Ok(());
            }
            let finding = event(item);
            let resource = item.first(&["resources/0/uid", "resources/0/name"]).unwrap_or_default();
            out.merge(format!("{}\n{resource}\n{}", finding.rule.as_deref().unwrap_or_default(), finding.title), finding)
        });
    }
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        if row.get("STATUS").eq_ignore_ascii_case("pass") {
            out.leave_out("passed checks");
            continue;
        }
        out.push(line(&row))?;
    }
    Ok(())
}

fn event(item: &Value) -> Finding {
    let severity = item.first(&["severity", "finding_info/severity"]).map(|word| Severity::word(&word));
    let level = item.int("severity_id").map_or(Severity::Info, |level| Severity::from_level(level.saturating_sub(1)));
    let muted = item.text("status").eq_ignore_ascii_case("suppressed");
    Finding {
        rule: item.first(&["finding_info/check_id", "check_id", "metadata/event_code"]),
        location: Some(Location {
            host: item.first(&["cloud/region", "resources/0/region"]),
            ..Location::resource(item.first(&["resources/0/uid", "resources/0/name"]).unwrap_or_default())
        }),
        description: item.first(&["finding_info/desc", "risk_details"]),
        evidence: item.opt("status_detail"),
        remediation: item.first(&["remediation/text", "remediation/desc"]),
        references: item.texts("remediation/references").into_iter().map(str::to_owned).collect(),
        status: if muted { Status::Suppressed(None) } else { Status::Open },
        ..Finding::new(item.first(&["message", "finding_info/title"]).unwrap_or_default(), severity.unwrap_or(level))
    }
}

fn line(row: &Row<'_>) -> Finding {
    let title: Vec<&str> = [row.get("CHECK_ID"), row.get("CHECK_TITLE")].into_iter().filter(|text| !text.is_empty()).collect();
    let muted = row.get("MUTED").eq_ignore_ascii_case("true");
    Finding {
        rule: row.opt("CHECK_ID"),
        location: row.first(&["RESOURCE_UID", "RESOURCE_NAME", "RESOURCE_ID"]).map(|resource| Location {
            host: row.opt("REGION"),
            ..Location::resource(resource)
        }),
        description: text::some(&[row.get("DESCRIPTION"), row.get("RISK")].join("\n")),
        evidence: row.opt("STATUS_EXTENDED"),
        remediation: row.opt("REMEDIATION_RECOMMENDATION_TEXT"),
        references: row.opt("REMEDIATION_RECOMMENDATION_URL").into_iter().chain(row.opt("RELATED_URL")).collect(),
        status: if muted { Status::Suppressed(None) } else { Status::Open },
        ..Finding::new(title.join(": "), Severity::word(row.get("SEVERITY")))
    }
}
