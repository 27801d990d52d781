//! Mend (WhiteSource), JSON of the command line, the export and the platform: one finding for each vulnerability of a library.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool =
    Tool { name: "mend", title: "Mend (JSON)", aliases: &["whitesource", "mend_scan"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["libraries[].vulnerabilities", "libraries[].name"])
        || probe.has_all(&["vulnerabilities[].library", "vulnerabilities[].name"])
        || probe.has_all(&["response[].vulnerability", "response[].component"])
    {
        95
    } else if probe.has_all(&["projectVitals", "libraries"]) {
        90
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Mend", None);
    for library in report.list("libraries") {
        for item in library.list("vulnerabilities") {
            put(item, library.text("name"), out)?;
        }
    }
    for item in report.list("vulnerabilities").iter().filter(|_| report.list("libraries").is_empty()) {
        put(item, item.text("library/filename"), out)?;
    }
    for item in report.list("response") {
        platform(item, out)?;
    }
    Ok(())
}

fn put(item: &Value, library: &str, out: &mut Out<'_>) -> Result<(), Error> {
    let id = item.first(&["name"]).unwrap_or_else(|| "CVE-None".to_owned());
    let title = format!("{id} | {library}");
    let (cve, ids) = text::split_ids([id.as_str()]);
    let word = item.first(&["cvss3_severity", "severity"]).unwrap_or_default();
    let name = item.first(&["library/artifactId", "library/name"]).unwrap_or_else(|| library.to_owned());
    let mut files: Vec<&str> = item.list("locations").iter().map(|place| place.text("path")).collect();
    files.extend(item.list("sourceFiles").iter().map(|place| place.text("localPath")));
    let file = files.into_iter().find(|file| !file.is_empty());
    out.merge(format!("{}|{title}|{}", item.text("description"), item.text("library/description")), Finding {
        rule: text::some(&id),
        cve,
        ids,
        cvss: Cvss::of(item.opt("scoreMetadataVector"), item.num("cvss3_score").or_else(|| item.num("score"))),
        location: file.map(|file| Location::file(text::path(file), None)),
        component: Some(Component::new(name, item.opt("library/version"))),
        description: item.opt("description"),
        remediation: item.opt("topFix/fixResolution"),
        references: item.first(&["url", "topFix/url"]).into_iter().collect(),
        ..Finding::new(title, Severity::word(&word))
    })
}

fn platform(item: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    let id = item.first(&["vulnerability/name", "name"]).unwrap_or_default();
    let library = item.first(&["component/name", "component/rootLibrary"]).unwrap_or_default();
    let title = format!("{id} | {library}");
    let (cve, ids) = text::split_ids([id.as_str()]);
    out.merge(format!("{}|{title}|{}", item.text("vulnerability/description"), item.text("component/description")), Finding {
        rule: text::some(&id),
        cve,
        ids,
        cvss: Cvss::of(item.opt("vulnerability/vector"), item.num("vulnerability/score")),
        location: item.opt("component/path").map(|file| Location::file(text::path(&file), None)),
        component: Some(Component::new(library, item.opt("component/version"))),
        description: item.opt("vulnerability/description"),
        remediation: item.opt("topFix/fixResolution"),
        ..Finding::new(title, Severity::word(&item.first(&["vulnerability/severity", "severity"]).unwrap_or_default()))
    })
}
