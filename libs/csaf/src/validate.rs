//! Validation: the schema, then the tests up to a level.

use limits::Limits;

use crate::checks;
use crate::ctx::Ctx;
use crate::finding::{Finding, Level, Sink, test_key};
use crate::json::{ReadError, Value};
use crate::{Version, schema};

/// Most findings that one validation keeps.
const MOST_FINDINGS: usize = 100_000;

/// What a validation found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The version by whose rules the document was judged: the one it names, else 2.0, or 2.1 when it has a `$schema`.
    pub version: Version,
    /// Findings, most grave first, then by number of the test.
    pub findings: Vec<Finding>,
    /// Findings over the bound, which were counted only.
    pub dropped: usize,
    /// Whether the document is valid: it conforms to the schema and no mandatory test fails.
    pub valid: bool,
}

impl Report {
    /// The findings of one test.
    pub fn of<'r>(&'r self, test: &'r str) -> impl Iterator<Item = &'r Finding> {
        self.findings.iter().filter(move |finding| finding.test == test)
    }
}

/// Judges a document by the schema and the tests up to a level: `Mandatory` is the preset of the same name, `Optional`
/// adds 6.2, `Informative` runs everything that needs no connection (preset full).
#[must_use]
pub fn validate(root: &Value<'_>, level: Level) -> Report {
    let version = version_of(root);
    let mut out = Sink::new(MOST_FINDINGS);
    schema::check(root, version, &mut out);
    let ctx = Ctx::new(root, version);
    checks::run(&ctx, level, &mut out);
    let (dropped, valid) = (out.dropped, !out.invalid);
    let mut findings = out.into_findings();
    findings.retain(|finding| finding.level <= level);
    if findings.len() > 1 {
        findings.sort_by_cached_key(|finding| (finding.level, test_key(finding.test)));
    }
    Report { version, findings, dropped, valid }
}

/// The version by whose rules a document is read.
pub(crate) fn version_of(root: &Value<'_>) -> Version {
    let fallback = if root.get("$schema").is_some() { Version::V2_1 } else { Version::V2_0 };
    Version::of(root).unwrap_or(fallback)
}

/// Reads and judges a document.
///
/// # Errors
/// [`ReadError`] when the bytes are no JSON object within the limits.
pub fn validate_bytes(bytes: &[u8], level: Level, limits: &Limits) -> Result<Report, ReadError> {
    let root = Value::read(bytes, limits)?;
    if !matches!(root, Value::Object(_)) {
        return Err(ReadError::NotAnObject);
    }
    Ok(validate(&root, level))
}
