//! What a reader writes to: counts, merges, gives fingerprints, and hands findings on.

use std::collections::HashMap;

use limits::Limits;

use crate::fingerprint::Fingerprints;
use crate::held::Held;
use crate::text;
use crate::{Error, Finding, Status, Summary};

/// Takes findings one by one; every `FnMut(Finding)` is one.
pub trait Sink {
    /// Takes one finding, complete with its fingerprint.
    fn finding(&mut self, finding: Finding);
}

impl<F: FnMut(Finding)> Sink for F {
    fn finding(&mut self, finding: Finding) {
        self(finding);
    }
}

/// Where a reader puts what it finds.
pub(crate) struct Out<'s> {
    sink: &'s mut dyn Sink,
    summary: Summary,
    limits: Limits,
    fingerprints: Fingerprints,
    held: Held,
    left_out: Vec<(String, u64)>,
    decisions: HashMap<String, Status>,
}

/// Warnings kept; a broken report must not fill memory with its complaints.
const WARNINGS: usize = 100;

impl<'s> Out<'s> {
    pub(crate) fn new(tool: &'static str, limits: Limits, sink: &'s mut dyn Sink) -> Self {
        Self {
            sink,
            summary: Summary { tool, ..Summary::default() },
            limits,
            fingerprints: Fingerprints::default(),
            held: Held::default(),
            left_out: Vec::new(),
            decisions: HashMap::new(),
        }
    }

    /// Hands one finding on.
    ///
    /// # Errors
    /// [`Error::Limit`] when there are more findings than the limit.
    pub(crate) fn push(&mut self, mut finding: Finding) -> Result<(), Error> {
        self.summary.findings = self.summary.findings.saturating_add(1);
        self.limits.check_count(self.summary.findings)?;
        if finding.title.trim().is_empty() {
            finding.title = finding.rule.clone().unwrap_or_else(|| "Finding without a title".to_owned());
        }
        if !text::is_line(&finding.title, 300) {
            finding.title = text::shorten(&finding.title, 300);
        }
        finding.occurrences = finding.occurrences.max(1);
        if let Some(location) = &mut finding.location {
            location.display = location.line_of_text();
        }
        for location in &mut finding.others {
            location.display = location.line_of_text();
        }
        finding.location = finding.location.filter(|location| !location.is_empty());
        finding.fingerprint = self.fingerprints.of(&finding);
        self.sink.finding(finding);
        Ok(())
    }

    /// Holds a finding back and merges later ones with the same key into it: places, identifiers, occurrences.
    ///
    /// # Errors
    /// As [`Out::push`].
    pub(crate) fn merge(&mut self, key: impl AsRef<str>, finding: Finding) -> Result<(), Error> {
        self.limits.check_count(self.held.len())?;
        self.held.add(key.as_ref(), finding);
        Ok(())
    }

    /// Hands on what [`Out::merge`] held back.
    ///
    /// # Errors
    /// As [`Out::push`].
    pub(crate) fn flush(&mut self) -> Result<(), Error> {
        self.held.take().try_for_each(|finding| self.push(finding))
    }

    /// Tells the user something about the report.
    pub(crate) fn warn(&mut self, text: impl Into<String>) {
        if self.summary.warnings.len() < WARNINGS {
            self.summary.warnings.push(text.into());
        }
    }

    /// Keeps what one part of a report decided about a finding of another part.
    pub(crate) fn decide(&mut self, id: &str, status: Status) {
        if self.decisions.len() < self.limits.count {
            self.decisions.insert(id.to_owned(), status);
        }
    }

    /// What [`Out::decide`] kept for this identifier; open where nothing was.
    pub(crate) fn decided(&self, id: &str) -> Status {
        self.decisions.get(id).cloned().unwrap_or_default()
    }

    /// Counts an entry that is no finding, such as a passed check; the total becomes one warning.
    pub(crate) fn leave_out(&mut self, what: &str) {
        if let Some((_, count)) = self.left_out.iter_mut().find(|(known, _)| known == what) {
            *count = count.saturating_add(1);
        } else if self.left_out.len() < WARNINGS {
            self.left_out.push((what.to_owned(), 1));
        }
    }

    /// Notes the scanner that the report names.
    pub(crate) fn scanner(&mut self, name: &str, version: Option<&str>) {
        let name = name.trim();
        let text = match version.map(str::trim).filter(|version| !version.is_empty()) {
            Some(version) => format!("{name} {version}"),
            None => name.to_owned(),
        };
        if !name.is_empty() && self.summary.scanners.len() < WARNINGS && !self.summary.scanners.contains(&text) {
            self.summary.scanners.push(text);
        }
    }

    /// Adds to a figure of the report.
    pub(crate) fn count(&mut self, what: &'static str, number: u64) {
        let figure = self.summary.counts.entry(what).or_default();
        *figure = figure.saturating_add(number);
    }

    /// Ends the report: a failure after the first finding becomes [`Summary::broken`].
    pub(crate) fn finish(mut self, outcome: Result<(), Error>) -> Result<Summary, Error> {
        if let Err(error) = outcome {
            self.flush()?;
            if self.summary.findings == 0 {
                return Err(error);
            }
            self.summary.broken = Some(error.to_string());
        }
        for (what, count) in &self.left_out {
            self.summary.warnings.push(format!("left out: {count} {what}"));
        }
        Ok(self.summary)
    }
}
