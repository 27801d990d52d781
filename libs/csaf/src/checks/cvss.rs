//! Scores: 6.1.7, 6.1.9, 6.1.10, 6.2.19, and 6.3.1, 6.3.2 and 6.3.12.

use std::collections::{HashMap, HashSet};

use cvss::{Score, Vector};

use crate::Version;
use crate::ctx::{AFFECTED, Ctx, FIXED, Marks, Pid, STATUS};
use crate::finding::{Sink, shorten};
use crate::json::Value;

const KEYS: [&str; 3] = ["cvss_v2", "cvss_v3", "cvss_v4"];

/// Told of a CVSS object: its key, itself, and its pointer.
type See<'s, 'a> = &'s mut dyn FnMut(&'static str, &'a Value<'a>, &dyn Fn() -> String);

/// Calls `see` with each CVSS object.
fn each<'a>(ctx: &Ctx<'a>, see: See<'_, 'a>) {
    let list = ctx.metrics_key();
    for (number, vulnerability) in ctx.vulnerabilities.iter().enumerate() {
        for (index, metric) in vulnerability.value.list(list).iter().enumerate() {
            let (content, below) = ctx.content(metric);
            for key in KEYS {
                if let Some(object) = content.get(key) {
                    see(key, object, &|| format!("/vulnerabilities/{number}/{list}/{index}{below}/{key}"));
                }
            }
        }
    }
}

/// 6.1.7: a product has at most one score of a version (2.1: from a source) in a vulnerability.
pub(super) fn several_scores(ctx: &Ctx<'_>, out: &mut Sink) {
    let list = ctx.metrics_key();
    for (number, vulnerability) in ctx.vulnerabilities.iter().enumerate() {
        let mut kinds: HashMap<(&str, &str), usize> = HashMap::new();
        let mut seen: HashSet<(usize, Pid)> = HashSet::new();
        for (index, metric) in vulnerability.value.list(list).iter().enumerate() {
            let (content, _) = ctx.content(metric);
            let source = metric.text("source").unwrap_or_default();
            for key in KEYS {
                let Some(object) = content.get(key) else { continue };
                let version = object.text("version").unwrap_or(key);
                let fresh = kinds.len();
                let kind = *kinds.entry((version, source)).or_insert(fresh);
                for (position, pid) in vulnerability.metrics.get(index).into_iter().flatten().enumerate() {
                    if !seen.insert((kind, *pid)) {
                        out.add(
                            "6.1.7",
                            format!("/vulnerabilities/{number}/{list}/{index}/products/{position}"),
                            format!(
                                "The product `{}` has a CVSS {version} score already; keep one score of each version.",
                                shorten(ctx.id(*pid))
                            ),
                        );
                    }
                }
            }
        }
    }
}

/// 6.1.9 and 6.1.10: scores and properties agree with the vector.
pub(super) fn scores_and_properties(ctx: &Ctx<'_>, out: &mut Sink) {
    each(ctx, &mut |key, object, path| {
        let Some(text) = object.text("vectorString") else { return };
        match Vector::parse(text) {
            Ok(vector) => {
                if belongs(key, vector.version()) {
                    scores(object, &vector, path, out);
                    properties(object, &vector, path, out);
                }
            }
            Err(error) => {
                out.add(
                    "6.1.9",
                    format!("{}/vectorString", path()),
                    format!("The vector cannot be scored: {error}. Write a whole vector."),
                );
            }
        }
    });
}

/// Whether a vector of this version may stand under a key; the schema reports the others.
fn belongs(key: &str, version: cvss::Version) -> bool {
    match version {
        cvss::Version::V2 => key == "cvss_v2",
        cvss::Version::V30 | cvss::Version::V31 => key == "cvss_v3",
        cvss::Version::V40 => key == "cvss_v4",
    }
}

