//! The finding model that every report becomes, and the line that `scan read --json` prints of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::Severity;

/// One finding of a scanner.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Finding {
    /// One line that names the problem.
    pub title: String,
    /// How bad it is.
    pub severity: Severity,
    /// The tool's rule, plugin, check or advisory identifier.
    pub rule: Option<String>,
    /// Weakness numbers, most specific first as the tool lists them.
    pub cwe: Vec<u32>,
    /// CVE identifiers.
    pub cve: Vec<String>,
    /// Other vulnerability identifiers, such as GHSA or OSV ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<String>,
    /// Score and vector as the tool states them.
    pub cvss: Option<Cvss>,
    /// Where it is: the first place, if there are several.
    pub location: Option<Location>,
    /// The component or package it is in.
    pub component: Option<Component>,
    /// What the tool says about it.
    pub description: Option<String>,
    /// What the tool saw: snippet, output, response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// What the tool advises.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remediation: Option<String>,
    /// Addresses and names to read further.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// Stable identity: the same in the next report although lines above have moved. Filled in by the framework.
    pub fingerprint: String,
    /// What marks the place besides file and rule, such as the tool's own fingerprint or the snippet; feeds
    /// `fingerprint`, is not printed.
    #[serde(skip)]
    pub anchor: Option<String>,
    /// Whether the tool itself set it aside.
    #[serde(skip_serializing_if = "Status::is_open")]
    pub status: Status,
    /// How it compares with the tool's baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
    /// Priority from 0 to 100 where the tool gives one (SARIF `rank`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<f64>,
    /// The path of data or control that leads to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// Further places of the same finding.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Location>,
    /// How often the report has it; more than 1 where a reader merges entries.
    pub occurrences: u32,
}

impl Finding {
    /// A finding with a title and a severity, met once.
    #[must_use]
    pub fn new(title: impl Into<String>, severity: Severity) -> Self {
        Self { title: title.into(), severity, occurrences: 1, ..Self::default() }
    }
}

/// Where a finding is. Every field is optional; [`Location::display`] is the whole in one line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Location {
    /// The place in one line for people: `src/a.c:12:3`, `https://host/path`, `host:443/tcp`.
    pub display: String,
    /// Path of a file, with `/`, relative where the tool says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// First line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// First column, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// Last line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_line: Option<u32>,
    /// Column after the last character.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_column: Option<u32>,
    /// Function, class or other name in the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logical: Option<String>,
    /// Address of a page or service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Request method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Request parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// Host name or address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// Protocol, such as `tcp` or `https`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// Container image or other artifact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Cloud or cluster resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
}

impl Location {
    /// A place in a file.
    #[must_use]
    pub fn file(path: impl Into<String>, line: Option<u32>) -> Self {
        Self { file: Some(path.into()), line: line.filter(|line| *line > 0), ..Self::default() }
    }

    /// A place on the web; host, port and protocol are taken from the address.
    #[must_use]
    pub fn url(url: impl Into<String>) -> Self {
        let url = url.into();
        let (host, port, protocol) = crate::text::url_parts(&url);
        Self { url: Some(url), host, port, protocol, ..Self::default() }
    }

    /// A place in a network; port 0 means none.
    #[must_use]
    pub fn host(host: impl Into<String>, port: Option<u16>, protocol: Option<String>) -> Self {
        Self { host: Some(host.into()), port: port.filter(|port| *port > 0), protocol, ..Self::default() }
    }

    /// A container image.
    #[must_use]
    pub fn image(image: impl Into<String>) -> Self {
        Self { image: Some(image.into()), ..Self::default() }
    }

    /// A resource of a cloud or cluster.
    #[must_use]
    pub fn resource(resource: impl Into<String>) -> Self {
        Self { resource: Some(resource.into()), ..Self::default() }
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self {
            display: _, file, line, column, end_line, end_column, logical, url, method, parameter, host, ..
        } = self;
        let Self { port, protocol, image, resource, .. } = self;
        let texts = [file, logical, url, method, parameter, host, protocol, image, resource];
        let numbers = [line, column, end_line, end_column];
        port.is_none() && numbers.iter().all(|number| number.is_none()) && texts.iter().all(|text| text.is_none())
    }

