//! Findings: what is wrong with a document, and where.

use serde::Serialize;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The document breaks its standard.
    Error,
    /// The document keeps the letter of its standard, but a reader may be misled.
    Warning,
}

/// One thing that is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How grave it is.
    pub severity: Severity,
    /// A stable name of the rule, such as `missing-property`.
    pub rule: &'static str,
    /// Where: a JSON pointer, or the names of the XML elements with positions.
    pub path: String,
    /// The line, counted from one, where the format gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// What is wrong, for a person.
    pub message: String,
}

/// A document with more findings than this has one more that says so.
const MOST: usize = 1_000;

/// Collects findings up to a bound.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    list: Vec<Finding>,
    left_out: usize,
    left_out_errors: usize,
    /// The line that findings get which name none.
    pub(crate) line: Option<u64>,
}

impl Findings {
    pub(crate) fn error(&mut self, rule: &'static str, path: &str, message: impl FnOnce() -> String) {
        self.add(Severity::Error, rule, path, message);
    }

    pub(crate) fn warning(&mut self, rule: &'static str, path: &str, message: impl FnOnce() -> String) {
        self.add(Severity::Warning, rule, path, message);
    }

    fn add(&mut self, severity: Severity, rule: &'static str, path: &str, message: impl FnOnce() -> String) {
        if self.list.len() < MOST {
            let path = if path.is_empty() { "/".to_owned() } else { path.to_owned() };
            self.list.push(Finding { severity, rule, path, line: self.line, message: message() });
        } else {
            self.left_out = self.left_out.saturating_add(1);
            if severity == Severity::Error {
                self.left_out_errors = self.left_out_errors.saturating_add(1);
            }
        }
    }

    /// An empty list for trying something out at the same place.
    pub(crate) fn aside(&self) -> Self {
        Self { line: self.line, ..Self::default() }
    }

    /// Whether there is an error so far.
    pub(crate) fn has_error(&self) -> bool {
        self.left_out_errors > 0 || self.list.iter().any(|finding| finding.severity == Severity::Error)
    }

    pub(crate) fn append(&mut self, other: Self) {
        for finding in other.list {
            if self.list.len() < MOST {
                self.list.push(finding);
            } else {
                self.left_out = self.left_out.saturating_add(1);
                if finding.severity == Severity::Error {
                    self.left_out_errors = self.left_out_errors.saturating_add(1);
                }
            }
        }
    }

    pub(crate) fn errors(&self) -> usize {
        self.list.iter().filter(|finding| finding.severity == Severity::Error).count()
    }

    /// Whether the only thing wrong is a value of another type than wanted.
    pub(crate) fn is_type_only(&self) -> bool {
        matches!(self.list.as_slice(), [only] if only.rule == "type")
    }

    pub(crate) fn into_vec(mut self) -> Vec<Finding> {
        if self.left_out > 0 {
            let severity = if self.left_out_errors > 0 { Severity::Error } else { Severity::Warning };
            let message = format!("{} more findings are not listed", self.left_out);
            self.list.push(Finding { severity, rule: "more", path: "/".to_owned(), line: None, message });
        }
        self.list
    }
}
