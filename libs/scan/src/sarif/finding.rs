//! One SARIF result (3.27) as a finding.

use std::borrow::Cow;

use super::rules::{self, Rules, Told};
use super::run::{Run, at};
use super::wire::{self, Configuration, Outcome, Rule};
use crate::text;
use crate::{Baseline, Component, Cvss, Finding, Location, Severity, Status, Step};

/// Steps of code flows that a finding keeps.
const STEPS: usize = 500;

/// Tools that put separate occurrences into one result, against 3.27.12 (several locations are places that must be
/// changed together): each of their locations is a finding.
const SEPARATE: &[&str] = &["nodejsscan", "njsscan", "mobsfscan", "libsast"];

/// Why a result is no finding (3.27.9): a check that passed or does not apply.
pub(super) fn is_no_finding(result: &Outcome<'_>) -> Option<&'static str> {
    match (result.kind.get(), result.level.get()) {
        ("pass", _) | ("", "pass") => Some("results of kind pass"),
        ("notApplicable", _) | ("", "notApplicable") => Some("results of kind notApplicable"),
        (_, _) => None,
    }
}

/// Whether each place of a finding is one of its own, for the tools in [`SEPARATE`].
pub(super) fn is_several(run: &Run<'_>, finding: &Finding) -> bool {
    let driver = run.tool.driver.name.get();
    !finding.others.is_empty() && SEPARATE.iter().any(|name| name.eq_ignore_ascii_case(driver))
}

/// A finding for each place.
pub(super) fn each_place(finding: &Finding) -> impl Iterator<Item = Finding> {
    let places = finding.location.iter().chain(&finding.others);
    places.map(|place| Finding { location: Some(place.clone()), others: Vec::new(), ..finding.clone() })
}

/// A result as a finding.
pub(super) fn finding(run: &Run<'_>, rules: &Rules<'_>, result: &Outcome<'_>) -> Finding {
    let told = rules.rule(run, result);
    let rule = told.map(|told| told.rule);
    let message = run.message(&result.message, rule);
    let score = text::number(result.properties.security_severity.get()).or_else(|| told?.score);
    let configured = rule.and_then(|rule| run.overridden(rule, result.provenance.invocation_index));
    let severity = if is_no_failure(result) {
        Severity::Info
    } else {
        score.map_or_else(|| by_level(level(result, rule, configured)), Severity::from_score)
    };
    let mut places = result.locations.iter().map(|location| place(run, location)).filter(|place| !place.is_empty());
    let location = places.next().or_else(|| elsewhere(run, result));
    let snippet = result.locations.first().map(|location| snippet(&location.physical_location)).unwrap_or_default();
    let rule_id = [result.rule_id.get(), result.rule.id.get(), rule.map_or("", |rule| rule.id.get())];
    let rule_id = rule_id.into_iter().find_map(text::some);
    Finding {
        cve: cves(rule_id.as_deref().unwrap_or_default(), result),
        cwe: rules::weaknesses(run, result, told),
        cvss: Cvss::of(None, score),
        others: places.collect(),
        location,
        component: component(result),
        description: description(told, &message),
        anchor: anchor(result).or_else(|| text::some(&text::without_numbers(snippet))),
        evidence: text::some(snippet).or_else(|| response(run, result)),
        remediation: remediation(run, result),
        references: rule
            .and_then(|rule| rule.help_uri.some())
            .into_iter()
            .chain(result.hosted_viewer_uri.some())
            .collect(),
        status: status(result),
        baseline: baseline(result.baseline_state.get()),
        rank: [
            result.rank,
            configured.and_then(|configuration| configuration.rank),
            rule.and_then(|rule| rule.default_configuration.rank),
        ]
        .into_iter()
        .flatten()
        .find(|rank| (0.0..=100.0).contains(rank)),
        steps: steps(run, result),
        occurrences: result.occurrence_count.0.and_then(|count| u32::try_from(count).ok()).unwrap_or(1),
        rule: rule_id,
        ..Finding::new(title(told, &message), severity)
    }
}

/// Whether a result is of a kind that has no level (3.27.9, 3.27.10): review, open, informational.
fn is_no_failure(result: &Outcome<'_>) -> bool {
    !matches!(result.kind.get(), "" | "fail") && matches!(result.level.get(), "" | "none")
}

/// The level (3.27.10): the result's own; what the invocation set; the rule's default; `warning`.
fn level<'r>(
    result: &'r Outcome<'_>,
    rule: Option<&'r Rule<'_>>,
    configured: Option<&'r Configuration<'_>>,
) -> &'r str {
    let levels = [
        result.level.get(),
        configured.map_or("", |configuration| configuration.level.get()),
        rule.map_or("", |rule| rule.default_configuration.level.get()),
    ];
    levels.into_iter().find(|level| !level.is_empty()).unwrap_or("warning")
}

