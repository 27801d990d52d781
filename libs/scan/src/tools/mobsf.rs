//! MobSF (mobile applications): JSON report of its interface, and mobsfscan JSON.
//!
//! Report: permissions (dangerous ones high, others info), certificate, manifest, code, binary and interface checks;
//! equal ones of a category are one finding; `warning` is low. mobsfscan: one finding for each rule and file, `ERROR`
//! high, `WARNING` medium, `INFO` low.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "mobsf", title: "MobSF and mobsfscan (JSON)", aliases: &["mobsf_scan", "mobsfscan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    let app = ["package_name", "bundle_id", "packagename", "bundle_url_types"];
    let whole = probe.has("md5") && probe.has("file_name") && app.iter().any(|name| probe.has(name));
    if probe.has("mobsfscan_version") {
        99
    } else if whole || probe.item(&["apk_exploit_dict"]) {
        95
    } else if probe.has_all(&["md5", "permissions"]) {
        80
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    if report.at("mobsfscan_version").is_some() {
        out.scanner("mobsfscan", report.opt("mobsfscan_version").as_deref());
        return read_source(&report, out);
    }
    out.scanner("MobSF", report.opt("version").as_deref());
    permissions(&report, out)?;
    for list in report.texts("insecure_connections") {
        let part = Part { category: "Insecure Connections", title: "Insecure Connections", word: "low", about: list.to_owned(), ..Part::default() };
        part.put(out)?;
    }
    for details in report.list("certificate_analysis/certificate_findings") {
        let texts = details.texts("");
        let (Some(word), Some(title)) = (texts.first(), texts.last()) else { continue };
        let about = texts.get(1).copied().unwrap_or_default().to_owned();
        Part { category: "Certificate Analysis", title, word, about, ..Part::default() }.put(out)?;
    }
    manifest(&report, out)?;
    let code = report.at("code_analysis/findings").or_else(|| report.at("code_analysis"));
    for (name, item) in code.into_iter().flat_map(|code| code.entries("")) {
        if item.at("metadata").is_some() {
            let about = item.text("metadata/description").to_owned();
            Part { category: "Code Analysis", title: name, word: item.text("metadata/severity"), about, item: Some(item), ..Part::default() }.put(out)?;
        }
    }
    binary(&report, out)?;
    for (name, item) in report.entries("android_api") {
        let title = item.text("metadata/description");
        let about = format!("Interface {name}: {title}");
        Part { category: "Android API", title, word: item.text("metadata/severity"), about, item: Some(item), ..Part::default() }.put(out)?;
    }
    for (title, item) in report.entries("findings") {
        let file = item.texts("path").first().copied().unwrap_or_default();
        Part { category: "Findings", title, word: item.text("level"), about: title.clone(), file, ..Part::default() }.put(out)?;
    }
    for item in report.list("") {
        let about = item.text("description").to_owned();
        Part { category: item.text("category"), title: item.text("name"), word: item.text("severity"), about, file: item.text("file_object"), ..Part::default() }.put(out)?;
    }
    Ok(())
}

/// One check of the report, before it is a finding.
#[derive(Default)]
struct Part<'r> {
    category: &'r str,
    title: &'r str,
    word: &'r str,
    about: String,
    file: &'r str,
    item: Option<&'r Value>,
}

