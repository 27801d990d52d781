//! AppSpider (InsightAppSec), XML summary: one finding for each vulnerability; the score names the severity.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "appspider", title: "AppSpider (XML)", aliases: &["appspider_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.root_is("VulnSummary") { 99 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("AppSpider", None);
    let mut xml = input.xml()?;
    while let Some(node) = xml.next(&["Vuln"])? {
        let word = node.text("AttackScore");
        let word = word.split_once('-').map_or(word, |(_, word)| word);
        let real = |name: &str| node.opt(name).filter(|value| value != "N/A");
        out.push(Finding {
            rule: node.first(&["AttackType", "VulnType"]),
            cwe: text::cwe_field(node.text("CweId")),
            location: node
                .first(&["VulnUrl", "Url"])
                .map(|url| Location { method: real("Method"), parameter: real("ParameterName"), ..Location::url(url) }),
            description: text::some(&text::without_html(node.text("Description"))),
            evidence: node.opt("MatchedString"),
            remediation: text::some(&text::without_html(node.text("Recommendation"))),
            ..Finding::new(node.text("VulnType"), Severity::word(word))
        })?;
    }
    Ok(())
}