/// The scores as the JSON objects name them. A v4.0 object holds one score, that of all groups.
fn scores(object: &Value<'_>, vector: &Vector, path: &dyn Fn() -> String, out: &mut Sink) {
    let all = vector.scores();
    let base = if vector.version() == cvss::Version::V40 { all.score } else { all.base };
    let temporal = all.temporal.unwrap_or(base);
    let environmental = all.environmental.unwrap_or(temporal);
    let expected = [
        ("baseScore", "baseSeverity", base),
        ("temporalScore", "temporalSeverity", temporal),
        ("environmentalScore", "environmentalSeverity", environmental),
    ];
    for (score_key, severity_key, score) in expected {
        if let Some(given) = object.get(score_key).and_then(Value::as_f64)
            && !equal(given, score)
        {
            out.add(
                "6.1.9",
                format!("{}/{score_key}", path()),
                format!("The vector gives {score}, but `{score_key}` is {given}; write {score} or correct the vector."),
            );
        }
        let severity = score.severity().property();
        if let Some(given) = object.text(severity_key)
            && given != severity
        {
            out.add(
                "6.1.9",
                format!("{}/{severity_key}", path()),
                format!(
                    "A score of {score} is {severity}, but `{severity_key}` is {}; write {severity}.",
                    shorten(given)
                ),
            );
        }
    }
}

fn equal(given: f64, score: Score) -> bool {
    (given * 10.0 - f64::from(score.tenths())).abs() < 1e-6
}

/// Properties that are there say what the vector says; those that are absent say nothing.
fn properties(object: &Value<'_>, vector: &Vector, path: &dyn Fn() -> String, out: &mut Sink) {
    for (metric, value) in vector.metrics() {
        let given = object.text(metric.property);
        if let Some(given) = given
            && given != value.property
            && !same_value(given, value.property)
        {
            out.add(
                "6.1.10",
                format!("{}/{}", path(), metric.property),
                format!(
                    "The vector says {}:{}, which is {}, but `{}` is {}; make them the same.",
                    metric.abbreviation,
                    value.abbreviation,
                    value.property,
                    metric.property,
                    shorten(given)
                ),
            );
        }
    }
}

/// CVSS v4.0 calls the value `N` of modified subsequent impacts both none and negligible.
fn same_value(left: &str, right: &str) -> bool {
    let plain = |value: &str| value == "NONE" || value == "NEGLIGIBLE";
    plain(left) && plain(right)
}

/// 6.2.19: a product that is fixed is not scored as if it were affected.
pub(super) fn fixed_products(ctx: &Ctx<'_>, out: &mut Sink) {
    let list = ctx.metrics_key();
    let mut scored = Marks::new(ctx.ids.len());
    let mut harmless = Marks::new(ctx.ids.len());
    for (number, vulnerability) in ctx.vulnerabilities.iter().enumerate() {
        if FIXED.iter().all(|list| vulnerability.status.get(*list).is_none_or(Vec::is_empty)) {
            continue;
        }
        scored.clear();
        harmless.clear();
        for (index, metric) in vulnerability.value.list(list).iter().enumerate() {
            let (content, _) = ctx.content(metric);
            let objects = || KEYS.iter().filter_map(|key| content.get(key));
            if objects().next().is_none() {
                continue;
            }
            let zero = objects().any(is_harmless);
            for pid in vulnerability.metrics.get(index).into_iter().flatten() {
                scored.set(*pid);
                if zero {
                    harmless.set(*pid);
                }
            }
        }
        for status in FIXED {
            let key = STATUS.get(status).copied().unwrap_or_default();
            for (index, pid) in vulnerability.status.get(status).into_iter().flatten().enumerate() {
                if scored.has(*pid) && !harmless.has(*pid) {
                    out.add(
                        "6.2.19",
                        format!("/vulnerabilities/{number}/product_status/{key}/{index}"),
                        format!(
                            "The product `{}` is fixed, but its score says that it is affected; set the modified impacts to none so that the environmental score is 0, or take the product out of the score.",
                            shorten(ctx.id(*pid))
                        ),
                    );
                }
            }
        }
    }
}

/// Whether the environmental score of a CVSS object is 0, by its score, its vector, or its properties.
fn is_harmless(object: &Value<'_>) -> bool {
    if object.get("environmentalScore").and_then(Value::as_f64) == Some(0.0) {
        return true;
    }
    let Some(Ok(mut vector)) = object.text("vectorString").map(Vector::parse) else { return false };
    for metric in vector.version().metrics() {
        let undefined = vector.get(metric.abbreviation).is_none_or(|value| value.property == "NOT_DEFINED");
        let given = object
            .text(metric.property)
            .and_then(|given| metric.values.iter().find(|value| same(value.property, given)));
        if let Some(value) = given
            && undefined
        {
            // Metric and value are from the tables of the same version, so that this cannot be refused.
            let _always_fits = vector.set(metric.abbreviation, value.abbreviation);
        }
    }
    let scores = vector.scores();
    scores.environmental.unwrap_or(scores.score).tenths() == 0
}

