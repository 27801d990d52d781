//! RiskRecon, JSON: one finding for each entry with its own identifier.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "risk_recon",
    title: "RiskRecon (JSON)",
    aliases: &["riskrecon", "risk_recon_api_importer"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let own = ["security_criteria", "finding_id", "domain_name"];
    if probe.item(&own) || own.iter().all(|name| probe.has(&format!("findings[].{name}"))) { 97 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("RiskRecon", None);
    for item in report.list("").iter().chain(report.list("findings")) {
        let own = |name: &str| item.text(name);
        let title = format!("{}: {} - {}({})", own("vendor"), own("finding"), own("domain_name"), own("ip_address"));
        let parts = [
            ("Context", "finding_context"),
            ("Value", "finding_data_value"),
            ("Hosting provider", "hosting_provider"),
            ("Security domain", "security_domain"),
            ("Security criteria", "security_criteria"),
            ("Asset value", "asset_value"),
            ("Priority", "priority"),
        ];
        let lines: Vec<String> = parts
            .iter()
            .filter_map(|(label, name)| item.opt(name).map(|value| format!("{label}: {value}")))
            .collect();
        let id = item.opt("finding_id").unwrap_or_else(|| format!("{title}|{}", lines.join("|")));
        let host = item.first(&["host_name", "domain_name", "ip_address"]);
        out.merge(id.as_str(), Finding {
            rule: item.first(&["security_criteria", "finding_type"]),
            cve: text::cves(own("finding_detail")),
            location: host.map(|host| Location::host(host, None, item.opt("service"))),
            anchor: Some(id.clone()),
            description: text::some(&lines.join("\n")),
            status: if item.flag("false_positive") { Status::FalsePositive } else { Status::Open },
            ..Finding::new(title, Severity::word(own("severity")))
        })?;
    }
    Ok(())
}
