//! A report read and readied for comparison: kind, project, and for each finding what is stored of it. Pure.

use limits::Limits;
use scan::{Finding, Status};
use sha2::{Digest, Sha256};

use super::bodies::{Bodies, Body};
use super::kinds;
use super::model::{Kind, rank};

/// What one finding of a report is compared by; the rest of it is in the report's [`Bodies`].
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The same over moved code.
    pub fingerprint: String,
    /// What decisions rest on.
    pub context: String,
    /// Differs when anything that is stored differs.
    pub content: String,
    /// 0 to 4.
    pub severity: i64,
    /// What the report says of it itself.
    pub status: Status,
    /// The number of its body.
    pub body: usize,
}

/// A report that was read to its end.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    /// The reader.
    pub tool: &'static str,
    /// What the report calls its scanners.
    pub scanners: String,
    /// What kind of look.
    pub kind: Kind,
    /// The project that the report names; empty when none.
    pub project: String,
    /// What the person should know.
    pub warnings: Vec<String>,
    /// The findings.
    pub findings: Vec<Incoming>,
    /// What is stored of them besides.
    pub bodies: Bodies,
}

/// Bounds for one report: what a server takes from a pipeline.
fn bounds() -> Limits {
    Limits { count: 1_000_000, text: 1 << 16, ..Limits::FILE }
}

/// Reads a report to its end.
///
/// # Errors
/// Words that say what is wrong and where; a report that breaks off half way is refused as a whole.
pub(super) fn prepare(content: &[u8], tool: Option<&str>) -> Result<Prepared, String> {
    // Each finding is readied as it comes, so that a big report is not in memory twice.
    let (mut places, mut findings, mut bodies) = (kinds::Places::default(), Vec::new(), Bodies::default());
    let bounds = bounds();
    let input = scan::Input::memory(content, &bounds).map_err(|error| error.to_string())?;
    let mut take = |finding: Finding| {
        places.add(&finding);
        findings.push(incoming(finding, &mut bodies));
    };
    let summary = scan::read_into(input, tool, &mut take).map_err(|error| error.to_string())?;
    if let Some(broken) = &summary.broken {
        return Err(format!("it breaks off after {} findings: {broken}", summary.findings));
    }
    let kind = kinds::kind_of(&summary, &places);
    Ok(Prepared {
        tool: summary.tool,
        scanners: summary.scanners.join(", ").chars().take(300).collect(),
        kind,
        project: project_named(content),
        warnings: summary.warnings,
        findings,
        bodies,
    })
}

fn incoming(mut finding: Finding, bodies: &mut Bodies) -> Incoming {
    // The baseline tells how the report compares with the one before it; that is our own work here.
    finding.baseline = None;
    let context = context(&finding);
    let document = serde_json::to_string(&finding).unwrap_or_default();
    let mut content = Sha256::new();
    content.update(document.as_bytes());
    let content = hex::encode(content.finalize().get(..16).unwrap_or_default());
    let component = finding.component.unwrap_or_default();
    let body = bodies.add(&Body {
        document,
        rule: clip(&finding.rule.unwrap_or_default(), 300),
        cwe: finding.cwe.iter().map(|number| format!("CWE-{number}")).collect::<Vec<_>>().join(" "),
        cve: finding.cve.join(" "),
        component: clip(&component.name, 300),
        component_version: clip(&component.version.unwrap_or_default(), 200),
        fixed_in: clip(&component.fixed_in.unwrap_or_default(), 200),
        place: clip(&finding.location.unwrap_or_default().display, 500),
        title: if finding.title.trim().is_empty() { "Untitled finding".to_owned() } else { finding.title },
    });
    Incoming {
        fingerprint: finding.fingerprint,
        context,
        content,
        severity: rank(finding.severity),
        status: finding.status,
        body,
    }
}

fn clip(text: &str, longest: usize) -> String {
    text.chars().take(longest).collect()
}