    /// The place in one line.
    #[must_use]
    pub fn line_of_text(&self) -> String {
        let mut text = String::new();
        if let Some(file) = &self.file {
            text.reserve_exact(file.len().saturating_add(22));
            text.push_str(file);
            if let Some(line) = self.line {
                let _infallible = write!(text, ":{line}");
                if let Some(column) = self.column {
                    let _infallible = write!(text, ":{column}");
                }
            }
        } else if let Some(url) = &self.url {
            text.push_str(url);
        } else if let Some(host) = &self.host {
            text.push_str(host);
            if let Some(port) = self.port {
                let _infallible = write!(text, ":{port}");
            }
            if let Some(protocol) = &self.protocol {
                text.push('/');
                text.push_str(protocol);
            }
        } else if let Some(name) = self.image.as_ref().or(self.resource.as_ref()).or(self.logical.as_ref()) {
            text.push_str(name);
        }
        text
    }
}

/// A component or package.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Component {
    /// Its name, with namespace or group as its ecosystem writes it.
    pub name: String,
    /// The version found.
    pub version: Option<String>,
    /// Package URL, where the tool gives one.
    pub purl: Option<String>,
    /// The first version without the problem, as the tool states it.
    pub fixed_in: Option<String>,
}

impl Component {
    /// A component by name and version; empty texts count as absent.
    #[must_use]
    pub fn new(name: impl Into<String>, version: Option<String>) -> Self {
        Self { name: name.into(), version: version.filter(|text| !text.is_empty()), purl: None, fixed_in: None }
    }
}

/// Score and vector as the tool states them; nothing is computed here.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Cvss {
    /// Vector, with its prefix where the version has one.
    pub vector: Option<String>,
    /// Score from 0 to 10.
    pub score: Option<f64>,
}

impl Cvss {
    /// From what a tool gives; `None` when it gives neither.
    #[must_use]
    pub fn of(vector: Option<String>, score: Option<f64>) -> Option<Self> {
        let vector = vector.map(|text| text.trim().to_owned()).filter(|text| text.contains(':'));
        let score = score.filter(|score| (0.0..=10.0).contains(score));
        (vector.is_some() || score.is_some()).then_some(Self { vector, score })
    }
}

/// Whether the tool itself set a finding aside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody has set it aside.
    #[default]
    Open,
    /// Set aside, with the justification that the report has.
    Suppressed(Option<String>),
    /// Somebody called it no finding.
    FalsePositive,
    /// Mended already, by the report's own account.
    Fixed,
}

impl Status {
    /// Whether the finding is open.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Open)
    }
}

/// How a finding compares with the tool's baseline (SARIF clause 3.27.24).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Baseline {
    /// Not in the baseline.
    New,
    /// In both, the same.
    Unchanged,
    /// In both, with changes.
    Updated,
    /// In the baseline only.
    Absent,
}

/// One step on the way to a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Which of several flows this step belongs to, from 0.
    pub flow: u32,
    /// Where.
    pub location: Location,
    /// What happens there.
    pub message: Option<String>,
}

/// What is known of a report besides its findings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Name of the reader, as `--tool` takes it.
    pub tool: &'static str,
    /// Name and version that the report gives its scanner or scanners.
    pub scanners: Vec<String>,
    /// How many findings were handed over.
    pub findings: usize,
    /// Figures of the report itself, such as test cases that passed.
    pub counts: BTreeMap<&'static str, u64>,
    /// What the user should know: entries left out, parts that could not be read.
    pub warnings: Vec<String>,
    /// Why the report could not be read to its end.
    pub broken: Option<String>,
}

/// A report that was read into memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// What is known of it.
    pub summary: Summary,
    /// Its findings, in the order of the report.
    pub findings: Vec<Finding>,
}
