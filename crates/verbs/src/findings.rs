//! What the verbs over single JSON documents share: one file after the other, findings for people.

use std::io::Write;

use limits::Limits;

use crate::{Outcome, input};

/// Reads each file within the limits of a document and hands its bytes over; a file that cannot be read is reported.
pub(crate) fn each_file(
    files: &[String],
    json: bool,
    out: &mut impl Write,
    mut one: impl FnMut(&str, &[u8], &mut dyn Write) -> Result<Outcome, String>,
) -> Outcome {
    let mut outcome = Outcome::Good;
    for file in files {
        let read = input::read(file, Limits::DOCUMENT.bytes).and_then(|bytes| one(file, &bytes, out));
        let this = read.unwrap_or_else(|error| {
            if json {
                input::line(out, &input::Unreadable { file, error: &error });
            } else {
                let _closed_pipe = writeln!(std::io::stderr(), "{file}: {error}");
            }
            Outcome::Failed
        });
        outcome = outcome.max(this);
    }
    let _closed_pipe = out.flush();
    outcome
}

/// Whether a finding is an error.
pub(crate) fn is_valid(findings: &[cve::Finding]) -> bool {
    findings.iter().all(|finding| finding.severity != cve::Severity::Error)
}

/// Good without errors, else bad.
pub(crate) fn judge(findings: &[cve::Finding]) -> Outcome {
    if is_valid(findings) { Outcome::Good } else { Outcome::Bad }
}

/// Writes findings, one a line.
pub(crate) fn print(out: &mut dyn Write, findings: &[cve::Finding]) {
    for finding in findings {
        let severity = match finding.severity {
            cve::Severity::Error => "error",
            cve::Severity::Warning => "warning",
        };
        let path = if finding.path.is_empty() { "/" } else { &finding.path };
        let _closed_pipe = writeln!(out, "  {severity} {path}: {} [{}]", finding.message, finding.rule);
    }
}