/// What a decision rests on: the component's version, the code or the parameter that is shown, without numbers that
/// move by themselves. What a server answered is not part of it, since it differs from run to run.
fn context(finding: &Finding) -> String {
    let mut hash = Sha256::new();
    let mut part = |name: u8, text: &str| {
        hash.update([name]);
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    };
    if let Some(component) = &finding.component {
        part(b'v', component.version.as_deref().unwrap_or_default());
    }
    if let Some(place) = &finding.location {
        part(b'p', place.parameter.as_deref().unwrap_or_default());
        if place.file.is_some() && finding.component.is_none() {
            part(b'a', finding.anchor.as_deref().unwrap_or_default());
            part(b'e', &plain_code(finding.evidence.as_deref().unwrap_or_default()));
        }
    }
    hex::encode(hash.finalize().get(..16).unwrap_or_default())
}

/// Code without blanks and without line numbers at the beginning of its lines.
fn plain_code(code: &str) -> String {
    code.lines()
        .map(|line| line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit() || c == ':' || c == '|'))
        .flat_map(str::chars)
        .filter(|c| !c.is_whitespace())
        .collect()
}

/// How reports name the project they are of: in JSON, and as an attribute or element of XML.
const PROJECT_KEYS: &[&str] = &[
    "projectName",
    "project_name",
    "projectKey",
    "ProjectName",
    "applicationName",
    "app_name",
    "repositoryUri",
    "project-name",
];

/// The project that a report names in its head or tail; empty when it names none.
#[must_use]
pub(super) fn project_named(content: &[u8]) -> String {
    const WINDOW: usize = 64 << 10;
    let head = content.get(..content.len().min(WINDOW)).unwrap_or_default();
    let tail = content.get(content.len().saturating_sub(WINDOW).max(head.len())..).unwrap_or_default();
    [head, tail]
        .into_iter()
        .map(String::from_utf8_lossy)
        .find_map(|text| PROJECT_KEYS.iter().find_map(|key| value_of(&text, key)))
        .unwrap_or_default()
}

fn value_of(text: &str, key: &str) -> Option<String> {
    text.match_indices(key).find_map(|(at, _)| {
        let before = text.get(..at)?.chars().next_back()?;
        let rest = text.get(at + key.len()..)?;
        let value = match before {
            '"' => rest
                .strip_prefix('"')?
                .trim_start()
                .strip_prefix(':')?
                .trim_start()
                .strip_prefix('"')?
                .split('"')
                .next()?,
            '<' => rest.strip_prefix('>')?.split('<').next()?,
            before if before.is_whitespace() => rest.strip_prefix("=\"")?.split('"').next()?,
            _ => return None,
        };
        let value: String = value.trim().chars().filter(|c| !c.is_control()).take(200).collect();
        (!value.is_empty()).then_some(value)
    })
}

/// The name under which titles are found: letters and digits in lower case, so that punctuation does not matter.
#[must_use]
pub(super) fn key_of(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(60).collect()
}

#[cfg(test)]
mod tests {
    use scan::{Component, Location, Severity};

    use super::*;

    #[test]
    fn projects_are_found_in_json_and_xml() {
        assert_eq!(project_named(br#"{"a": 1, "projectName" : "gate-300"}"#), "gate-300");
        assert_eq!(project_named(b"<CxXMLResults InitiatorName=\"x\" ProjectName=\"gate\">"), "gate");
        assert_eq!(project_named(b"<report><projectName>gate</projectName></report>"), "gate");
        assert_eq!(project_named(b"the projectName is not told"), "");
    }

    #[test]
    fn the_context_follows_code_and_version_and_not_lines() {
        let code = |line: u32, text: &str| Finding {
            location: Some(Location::file("a.c", Some(line))),
            evidence: Some(text.to_owned()),
            ..Finding::new("x", Severity::Low)
        };
        assert_eq!(context(&code(1, "12: gets(s);")), context(&code(9, "  99:  gets( s );")));
        assert_ne!(context(&code(1, "gets(s);")), context(&code(1, "gets(t);")));
        let library = |version: &str| Finding {
            component: Some(Component::new("lib", Some(version.to_owned()))),
            ..Finding::new("x", Severity::Low)
        };
        assert_ne!(context(&library("1.0")), context(&library("1.1")));
    }

    #[test]
    fn keys_leave_punctuation_out() {
        assert_eq!(key_of("SQL-Injection: id"), "sqlinjectionid");
    }
}
