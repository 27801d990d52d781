//! AppCheck, JSON: entries of one engine with equal severity, title, host and port are one finding.
//!
//! The severity is that of the first score above zero of CVSS 4, 3 and 2; else of the first vector that is rated.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool = Tool {
    name: "appcheck_web_application_scanner",
    title: "AppCheck (JSON)",
    aliases: &["appcheck"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["items[].mss_confirmed", "items[].title"])
        || probe.has_all(&["items[].results_set_id", "items[].cvss_base_score"])
    {
        98
    } else if probe.keys.len() == 2 && probe.has_all(&["items", "hosts"]) {
        70
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("AppCheck", None);
    for item in report.list("items") {
        let engine = item.first(&["meta/scanning_engine/name"]).unwrap_or_else(|| "Unknown".to_owned());
        let places = places(item, &engine);
        let severity = severity(item);
        let title = plain(item.text("title"));
        let mut ends: Vec<String> = places.iter().map(|place| format!("{:?}:{:?}", place.host, place.port)).collect();
        ends.sort();
        let key = format!("{}|{title}|{}|{engine}", severity.name(), ends.join(","));
        let mut places = places.into_iter();
        let (cve, ids) = text::split_ids(item.texts("cves"));
        let status = match item.text("status").to_ascii_lowercase().as_str() {
            "fixed" => Status::Fixed,
            "false_positive" => Status::FalsePositive,
            "acceptable_risk" => Status::Suppressed(Some("acceptable risk".to_owned())),
            _ => Status::Open,
        };
        out.merge(key, Finding {
            rule: item.first(&["plugin", "appcheck/cls"]),
            cve,
            ids,
            cvss: cvss(item),
            location: places.next(),
            others: places.collect(),
            component: item.texts("cpe").first().and_then(|cpe| component(cpe)),
            description: item.opt("description").map(|it| plain(&it)),
            evidence: item.first(&["details/Technical Details", "attack"]).map(|it| plain(&it)),
            remediation: item.opt("solution").map(|it| plain(&it)),
            status,
            ..Finding::new(title, severity)
        })?;
    }
    Ok(())
}

fn plain(marked: &str) -> String {
    marked.replace("[[markup]]", "").replace("[[", "").replace("]]", "").trim().to_owned()
}

/// The place, or one for each open port that the port scanner found.
fn places(item: &Value, engine: &str) -> Vec<Location> {
    let Some(host) = item.first(&["url", "host", "ipv4_address"]) else { return Vec::new() };
    let port = |value: &Value| value.as_u64().and_then(|port| u16::try_from(port).ok()).filter(|port| *port > 0);
    let at = |port: Option<u16>| {
        if host.contains("://") {
            let place = Location::url(host.as_str());
            Location { port: port.or(place.port), ..place }
        } else {
            Location::host(host.as_str(), port, None)
        }
    };
    let table = item.list("meta/port_table");
    if engine == "NMapScanner" && !table.is_empty() {
        return table.iter().filter_map(|row| row.get(0).and_then(port)).map(|port| at(Some(port))).collect();
    }
    vec![at(item.at("port").and_then(port))]
}

fn severity(item: &Value) -> Severity {
    for name in ["cvss_v4_base_score", "cvss_v3_base_score", "cvss_base_score"] {
        if let Some(score) = item.num(name).filter(|score| *score > 0.0) {
            // CVSS 2 knows no critical rating.
            let most = if name == "cvss_base_score" { Severity::High } else { Severity::Critical };
            return Severity::from_score(score).min(most);
        }
    }
    for name in ["cvss_v4_vector", "cvss_v3_vector", "cvss_vector"] {
        if let Ok(vector) = cvss::Vector::parse(item.text(name)) {
            let score = vector.base().score().as_f64();
            // CVSS 2 rates 0 as low, the later versions as none.
            let severity = Severity::from_score(score);
            if severity > Severity::Info {
                return severity;
            }
            if name == "cvss_vector" {
                return Severity::Low;
            }
        }
    }
    Severity::Info
}

fn cvss(item: &Value) -> Option<Cvss> {
    let of = |vector: &str, score: &str| Cvss::of(item.opt(vector), item.num(score));
    of("cvss_v3_vector", "cvss_v3_base_score")
        .or_else(|| of("cvss_v4_vector", "cvss_v4_base_score"))
        .or_else(|| of("cvss_vector", "cvss_base_score"))
}

/// Product and version of a CPE in either notation.
fn component(cpe: &str) -> Option<Component> {
    let skip = if cpe.starts_with("cpe:2.3:") { 4 } else { 3 };
    let mut parts = cpe.split(':').skip(skip);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let version = parts.next().filter(|version| !matches!(*version, "" | "*" | "-")).map(str::to_owned);
    Some(Component::new(name, version))
}
