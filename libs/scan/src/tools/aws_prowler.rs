//! Prowler 2 (CSV) and 3 (JSON): rows of equal rating, region and message are one finding; of version 3 what failed.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::{Probe, Shape};
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "aws_prowler",
    title: "Prowler 2 and 3 (CSV, JSON)",
    aliases: &["aws_prowler_scan", "aws_prowler_v3", "aws_prowler_v3plus"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["ACCOUNT_NUM", "TITLE_ID", "TITLE_TEXT"]) || probe.item(&["CheckID", "StatusExtended", "FindingUniqueId"]) {
        98
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Prowler", None);
    if Probe::new(input.head()?).shape == Shape::Table {
        return read_table(input, out);
    }
    input.each_json(|item| {
        if !item.text("Status").eq_ignore_ascii_case("fail") {
            out.leave_out("checks that did not fail");
            return Ok(());
        }
        let resource = item.first(&["ResourceArn", "ResourceId"]);
        out.merge(item.text("FindingUniqueId"), Finding {
            rule: item.opt("CheckID"),
            location: resource.map(|resource| Location { host: item.opt("Region"), ..Location::resource(resource) }),
            description: item.first(&["Description", "CheckTitle"]),
            evidence: item.opt("StatusExtended"),
            remediation: item.opt("Remediation/Recommendation/Text"),
            references: item.opt("Remediation/Recommendation/Url").into_iter().chain(item.opt("RelatedUrl")).collect(),
            ..Finding::new(item.first(&["StatusExtended", "CheckTitle"]).unwrap_or_default(), Severity::word(item.text("Severity")))
        })
    })
}

fn read_table(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        let result = row.first(&["RESULT", "CHECK_RESULT"]).unwrap_or_default().to_ascii_uppercase();
        let word = row.get("SEVERITY");
        let severity = match (result.as_str(), row.get("LEVEL")) {
            ("FAIL", _) if !word.is_empty() => Severity::word(word),
            ("FAIL", "Level 1") => Severity::Critical,
            ("FAIL", _) => Severity::High,
            (_, _) => Severity::Info,
        };
        let message = row.first(&["CHECK_RESULT_EXTENDED", "NOTES", "TITLE_TEXT"]).unwrap_or_default();
        let title = row.get("TITLE_TEXT");
        let check = title.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map(|(check, _)| check.to_owned());
        let region = row.opt("REGION");
        let key = format!("{}|{}|{message}", severity.name(), region.clone().unwrap_or_default());
        out.merge(key, Finding {
            rule: check.or_else(|| row.opt("TITLE_ID")),
            location: row.first(&["CHECK_RESOURCE_ID", "ACCOUNT_NUM"]).map(|name| Location { host: region, ..Location::resource(name) }),
            description: text::some(title),
            evidence: row.opt("CHECK_RISK"),
            remediation: row.opt("CHECK_REMEDIATION"),
            references: row.opt("CHECK_DOC").into_iter().collect(),
            status: if result == "PASS" { Status::Fixed } else { Status::Open },
            ..Finding::new(message, severity)
        })?;
    }
    Ok(())
}
