//! Microsoft Defender for Endpoint, JSON of vulnerabilities by machine: one finding for each entry.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "ms_defender", title: "Microsoft Defender (JSON)", aliases: &["defender", "msdefender_parser"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["value[].cveId", "value[].machineId"]) {
        97
    } else if probe.value("@odata.context").contains("securitycenter") {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Microsoft Defender", None);
    for item in report.list("value").iter().filter(|item| item.at("cveId").is_some()) {
        let (id, machine) = (item.text("cveId"), item.text("machineId"));
        let (cve, ids) = text::split_ids([id]);
        let product = [item.text("productVendor"), item.text("productName")].join("/");
        out.push(Finding {
            rule: text::some(id),
            cve,
            ids,
            location: Some(Location::host(machine, None, None)),
            component: Some(Component { fixed_in: item.opt("fixingKbId"), ..Component::new(product.as_str(), item.opt("productVersion")) }),
            description: Some(format!("{product} on the machine {machine} is affected by {id}")),
            remediation: item.opt("fixingKbId").map(|patch| format!("Install {patch}.")),
            ..Finding::new(format!("{id}_{machine}"), Severity::word(item.text("severity")))
        })?;
    }
    Ok(())
}
