//! Legitify, JSON: one finding for each policy that something failed; unknown severities are low.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity};

pub(crate) const TOOL: Tool =
    Tool { name: "legitify", title: "Legitify (JSON)", aliases: &["legitify_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["content.*.policyInfo", "content.*.violations"]) || (probe.has("content") && probe.contains("\"policyInfo\"") && probe.contains("\"violations\"")) {
        97
    } else if probe.keys == ["type", "content"] {
        80
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Legitify", None);
    for (_, policy) in report.entries("content") {
        let failed = policy.list("violations").iter().filter(|violation| violation.text("status") == "FAILED");
        let mut places: Vec<String> = Vec::new();
        let mut count = 0_u32;
        for violation in failed {
            count = count.saturating_add(1);
            places.extend(violation.opt("canonicalLink").filter(|link| !places.contains(link)));
        }
        if count == 0 {
            out.leave_out("policies that nothing failed");
            continue;
        }
        let own = |name: &str| policy.opt(&format!("policyInfo/{name}"));
        let severity = Severity::from_word(policy.text("policyInfo/severity")).unwrap_or(Severity::Low);
        let namespace = policy.text("policyInfo/namespace");
        let mut letters = namespace.chars();
        let namespace: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        let mut places = places.into_iter().map(Location::url);
        out.push(Finding {
            rule: own("policyName"),
            location: places.next(),
            others: places.collect(),
            description: own("description"),
            evidence: crate::text::some(&policy.texts("policyInfo/threat").join("\n")),
            remediation: crate::text::some(&policy.texts("policyInfo/remediationSteps").join("\n")),
            occurrences: count,
            ..Finding::new(format!("{namespace} | {}", policy.text("policyInfo/title")), severity)
        })?;
    }
    Ok(())
}