fn same(left: &str, right: &str) -> bool {
    left == right || same_value(left, right)
}

/// 6.3.1, 6.3.2, 6.3.12: outdated scoring systems.
pub(super) fn systems(ctx: &Ctx<'_>, out: &mut Sink) {
    only_v2(ctx, out);
    each(ctx, &mut |key, object, path| {
        let version = object.text("version") == Some("3.0");
        let vector = object.text("vectorString").is_some_and(|vector| vector.starts_with("CVSS:3.0/"));
        if key == "cvss_v3" && (version || vector) {
            let place = if version { "version" } else { "vectorString" };
            out.add(
                "6.3.2",
                format!("{}/{place}", path()),
                "CVSS v3.0 is outdated; score with v3.1, whose vector differs in its prefix only.",
            );
        }
    });
    if ctx.is(Version::V2_1) {
        missing_v4(ctx, out);
    }
}

/// 6.3.12: every item with a CVSS score has one of v4.0, and every affected product has a CVSS score.
fn missing_v4(ctx: &Ctx<'_>, out: &mut Sink) {
    let mut scored = Marks::new(ctx.ids.len());
    for (number, vulnerability) in ctx.vulnerabilities.iter().enumerate() {
        scored.clear();
        let mut any = false;
        for (index, metric) in vulnerability.value.list("metrics").iter().enumerate() {
            let (content, _) = ctx.content(metric);
            if KEYS.iter().all(|key| content.get(key).is_none()) {
                continue;
            }
            any = true;
            for pid in vulnerability.metrics.get(index).into_iter().flatten() {
                scored.set(*pid);
            }
            if content.get("cvss_v4").is_none() {
                out.add(
                    "6.3.12",
                    format!("/vulnerabilities/{number}/metrics/{index}/content"),
                    "There is no CVSS v4.0 score here; add one as `cvss_v4`.",
                );
            }
        }
        let mut affected = AFFECTED.iter().filter_map(|list| vulnerability.status.get(*list)).flatten();
        if let Some(pid) = affected.find(|pid| any && !scored.has(**pid)) {
            out.add(
                "6.3.12",
                format!("/vulnerabilities/{number}/metrics"),
                format!("The affected product `{}` has no CVSS score; add it to one of v4.0.", shorten(ctx.id(*pid))),
            );
        }
    }
}

/// 6.3.1: a product with a CVSS v2 score has another score as well.
fn only_v2(ctx: &Ctx<'_>, out: &mut Sink) {
    let list = ctx.metrics_key();
    let mut newer = Marks::new(ctx.ids.len());
    for (number, vulnerability) in ctx.vulnerabilities.iter().enumerate() {
        newer.clear();
        let items = || vulnerability.value.list(list).iter().enumerate();
        for (index, metric) in items() {
            let (content, _) = ctx.content(metric);
            if ["cvss_v3", "cvss_v4", "ssvc_v2", "epss", "qualitative_severity_rating"]
                .iter()
                .any(|key| content.get(key).is_some())
            {
                for pid in vulnerability.metrics.get(index).into_iter().flatten() {
                    newer.set(*pid);
                }
            }
        }
        for (index, metric) in items() {
            let (content, below) = ctx.content(metric);
            if content.get("cvss_v2").is_none() {
                continue;
            }
            let lonely = vulnerability.metrics.get(index).into_iter().flatten().find(|pid| !newer.has(**pid));
            if let Some(pid) = lonely {
                out.add(
                    "6.3.1",
                    format!("/vulnerabilities/{number}/{list}/{index}{below}/cvss_v2"),
                    format!(
                        "The product `{}` has a CVSS v2 score only; add a score of a newer version.",
                        shorten(ctx.id(*pid))
                    ),
                );
            }
        }
    }
}