/// Error is high, warning medium, note and none info: a level says how sure and how bad a rule's author found it, and
/// a note is no risk.
fn by_level(level: &str) -> Severity {
    match level.to_ascii_lowercase().as_str() {
        "error" => Severity::High,
        "note" | "none" | "open" => Severity::Info,
        _ => Severity::Medium,
    }
}

fn title(told: Option<&Told<'_>>, message: &str) -> String {
    let message = message.trim();
    if !message.is_empty() {
        return text::shorten(message, 150);
    }
    let Some(told) = told else { return String::new() };
    let names = [told.rule.name.get(), told.rule.id.get()];
    let mut texts = told.texts.iter().map(Cow::as_ref).chain(names).map(str::trim).filter(|text| !text.is_empty());
    texts.next().map(|text| text::shorten(text, 150)).unwrap_or_default()
}

fn description(told: Option<&Told<'_>>, message: &str) -> Option<String> {
    let mut parts = vec![message.trim()];
    for about in told.map_or(&[][..], |told| &told.texts) {
        let words = about.trim();
        if !parts.iter().any(|part| part.len() >= words.len() && text::holds(part, words)) {
            parts.push(words);
        }
    }
    parts.retain(|part| !part.is_empty());
    text::some(&parts.join("\n\n"))
}

