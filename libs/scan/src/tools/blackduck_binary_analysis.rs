//! Black Duck Binary Analysis, CSV: one finding for each object, component and CVE, rated by its CVSS vector.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "blackduck_binary_analysis",
    title: "Black Duck Binary Analysis (CSV)",
    aliases: &["protecode"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["Component", "Version", "CVE", "Object full path"]) || probe.columns(&["Component", "CVE", "Object SHA1"]) { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Black Duck Binary Analysis", None);
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        let (name, version, id) = (row.get("Component"), row.opt("Version"), row.get("CVE"));
        let modern = row.opt("CVSS vector (v3)").map(|vector| match vector.starts_with("CVSS:") {
            true => vector,
            false => format!("CVSS:3.1/{vector}"),
        });
        // Some vectors of version 2 have a colon too many.
        let old = row.opt("CVSS vector (v2)").map(|vector| vector.replace(":/", "/"));
        let rated = modern.clone().or(old).and_then(|vector| cvss::Vector::parse(&vector).ok().map(|parsed| (vector, parsed.base().score().as_f64())));
        let severity = match &rated {
            Some((vector, score)) if vector.starts_with("CVSS:") => Severity::from_score(*score),
            Some((_, score)) => Severity::from_score(*score).clamp(Severity::Low, Severity::High),
            None => Severity::Info,
        };
        let (cve, ids) = text::split_ids([id]);
        let path = row.get("Object full path");
        let title = format!("{}: {name} {} Vulnerable to {id}", row.first(&["Object name", "Object"]).unwrap_or_default(), version.clone().unwrap_or_default());
        out.merge(format!("{path}|{}|{title}", row.get("Object SHA1")), Finding {
            rule: text::some(id),
            cve,
            ids,
            cvss: rated.and_then(|(vector, score)| Cvss::of(Some(vector), Some(score))),
            location: Some(Location::file(text::path(path), None)),
            component: Some(Component { fixed_in: row.opt("Latest version"), ..Component::new(name, version) }),
            description: row.opt("Summary"),
            references: row.opt("Vulnerability URL").into_iter().collect(),
            ..Finding::new(title, severity)
        })?;
    }
    Ok(())
}
