//! Aqua, JSON of image scans (`resources`, also in a list under `results`), of its interface (`result`), and of the older
//! `cves` list.
//!
//! One finding for each resource and vulnerability. The severity is Aqua's own, negligible being info, else that of the
//! first score of Aqua, the vendor, and NVD; sensitive data is high.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool { name: "aqua", title: "Aqua (JSON)", aliases: &["aqua_scan", "aquasec"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    let own = ["resources[].resource", "[].results.resources", "results.resources[].resource"];
    if own.iter().any(|path| probe.has(path)) || probe.has("result[].aqua_severity") || probe.has("cves[].file") {
        97
    } else if probe.has_all(&["image", "image_assurance_results"]) || probe.has_all(&["result", "more_data_all_pages"]) {
        95
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Aqua", None);
    image(&report, out)?;
    for one in [report.list(""), std::slice::from_ref(&report)].concat() {
        if let Some(results) = one.at("results") {
            image(results, out)?;
        }
    }
    for item in report.list("result") {
        let resource = item.at("resource").unwrap_or(&Value::Null);
        let place = item.first(&["image_name", "image_repository_name"]);
        let key = [item.text("name"), resource.text("cpe"), resource.text("name"), resource.text("path")].join("\n");
        out.merge(format!("{key}\n{}", place.clone().unwrap_or_default()), finding(resource, item, place))?;
    }
    for item in report.list("cves") {
        let id = item.text("name");
        let (cve, ids) = text::split_ids([id]);
        let file = item.text("file");
        out.merge(format!("{file}\n{id}"), Finding {
            rule: text::some(id),
            cve,
            ids,
            cvss: Cvss::of(None, item.num("score")),
            location: Some(Location::file(text::path(file), None)),
            description: item.opt("description"),
            remediation: item.opt("solution"),
            references: item.opt("url").into_iter().collect(),
            ..Finding::new(format!("{id}: {file}"), Severity::from_score(item.num("score").unwrap_or(0.0)))
        })?;
    }
    Ok(())
}

fn image(report: &Value, out: &mut Out<'_>) -> Result<(), Error> {
    for node in report.list("resources") {
        let resource = node.at("resource").unwrap_or(&Value::Null);
        for item in node.list("vulnerabilities") {
            let key = ["cpe", "path"].map(|name| resource.text(name)).join("\n");
            out.merge(format!("{key}\n{}", item.text("name")), finding(resource, item, report.opt("image")))?;
        }
        let (name, path) = (resource.text("name"), resource.text("path"));
        for item in node.list("sensitive_data_items") {
            let kind = item.text("type");
            out.merge(format!("sensitive\n{path}\n{name}"), Finding {
                rule: text::some(kind),
                cwe: vec![798],
                location: Some(Location { image: report.opt("image"), ..Location::file(path, None) }),
                description: Some(format!("The image holds sensitive data: {kind}")),
                ..Finding::new(format!("{name} - {name} ({path})"), Severity::High)
            })?;
        }
    }
    Ok(())
}

fn severity(item: &Value) -> Severity {
    if let Some(word) = item.opt("aqua_severity") {
        return if word.eq_ignore_ascii_case("negligible") { Severity::Info } else { Severity::word(&word) };
    }
    let scores = ["aqua_score", "vendor_score", "nvd_score_v3", "nvd_cvss3_score", "nvd_score", "nvd_cvss2_score"];
    Severity::from_score(scores.iter().find_map(|name| item.num(name)).unwrap_or(0.0))
}

fn finding(resource: &Value, item: &Value, image: Option<String>) -> Finding {
    let id = item.opt("name").unwrap_or_else(|| "No CVE".to_owned());
    let name = resource.first(&["name", "path"]).unwrap_or_default();
    let version = resource.opt("version");
    let (cve, ids) = text::split_ids([id.as_str()]);
    let vector = item.first(&["nvd_vectors_v3", "nvd_cvss3_vectors", "vendor_vectors_v3", "aqua_vectors", "nvd_vectors"]);
    let score = item.num("nvd_score_v3").or_else(|| item.num("nvd_cvss3_score")).or_else(|| item.num("aqua_score"));
    let weaknesses = item.list("cwe_info").iter().filter_map(|one| one.first(&["Id", "id"]));
    let path = resource.opt("path").map(|path| Location::file(path, None)).unwrap_or_default();
    Finding {
        rule: text::some(&id),
        cve,
        ids,
        cwe: weaknesses.flat_map(|id| text::cwe_field(&id)).collect(),
        cvss: Cvss::of(vector, score),
        location: Some(Location { image, ..path }),
        component: Some(Component { fixed_in: item.opt("fix_version"), ..Component::new(name.as_str(), version.clone()) }),
        description: item.opt("description"),
        remediation: item.first(&["solution", "fix_version"]),
        references: item.opt("nvd_url").into_iter().chain(item.opt("vendor_url")).collect(),
        ..Finding::new(format!("{id} - {name} ({})", version.as_deref().unwrap_or("no version")), severity(item))
    }
}
