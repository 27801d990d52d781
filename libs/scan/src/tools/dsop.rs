//! DSOP (DoD hardened images), XLSX: failed and unchecked rules, OVAL results, Twistlock and Anchore vulnerabilities.
//!
//! Each sheet of the workbook comes as a table; its columns tell which of the four it is.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::table::Row;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "dsop", title: "DSOP (XLSX)", aliases: &["dsop_scan"], recognise, read };

const RULES: [&str; 5] = ["ruleid", "result", "severity", "identifiers", "rationale"];
const OVAL: [&str; 4] = ["result", "cls", "ref", "title"];
const TWISTLOCK: [&str; 4] = ["packageName", "packageVersion", "vecStr", "desc"];
const ANCHORE: [&str; 5] = ["tag", "cve", "severity", "vuln", "fix"];
const GATES: [&str; 4] = ["trigger_id", "gate", "check_output", "gate_action"];

fn recognise(probe: &Probe) -> u8 {
    let sheets: [&[&str]; 5] = [&RULES, &OVAL, &TWISTLOCK, &ANCHORE, &GATES];
    if sheets.iter().any(|columns| probe.columns(columns)) { 96 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("DSOP", None);
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        let is = |columns: &[&str]| columns.iter().all(|name| row.has(name));
        if is(&RULES) {
            match row.get("result").to_ascii_lowercase().as_str() {
                "fail" | "notchecked" => out.push(rule(&row))?,
                _ => out.leave_out("rules that did not fail"),
            }
        } else if is(&TWISTLOCK) {
            out.push(twistlock(&row))?;
        } else if is(&ANCHORE) {
            out.push(anchore(&row))?;
        } else if is(&OVAL) {
            match row.get("result").to_ascii_lowercase().as_str() {
                "" | "false" => out.leave_out("OVAL definitions that do not apply"),
                _ => out.push(oval(&row))?,
            }
        } else {
            out.leave_out("results of policy gates");
        }
    }
    Ok(())
}

fn rule(row: &Row<'_>) -> Finding {
    let (cve, ids) = text::split_ids(row.get("identifiers").split([',', ' ']));
    Finding {
        rule: row.opt("ruleid"),
        cve,
        ids,
        description: row.opt("desc"),
        evidence: row.opt("rationale"),
        references: row.opt("refs").into_iter().collect(),
        ..Finding::new(row.get("title"), Severity::word(row.get("severity")))
    }
}

/// The rating stands in parentheses in the title of the advisory.
fn oval(row: &Row<'_>) -> Finding {
    let title = row.get("title");
    let word = title.rsplit_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(word, _)| word);
    let (cve, ids) = text::split_ids(row.get("ref").split([',', ' ']));
    Finding { rule: row.opt("id"), cve, ids, ..Finding::new(title, Severity::word(word)) }
}

fn twistlock(row: &Row<'_>) -> Finding {
    let (name, version) = (row.get("packageName"), row.get("packageVersion"));
    let id = row.first(&["cve", "id"]).unwrap_or_default();
    let (cve, ids) = text::split_ids([id.as_str()]);
    Finding {
        rule: text::some(&id),
        cve,
        ids,
        cvss: Cvss::of(row.opt("vecStr"), row.num("cvss")),
        component: Some(Component::new(name, text::some(version))),
        description: row.opt("desc"),
        remediation: row.opt("status"),
        references: row.opt("link").into_iter().collect(),
        ..Finding::new(format!("{id}: {name} - {version}"), Severity::word(row.get("severity")))
    }
}

fn anchore(row: &Row<'_>) -> Finding {
    let (id, name) = (row.get("cve"), row.get("vuln"));
    let (cve, ids) = text::split_ids([id]);
    Finding {
        rule: text::some(id),
        cve,
        ids,
        location: row.opt("tag").map(Location::image),
        component: Some(Component::new(row.first(&["package"]).unwrap_or_else(|| name.to_owned()), None)),
        remediation: row.opt("fix").filter(|fix| fix != "None"),
        ..Finding::new(format!("{id}: {name}"), Severity::word(row.get("severity")))
    }
}
