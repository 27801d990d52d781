//! TruffleHog, JSON lines of versions 2 and 3 (3 also as an array).
//!
//! Version 2: one finding for each file and reason. Version 3: one for each detector, file, line, commit and secret;
//! it is critical unless it is unverified and of a kind that is ranked lower. Secrets are not repeated.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "trufflehog",
    title: "TruffleHog (JSON lines)",
    aliases: &["trufflehog3", "trufflehog_scan"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.item(&["SourceMetadata", "DetectorName"]) {
        98
    } else if probe.item(&["stringsFound", "reason", "printDiff"]) {
        95
    } else if probe.item(&["stringsFound", "reason", "commitHash", "branch"]) {
        85
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("TruffleHog", None);
    input.each_json(|item| {
        if item.at("SourceMetadata").is_some() {
            let (source, place) = item.entries("SourceMetadata/Data").next().map_or(("", &Value::Null), |(name, place)| (name.as_str(), place));
            let key = ["DetectorName", "Raw", "RawV2"].map(|name| item.text(name)).join("\n");
            let key = format!("{key}\n{}\n{}\n{}", file(place), place.int("line").unwrap_or(0), place.text("commit"));
            out.merge(key, current(item, source, place))
        } else if item.at("reason").is_some() {
            out.merge(format!("{}\n{}", item.text("path"), item.text("reason")), former(item))
        } else {
            out.leave_out("log lines");
            Ok(())
        }
    })
}

fn file(place: &Value) -> String {
    place.first(&["file", "key", "path", "filename"]).unwrap_or_default()
}

fn current(item: &Value, source: &str, place: &Value) -> Finding {
    let detector = item.text("DetectorName");
    let kinds = |names: &[&str]| names.iter().any(|name| detector.contains(name));
    let severity = if item.flag("Verified") || kinds(&["Oauth", "AWS", "Heroku"]) {
        Severity::Critical
    } else if detector == "PrivateKey" {
        Severity::High
    } else if detector == "Generic Secret" {
        Severity::Medium
    } else {
        Severity::Critical
    };
    let file = file(place);
    let mut lines = vec![format!("Detector: {detector}; {}", if item.flag("Verified") { "verified" } else { "not verified" })];
    for (label, path) in [("Repository", "repository"), ("Commit", "commit"), ("Date", "timestamp"), ("By", "email"), ("Image", "image"), ("Layer", "layer"), ("Bucket", "bucket")] {
        lines.extend(place.opt(path).map(|value| format!("{label}: {value}")));
    }
    let host = Location { image: place.first(&["image", "repository", "bucket"]), resource: text::some(source), ..Location::default() };
    Finding {
        rule: text::some(detector),
        cwe: vec![798],
        location: Some(if file.is_empty() { host } else { Location { image: place.opt("image"), ..Location::file(text::path(&file), place.line("line")) } }),
        description: Some(lines.join("\n")),
        evidence: item.opt("Redacted"),
        anchor: item.opt("Raw"),
        references: place.opt("link").into_iter().collect(),
        ..Finding::new(format!("Hard Coded {detector} secret in: {file}"), severity)
    }
}

fn former(item: &Value) -> Finding {
    let (file, reason) = (item.text("path"), item.text("reason"));
    let severity = if reason == "High Entropy" {
        Severity::Info
    } else if ["Oauth", "AWS", "Heroku"].iter().any(|name| reason.contains(name)) {
        Severity::Critical
    } else if reason == "Generic Secret" {
        Severity::Medium
    } else {
        Severity::High
    };
    let parts = [("Commit", "commitHash"), ("Date", "date"), ("Branch", "branch"), ("Message", "commit")];
    let lines = parts.iter().filter_map(|(label, path)| Some(format!("{label}: {}", item.opt(path)?)));
    Finding {
        rule: item.opt("reason"),
        cwe: vec![798],
        location: Some(Location::file(text::path(file), None)),
        description: Some(lines.collect::<Vec<_>>().join("\n")),
        ..Finding::new(format!("Hard Coded {reason} in: {file}"), severity)
    }
}
