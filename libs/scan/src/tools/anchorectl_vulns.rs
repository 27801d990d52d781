//! AnchoreCTL and Anchore Engine vulnerabilities, JSON: one finding for each image, feed, package, path and vulnerability.
//!
//! Negligible and unknown are info.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "anchorectl_vulns",
    title: "AnchoreCTL and Anchore Engine vulnerabilities (JSON)",
    aliases: &["anchore", "anchore_engine", "anchorectl_vuln_report"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    let own = |prefix: &str| ["feed", "vuln"].iter().all(|name| probe.has(&format!("{prefix}{name}")));
    if own("[].") || own("vulnerabilities[].") || probe.has_all(&["securityEvaluation[].vulnerabilityId", "metadata"]) {
        97
    } else if probe.has_all(&["imageDigest", "vulnerabilities"]) || probe.has_all(&["securityEvaluation", "metadata"]) {
        85
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Anchore", None);
    let digest = report.opt("imageDigest");
    for item in report.list("").iter().chain(report.list("vulnerabilities")) {
        let pick = |names: [&str; 2]| item.first(&names).unwrap_or_default();
        let parts = [
            item.first(&["imageDigest", "image_digest"]).or_else(|| digest.clone()).unwrap_or_default(),
            item.text("feed").to_owned(),
            pick(["feedGroup", "feed_group"]),
            pick(["packageName", "package_name"]),
            pick(["packageVersion", "package_version"]),
            pick(["packagePath", "package_path"]),
            item.text("vuln").to_owned(),
        ];
        out.merge(parts.join("|"), finding(item, &parts))?;
    }
    let digest = report.first(&["metadata/imageDigest", "metadata/image_digest"]);
    for item in report.list("securityEvaluation") {
        let parts = ["cves", "package", "packageType", "path", "severity"].map(|name| item.text(name));
        out.merge(parts.join("|"), evaluated(item, digest.as_deref()))?;
    }
    Ok(())
}

/// Negligible and unknown are info here.
fn rated(word: &str) -> Severity {
    if word.eq_ignore_ascii_case("negligible") { Severity::Info } else { Severity::word(word) }
}

/// An entry of the report that later versions export.
fn evaluated(item: &Value, digest: Option<&str>) -> Finding {
    let (id, name) = (item.text("vulnerabilityId"), item.text("package"));
    let (cve, ids) = text::split_ids(std::iter::once(id).chain(item.text("cves").split([',', ' '])));
    let fixed = item.opt("fixAvailable").filter(|fix| fix != "None");
    let place = item.opt("path").map(|path| Location::file(path, None)).unwrap_or_default();
    Finding {
        rule: text::some(id),
        cve,
        ids,
        cvss: Cvss::of(None, item.num("nvdCvssBaseScore")),
        location: Some(Location { image: digest.map(str::to_owned), ..place }),
        component: Some(Component { fixed_in: fixed.clone(), ..Component::new(name, item.opt("packageVersion")) }),
        remediation: fixed.map(|fixed| format!("Update {name} to version {fixed}.")),
        references: item.opt("link").into_iter().collect(),
        ..Finding::new(format!("{id}-{name}({})", item.text("packageType")), rated(item.text("severity")))
    }
}

fn finding(item: &Value, parts: &[String; 7]) -> Finding {
    let [digest, _, _, name, version, path, id] = parts;
    let severity = rated(item.text("severity"));
    let scores = ["nvdData/0/cvssV3/baseScore", "vendorData/0/cvssV3/baseScore", "vendorData/1/cvssV3/baseScore", "nvd_data/0/cvss_v3/base_score"];
    let score = scores.iter().filter_map(|path| item.num(path)).find(|score| *score >= 0.0);
    let fixed = item.opt("fix").filter(|fix| !fix.eq_ignore_ascii_case("none"));
    let (cve, ids) = text::split_ids([id.as_str()]);
    let path = Some(path.as_str()).filter(|path| !path.is_empty() && *path != "None" && *path != "pkgdb");
    Finding {
        rule: text::some(id),
        cve,
        ids,
        cvss: Cvss::of(None, score),
        location: Some(Location { image: text::some(digest), ..path.map(|path| Location::file(path, None)).unwrap_or_default() }),
        component: Some(Component { fixed_in: fixed.clone(), ..Component::new(name.as_str(), text::some(version)) }),
        description: item.opt("description"),
        remediation: fixed.map(|fixed| format!("Update {name} to version {fixed}.")),
        references: item.opt("url").into_iter().collect(),
        ..Finding::new(format!("{id} - {}({})", item.text("package"), item.first(&["packageType", "package_type"]).unwrap_or_default()), severity)
    }
}
