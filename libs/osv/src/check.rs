//! What the OSV schema demands beyond types and names, and what its text demands beyond the schema.

use lenient::{Context, Json, is_date_time};
use versions::Ecosystem;

use crate::model::{Affected, Event, Range, RangeType, Record};

/// Ecosystems that the schema lists (1.7).
const ECOSYSTEMS: &[&str] = &[
    "AlmaLinux",
    "Alpaquita",
    "Alpine",
    "Android",
    "Azure Linux",
    "BellSoft Hardened Containers",
    "Bioconductor",
    "Bitnami",
    "Chainguard",
    "CleanStart",
    "ConanCenter",
    "CRAN",
    "crates.io",
    "Debian",
    "Docker Hardened Images",
    "Echo",
    "FreeBSD",
    "GHC",
    "GIT",
    "GitHub Actions",
    "Go",
    "Hackage",
    "Hex",
    "Julia",
    "Kubernetes",
    "Linux",
    "Mageia",
    "Maven",
    "MinimOS",
    "npm",
    "NuGet",
    "opam",
    "openEuler",
    "openSUSE",
    "OSS-Fuzz",
    "Packagist",
    "Photon OS",
    "Pub",
    "PyPI",
    "Red Hat",
    "Rocky Linux",
    "Root",
    "RubyGems",
    "SUSE",
    "SwiftURL",
    "TuxCare",
    "Ubuntu",
    "VSCode",
    "Wolfi",
];

pub(crate) fn record(record: &Record, context: &mut Context) {
    for (name, time) in [
        ("modified", Some(&record.modified)),
        ("published", record.published.as_ref()),
        ("withdrawn", record.withdrawn.as_ref()),
    ] {
        if let Some(time) = time.filter(|time| !time.is_empty())
            && (!is_date_time(time, true) || !time.ends_with('Z'))
        {
            context.at(name, |context| {
                context.error("form", format!("“{}” is not a time in UTC like 2024-05-31T12:00:00Z", short(time)));
            });
        }
    }
    if !record.id.is_empty()
        && (!record.id.contains('-') && !record.id.starts_with("x_") || record.id.contains(char::is_whitespace))
    {
        context.at("id", |context| {
            context.error("form", format!("“{}” is not an identifier with the prefix of a database", short(&record.id)))
        });
    }
    if !record.severity.is_empty() {
        for (index, affected) in record.affected.iter().enumerate() {
            if !affected.severity.is_empty() {
                context.at("affected", |context| {
                    context.at(index, |context| {
                        context.error("choice", "scores stand at the record or at its packages, not at both")
                    });
                });
            }
        }
    }
    each("severity", &record.severity, context, |score, context| {
        let fits = match score.kind.as_str() {
            "CVSS_V2" => score.score.starts_with("AV:") || score.score.starts_with("AC:"),
            "CVSS_V3" => score.score.starts_with("CVSS:3.0/") || score.score.starts_with("CVSS:3.1/"),
            "CVSS_V4" => score.score.starts_with("CVSS:4.0/"),
            "Ubuntu" => matches!(score.score.as_str(), "negligible" | "low" | "medium" | "high" | "critical"),
            _ => {
                context.error(
                    "value",
                    format!(
                        "“{}” is none of the kinds of score: CVSS_V2, CVSS_V3, CVSS_V4, Ubuntu",
                        short(&score.kind)
                    ),
                );
                true
            }
        };
        if !fits {
            context.error("form", format!("“{}” is no score of the kind {}", short(&score.score), score.kind));
        }
    });
    each("affected", &record.affected, context, affected);
    each("references", &record.references, context, |reference, context| {
        if !reference.url.is_empty() && (!reference.url.contains(':') || reference.url.contains(char::is_whitespace)) {
            context
                .at("url", |context| context.warning("form", format!("“{}” is not an address", short(&reference.url))));
        }
    });
}

fn affected(affected: &Affected, context: &mut Context) {
    let mut order = None;
    if let Some(package) = &affected.package {
        let base = package.ecosystem.split(':').next().unwrap_or_default();
        if !package.ecosystem.is_empty() && (!ECOSYSTEMS.contains(&base) || package.ecosystem.ends_with(':')) {
            context.at("package", |context| {
                context.at("ecosystem", |context| {
                    context.error(
                        "value",
                        format!("“{}” is none of the ecosystems that the schema lists", short(&package.ecosystem)),
                    );
                });
            });
        }
        order = Ecosystem::parse(base);
    }
    each("ranges", &affected.ranges, context, |range, context| {
        let order = if range.kind == Some(RangeType::Semver) { Some(Ecosystem::Semver) } else { order };
        self::range(range, order, context);
    });
}

fn range(range: &Range, order: Option<Ecosystem>, context: &mut Context) {
    let git = range.kind == Some(RangeType::Git);
    if git && range.repo.is_none() {
        context.error("missing-property", "a range of commits needs “repo”");
    }
    if range.events.is_empty() {
        context.at("events", |context| context.error("length", "a range needs events"));
    } else if range.events.iter().all(|event| event.introduced.is_none()) {
        context.at("events", |context| {
            context.error(
                "no-introduced",
                "no event says where the range starts; write {\"introduced\": \"0\"} for the first version",
            );
        });
    }
    let ends = |pick: fn(&Event) -> bool| range.events.iter().any(pick);
    if ends(|event| event.fixed.is_some()) && ends(|event| event.last_affected.is_some()) {
        context.at("events", |context| {
            context.error("choice", "“fixed” and “last_affected” exclude each other in one range");
        });
    }
    each("events", &range.events, context, |event, context| {
        if event.count() != 1 {
            context.error("choice", "an event is exactly one of introduced, fixed, last_affected and limit");
        }
        for version in [&event.introduced, &event.fixed, &event.last_affected, &event.limit].into_iter().flatten() {
            if git {
                let commit = version == "0"
                    || matches!(version.len(), 40 | 64)
                        && version.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
                if !commit {
                    context.error(
                        "form",
                        format!("“{}” is not the full hash of a commit in small letters", short(version)),
                    );
                }
            } else if version != "0" && version != "*" && order.is_some_and(|order| !order.is_version(version)) {
                context.warning("form", format!("“{}” is not a version of its ecosystem", short(version)));
            }
        }
    });
}

fn each<T: Json>(name: &str, items: &[T], context: &mut Context, mut check: impl FnMut(&T, &mut Context)) {
    context.at(name, |context| {
        for (index, item) in items.iter().enumerate() {
            context.at(index, |context| check(item, context));
        }
    });
}

fn short(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