/// CVE identifiers in the rule's name and the result's properties.
fn cves(rule: &str, result: &Outcome<'_>) -> Vec<String> {
    let mut found = text::cves(rule);
    for id in result.properties.cve.0.iter().flat_map(|text| text::cves(text.get())) {
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

fn place(run: &Run<'_>, location: &wire::Location<'_>) -> Location {
    let physical = &location.physical_location;
    let uri = match physical.uri.get() {
        "" => run.uri(&physical.artifact_location),
        uri => uri.to_owned(),
    };
    let number = |value: wire::Whole| value.0.and_then(|value| u32::try_from(value).ok()).filter(|value| *value > 0);
    let region = if physical.region.start_line.0.is_some() { &physical.region } else { &physical.context_region };
    let logical = location.logical_locations.first().and_then(|logical| {
        let known = at(&run.logical, logical.index);
        [Some(logical), known]
            .into_iter()
            .flatten()
            .find_map(|one| one.fully_qualified_name.some().or_else(|| one.name.some()))
    });
    let base = if uri.starts_with("http://") || uri.starts_with("https://") {
        Location::url(uri)
    } else if uri.is_empty() {
        Location::default()
    } else {
        Location::file(uri, None)
    };
    Location {
        line: number(region.start_line),
        column: number(region.start_column),
        end_line: number(region.end_line),
        end_column: number(region.end_column),
        logical: logical.or_else(|| location.fully_qualified_logical_name.some()),
        ..base
    }
}

/// The place of a result without locations: its web request, then what was analysed.
fn elsewhere(run: &Run<'_>, result: &Outcome<'_>) -> Option<Location> {
    let request = at(&run.requests, result.web_request.index).unwrap_or(&result.web_request);
    if let Some(target) = request.target.some() {
        return Some(Location { method: request.method.some(), ..Location::url(target) });
    }
    let target = run.uri(&result.analysis_target);
    text::some(&target).map(|target| Location::file(target, None))
}

fn response(run: &Run<'_>, result: &Outcome<'_>) -> Option<String> {
    let response = at(&run.responses, result.web_response.index).unwrap_or(&result.web_response);
    response.status_code.0.map(|code| format!("{code} {}", response.reason_phrase.get()).trim().to_owned())
}

fn snippet<'l>(physical: &'l wire::Physical<'_>) -> &'l str {
    match physical.region.snippet.text.get() {
        "" => physical.context_region.snippet.text.get(),
        text => text,
    }
}

/// The tool's own identity of a result: `fingerprints`, then `partialFingerprints`, then its identifiers. The result's
/// `guid` is new in each log and no identity.
fn anchor(result: &Outcome<'_>) -> Option<String> {
    for set in [&result.fingerprints, &result.partial_fingerprints] {
        let mut pairs: Vec<String> =
            set.0.iter().map(|(name, value)| [name.get(), "=", value.get()].concat()).collect();
        pairs.sort_unstable();
        if pairs.len() > 1 {
            return Some(pairs.join(";"));
        }
        if let Some(pair) = pairs.pop() {
            return Some(pair);
        }
    }
    result.correlation_guid.some()
}

/// Suppressed when a suppression is there and none is still under review or rejected (3.27.23); mended when it was in
/// the baseline only (3.27.24).
fn status(result: &Outcome<'_>) -> Status {
    if result.baseline_state.get() == "absent" {
        return Status::Fixed;
    }
    let accepted = |one: &wire::Suppression<'_>| {
        let state = if one.status.get().is_empty() { one.state.get() } else { one.status.get() };
        !matches!(state, "underReview" | "rejected")
    };
    if result.suppressions.is_empty() || !result.suppressions.iter().all(accepted) {
        return Status::Open;
    }
    let why = result.suppressions.iter().find_map(|one| one.justification.some());
    Status::Suppressed(why)
}

fn baseline(state: &str) -> Option<Baseline> {
    match state {
        "new" => Some(Baseline::New),
        "unchanged" | "existing" => Some(Baseline::Unchanged),
        "updated" => Some(Baseline::Updated),
        "absent" => Some(Baseline::Absent),
        _ => None,
    }
}

fn steps(run: &Run<'_>, result: &Outcome<'_>) -> Vec<Step> {
    let flows = result.code_flows.iter().flat_map(|flow| &flow.thread_flows).enumerate();
    flows
        .flat_map(|(index, flow)| flow.locations.iter().map(move |step| (index, step)))
        .take(STEPS)
        .map(|(index, step)| {
            let step = at(&run.steps, step.index).unwrap_or(step);
            let mut location = place(run, &step.location);
            location.display = location.line_of_text();
            Step {
                flow: u32::try_from(index).unwrap_or(u32::MAX),
                location,
                message: text::some(&run.message(&step.location.message, None)),
            }
        })
        .collect()
}

fn remediation(run: &Run<'_>, result: &Outcome<'_>) -> Option<String> {
    let fixes: Vec<String> = result.fixes.iter().map(|fix| run.message(&fix.description, None).into_owned()).collect();
    text::some(&fixes.join("\n"))
}

fn component(result: &Outcome<'_>) -> Option<Component> {
    let purl = result.properties.purls.0.first()?.some()?;
    let plain = purl.split(['?', '#']).next().unwrap_or_default();
    let (path, version) = plain.rsplit_once('@').map_or((plain, None), |(path, version)| (path, Some(version)));
    let name = path.split_once('/').map_or(path, |(_, name)| name);
    Some(Component { purl: Some(purl.clone()), ..Component::new(name, version.map(str::to_owned)) })
}
