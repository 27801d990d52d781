//! testssl.sh, CSV and JSON: one finding for each entry that is not OK (and each CVE it names); ratings are left out.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "testssl",
    title: "testssl.sh (CSV, JSON)",
    aliases: &["testssl_scan", "testssl.sh"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["id", "fqdn/ip", "port", "severity", "finding"]) {
        100
    } else if probe.has("scanResult[].serverDefaults") || probe.has("scanResult[].protocols") {
        95
    } else if probe.item(&["id", "ip", "port", "severity", "finding"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("testssl.sh", None);
    if Probe::new(input.head()?).shape == Shape::Table {
        let mut table = input.table()?;
        while let Some(row) = table.next()? {
            let cells = ["id", "fqdn/ip", "port", "severity", "finding", "cve", "cwe"].map(|name| row.get(name));
            entry(&cells, out)?;
        }
    } else {
        let report = input.json()?;
        walk(&report, ["", ""], 0, out)?;
    }
    out.flush()
}

/// The entries of the flat and of the nested form, wherever they are.
fn walk(value: &Value, around: [&str; 2], depth: u8, out: &mut Out<'_>) -> Result<(), Error> {
    if depth > 8 {
        return Ok(());
    }
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| walk(item, around, depth.saturating_add(1), out)),
        Value::Object(members) if members.contains_key("severity") && members.contains_key("id") => {
            let [host, port] = around;
            let own = |name: &str, other: &str| value.opt(name).unwrap_or_else(|| other.to_owned());
            let (host, port) = (own("ip", host), own("port", port));
            let said = |name: &str| value.text(name);
            entry(&[said("id"), &host, &port, said("severity"), said("finding"), said("cve"), said("cwe")], out)
        }
        Value::Object(members) => {
            let host = value.first(&["ip", "targetHost"]).unwrap_or_else(|| around[0].to_owned());
            let port = value.opt("port").unwrap_or_else(|| around[1].to_owned());
            members
                .values()
                .filter(|member| member.is_array() || member.is_object())
                .try_for_each(|member| walk(member, [&host, &port], depth.saturating_add(1), out))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

/// Entries that rate the server as a whole.
const RATINGS: [&str; 10] = [
    "rating_spec", "rating_doc", "protocol_support_score", "protocol_support_score_weighted", "key_exchange_score",
    "key_exchange_score_weighted", "cipher_strength_score", "cipher_strength_score_weighted", "final_score",
    "overall_grade",
];

fn entry(cells: &[&str; 7], out: &mut Out<'_>) -> Result<(), Error> {
    let [id, host, port, word, said, cve, cwe] = *cells;
    if word == "OK" {
        out.leave_out("checks that are OK");
        return Ok(());
    }
    if RATINGS.contains(&id) || id.contains("grade_cap_reason_") {
        out.leave_out("ratings of the server");
        return Ok(());
    }
    let host = host.split('/').next().unwrap_or_default();
    let mut names: Vec<&str> = cve.split_whitespace().collect();
    if names.is_empty() {
        names.push("");
    }
    for name in names {
        out.merge(format!("{said}|{id}|{name}"), Finding {
            rule: text::some(id),
            cve: text::cves(name),
            cwe: text::cwe_field(cwe),
            location: Some(Location::host(host, port.parse().ok(), Some("tls".to_owned()))),
            description: text::some(said),
            ..Finding::new(id, Severity::word(word))
        })?;
    }
    Ok(())
}
