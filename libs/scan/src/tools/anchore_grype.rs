//! Grype, JSON: one finding for each vulnerability and package (name and version); negligible and unknown are info.

use serde_json::Value;

use super::Tool;
use crate::json::Look;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Component, Cvss, Error, Finding, Input, Location, Severity, Status, text};

pub(crate) const TOOL: Tool =
    Tool { name: "anchore_grype", title: "Grype (JSON)", aliases: &["grype", "anchore_grype_test"], recognise, read };

fn recognise(probe: &Probe) -> u8 {
    if probe.has_all(&["matches[].vulnerability", "matches[].artifact"]) {
        98
    } else if probe.has("matches") && (probe.has("descriptor") || probe.has("distro") || probe.has("source")) {
        92
    } else {
        0
    }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    let report = input.json()?;
    out.scanner("Grype", report.opt("descriptor/version").as_deref());
    let image = report.first(&["source/target/userInput", "source/target"]);
    for (list, ignored) in [("matches", false), ("ignoredMatches", true)] {
        for item in report.list(list) {
            if ignored {
                out.leave_out("matches that the configuration ignores");
                continue;
            }
            let finding = finding(item, image.clone());
            out.merge(finding.title.clone(), finding)?;
        }
    }
    Ok(())
}

fn rating(item: &Value) -> Option<Cvss> {
    let own = item.list("vulnerability/cvss").iter();
    let all = own.chain(item.list("relatedVulnerabilities").iter().flat_map(|one| one.list("cvss")));
    let best = all.max_by(|left, right| left.text("version").cmp(right.text("version")))?;
    Cvss::of(best.opt("vector"), best.num("metrics/baseScore"))
}

fn finding(item: &Value, image: Option<String>) -> Finding {
    let id = item.text("vulnerability/id");
    let (name, version) = (item.text("artifact/name"), item.text("artifact/version"));
    let severity = match item.text("vulnerability/severity").to_ascii_lowercase().as_str() {
        "negligible" => Severity::Info,
        word => Severity::word(word),
    };
    let related = item.list("relatedVulnerabilities");
    let (cve, ids) = text::split_ids(std::iter::once(id).chain(related.iter().map(|one| one.text("id"))));
    let description = item.opt("vulnerability/description").or_else(|| related.iter().find_map(|one| one.opt("description")));
    let fixed = item.texts("vulnerability/fix/versions").join(", ");
    let path = item.first(&["artifact/locations/0/path", "artifact/locations/0/RealPath"]);
    Finding {
        rule: text::some(id),
        cve,
        ids,
        cvss: rating(item),
        location: Some(Location { image, ..path.map(|path| Location::file(path, None)).unwrap_or_default() }),
        component: Some(Component {
            purl: item.opt("artifact/purl"),
            fixed_in: text::some(&fixed),
            ..Component::new(name, text::some(version))
        }),
        description,
        remediation: text::some(&fixed).map(|fixed| format!("Update {name} to version {fixed}.")),
        references: item.texts("vulnerability/urls").into_iter().map(str::to_owned).collect(),
        status: Status::Open,
        ..Finding::new(format!("{id} in {name}:{version}"), severity)
    }
}
