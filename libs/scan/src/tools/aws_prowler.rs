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
    if probe.columns(&["ACCOUNT_NUM", "TITLE_ID", "TITLE_TEXT"])
        || probe.item(&["CheckID", "StatusExtended", "FindingUniqueId"])
        || probe.item(&["Account Number", "Control", "Control ID", "Status"])
    {
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
        if item.at("Control ID").is_some() {
            return old(|name| item.opt(match name {
                "result" => "Status",
                "severity" => "Severity",
                "level" => "Level",
                "message" => "Message",
                "title" => "Control",
                "identifier" => "Control ID",
                "region" => "Region",
                "resource" => "Resource ID",
                "account" => "Account Number",
                "risk" => "Risk",
                "advice" => "Remediation",
                _ => "Doc link",
            }), out);
        }
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
        old(|name| match name {
            "result" => row.first(&["RESULT", "CHECK_RESULT"]),
            "severity" => row.first(&["SEVERITY", "CHECK_SEVERITY"]),
            "level" => row.first(&["LEVEL", "ITEM_LEVEL"]),
            "message" => row.first(&["CHECK_RESULT_EXTENDED", "NOTES"]),
            "title" => row.opt("TITLE_TEXT"),
            "identifier" => row.opt("TITLE_ID"),
            "region" => row.opt("REGION"),
            "resource" => row.opt("CHECK_RESOURCE_ID"),
            "account" => row.opt("ACCOUNT_NUM"),
            "risk" => row.opt("CHECK_RISK"),
            "advice" => row.opt("CHECK_REMEDIATION"),
            _ => row.opt("CHECK_DOC"),
        }, out)?;
    }
    Ok(())
}

/// An entry of version 2, whose table and lines say the same under other names.
fn old(get: impl Fn(&str) -> Option<String>, out: &mut Out<'_>) -> Result<(), Error> {
    let said = |name: &str| get(name).unwrap_or_default();
    let result = said("result").to_ascii_uppercase();
    let severity = match (result.as_str(), get("severity"), said("level").as_str()) {
        ("FAIL", Some(word), _) => Severity::word(&word),
        ("FAIL", None, "Level 1") => Severity::Critical,
        ("FAIL", None, _) => Severity::High,
        (_, _, _) => Severity::Info,
    };
    let title = said("title");
    let message = get("message").unwrap_or_else(|| title.clone());
    let check = title.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map(|(check, _)| check.to_owned());
    let region = get("region");
    let key = format!("{}|{}|{message}", severity.name(), region.clone().unwrap_or_default());
    out.merge(key, Finding {
        rule: check.or_else(|| get("identifier")),
        location: get("resource").or_else(|| get("account")).map(|name| Location { host: region, ..Location::resource(name) }),
        description: text::some(&title),
        evidence: get("risk"),
        remediation: get("advice"),
        references: get("link").into_iter().collect(),
        status: if result == "PASS" { Status::Fixed } else { Status::Open },
        ..Finding::new(message, severity)
    })
}
