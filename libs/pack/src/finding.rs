//! What is wrong with a pack, and where.

use serde::Serialize;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The pack cannot be used.
    Error,
    /// The pack works, but something is probably not meant.
    Warning,
}

/// One thing that is wrong with a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The file, as it was named to the reader.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
    /// How bad it is.
    pub severity: Severity,
    /// A stable code for the rule, such as `unknown-role`.
    pub rule: &'static str,
    /// What is wrong and what to do, in words.
    pub reason: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{}:{}: {severity}: {} [{}]", self.file, self.line, self.reason, self.rule)
    }
}

/// A file's name and the offsets at which its lines begin.
pub(crate) struct Source<'a> {
    pub(crate) name: &'a str,
    starts: Vec<usize>,
}

impl<'a> Source<'a> {
    pub(crate) fn new(name: &'a str, text: &str) -> Self {
        let starts = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at.saturating_add(1));
        Self { name, starts: starts.collect() }
    }

    /// The line of a byte offset, counted from 1.
    pub(crate) fn line(&self, offset: usize) -> u32 {
        let before = self.starts.partition_point(|start| *start <= offset);
        u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
    }
}

/// Collects findings while several tables of a file are open at once.
#[derive(Default)]
pub(crate) struct Sink(std::cell::RefCell<Vec<Finding>>);

impl Sink {
    pub(crate) fn add(&self, severity: Severity, file: &str, line: u32, rule: &'static str, reason: String) {
        self.0.borrow_mut().push(Finding { file: file.to_owned(), line, severity, rule, reason });
    }

    /// Whether there is a finding about a file whose name ends so.
    pub(crate) fn has(&self, file: &str) -> bool {
        self.0.borrow().iter().any(|finding| finding.file.ends_with(file))
    }

    /// The findings in the order of file and line; the same complaint about one place is given once.
    pub(crate) fn into_sorted(self) -> Vec<Finding> {
        let mut list = self.0.into_inner();
        list.sort_by(|a, b| (&a.file, a.line, a.rule, &a.reason).cmp(&(&b.file, b.line, b.rule, &b.reason)));
        list.dedup();
        list
    }
}
