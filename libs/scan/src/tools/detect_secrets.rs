//! detect-secrets, JSON (its baseline): one finding for each kind, file, line and hash; every one is high.
//!
//! Entries that an audit called no secret are false positives.

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "detect_secrets", title: "detect-secrets (JSON)", aliases: &["detect_secrets_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["plugins_used", "results"]) { 95 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("detect-secrets", report.opt("version").as_deref());
    for (name, items) in report.entries("results") {
        for item in items.list("") {
            let no_secret = item.at("is_secret").is_some() && !item.flag("is_secret");
            let file = item.opt("filename").unwrap_or_else(|| name.clone());
            let (kind, hash) = (item.text("type"), item.text("hashed_secret"));
            let key = format!("{kind}\n{file}\n{}\n{hash}", item.int("line_number").unwrap_or(0));
            let verified = if item.flag("is_verified") { "verified" } else { "not verified" };
            out.merge(key, Finding {
                rule: item.opt("type"),
                cwe: vec![798],
                location: Some(Location::file(text::path(&file), item.line("line_number"))),
                description: Some(format!("{kind}, {verified}. Hash of the secret: {hash}")),
                anchor: text::some(hash),
                status: if no_secret { Status::FalsePositive } else { Status::Open },
                ..Finding::new(kind, Severity::High)
            })?;
        }
    }
    Ok(())
}