impl Part<'_> {
    fn put(self, out: &mut Out<'_>) -> Result<(), Error> {
        let severity = match self.word.to_ascii_lowercase().as_str() {
            "warning" => Severity::Low,
            "vulnerability" => Severity::Medium,
            word => Severity::word(word),
        };
        let about = |path: &str| self.item.and_then(|item| item.first(&[&format!("metadata/{path}"), path]));
        let files = self.item.into_iter().flat_map(|item| item.entries("files"));
        let mut places: Vec<Location> = files
            .map(|(file, lines)| Location::file(file.as_str(), lines.text("").split(',').next().and_then(|line| line.trim().parse().ok())))
            .take(1_000)
            .collect();
        let location = if !self.file.is_empty() {
            Some(Location::file(self.file, None))
        } else if places.is_empty() {
            None
        } else {
            Some(places.remove(0))
        };
        let mut cwe = about("cwe").map(|cwe| text::cwe_field(&cwe)).unwrap_or_default();
        if cwe.is_empty() {
            cwe.push(919);
        }
        let title = text::without_html(self.title);
        let key = format!("{}\n{title}\n{}\n{}\n{}", severity.name(), self.about, self.file, self.category);
        out.merge(key, Finding {
            rule: Some(self.category.to_owned()),
            cwe,
            cvss: Cvss::of(None, about("cvss").and_then(|score| text::number(&score)).filter(|score| *score > 0.0)),
            location,
            others: places,
            description: text::some(&text::without_html(&self.about)),
            references: about("ref").into_iter().collect(),
            ..Finding::new(title, severity)
        })
    }
}

fn permissions(report: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    let level = |status: &str| if status == "dangerous" { "high" } else { "info" };
    let category = "Mobile Permissions";
    for item in report.list("permissions") {
        let about = format!("{} Reason: {}", item.text("description"), item.text("reason"));
        Part { category, title: item.text("name"), word: level(item.text("status")), about, ..Part::default() }.put(out)?;
    }
    for (name, item) in report.entries("permissions") {
        let about = item.text("description").to_owned();
        Part { category, title: name, word: level(item.text("status")), about, ..Part::default() }.put(out)?;
    }
    Ok(())
}

fn manifest(report: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    let lists = [
        ("Manifest Analysis", "manifest_analysis/manifest_findings"),
        ("Manifest Analysis", "manifest_analysis"),
        ("Manifest", "manifest"),
    ];
    for (category, list) in lists {
        for item in report.list(list) {
            let text = |names: [&str; 2]| names.iter().map(|name| item.text(name)).find(|text| !text.is_empty()).unwrap_or_default();
            let about = format!("{}\n{}", text(["description", "desc"]), item.text("name"));
            Part { category, title: item.text("title"), word: text(["severity", "stat"]), about, ..Part::default() }.put(out)?;
        }
    }
    Ok(())
}

fn binary(report: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    let category = "Binary Analysis";
    for library in report.list("binary_analysis") {
        let file = library.text("name");
        for (_, item) in library.entries("").filter(|(name, _)| *name != "name") {
            let about = item.text("description");
            let title = about.split('.').next().unwrap_or_default();
            Part { category, title, word: item.text("severity"), about: about.to_owned(), file, item: Some(item) }.put(out)?;
        }
    }
    let checks = report.at("binary_analysis/findings").or_else(|| report.at("binary_analysis"));
    for (_, item) in checks.into_iter().flat_map(|checks| checks.entries("")) {
        let about = item.text("detailed_desc");
        if !about.is_empty() {
            Part { category, title: about, word: item.text("severity"), about: about.to_owned(), item: Some(item), ..Part::default() }.put(out)?;
        }
    }
    Ok(())
}

fn read_source(report: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    for (rule, item) in report.entries("results") {
        let severity = match item.text("metadata/severity").to_ascii_uppercase().as_str() {
            "ERROR" => Severity::High,
            "WARNING" => Severity::Medium,
            "INFO" => Severity::Low,
            _ => Severity::Info,
        };
        let finding = |place: Option<&Value>| Finding {
            rule: Some(rule.clone()),
            cwe: text::cwes(item.text("metadata/cwe")),
            location: place.map(|place| Location {
                end_line: place.line("match_lines/1"),
                ..Location::file(text::path(place.text("file_path")), place.line("match_lines/0"))
            }),
            description: item.opt("metadata/description"),
            evidence: place.and_then(|place| place.opt("match_string")),
            references: item.opt("metadata/reference").into_iter().collect(),
            ..Finding::new(rule.as_str(), severity)
        };
        if item.list("files").is_empty() {
            out.merge(rule.clone(), finding(None))?;
        }
        for place in item.list("files") {
            out.merge(format!("{rule}\n{}", place.text("file_path")), finding(Some(place)))?;
        }
    }
    Ok(())
}
