//! IriusRisk, CSV of threats: one finding for each row; the current risk is the severity, very low is info.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Error, Finding, Input, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "iriusrisk", title: "IriusRisk threats (CSV)", aliases: &["iriusrisk_threats_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["Component", "Threat", "Current Risk"]) { 97 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("IriusRisk", None);
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        let threat = row.get("Threat");
        let reference = row.get("MITRE reference");
        let cwe = text::cwes(reference);
        let labels = ["Use case", "Source", "Inherent Risk", "Current Risk", "Projected Risk", "Countermeasure progress", "Weakness tests", "Countermeasure tests", "Owner", "STRIDE-LM"];
        let about = labels.iter().filter_map(|label| Some(format!("{label}: {}", row.opt(label)?)));
        let about: Vec<String> = std::iter::once(threat.to_owned()).chain(about).collect();
        let risk = row.get("Current Risk");
        let mended = risk.eq_ignore_ascii_case("very low");
        let finding = Finding {
            rule: text::some(reference),
            references: if cwe.is_empty() { row.opt("MITRE reference").into_iter().collect() } else { Vec::new() },
            cwe,
            component: row.opt("Component").map(|name| Component::new(name, None)),
            description: Some(about.join("\n")),
            remediation: row.opt("Risk Response"),
            anchor: row.opt("Use case"),
            status: if mended { Status::Suppressed(Some("the current risk is very low".to_owned())) } else { Status::Open },
            ..Finding::new(threat, Severity::word(risk))
        };
        out.push(finding)?;
    }
    Ok(())
}
