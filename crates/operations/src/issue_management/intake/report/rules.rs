//! What a complete report has, how a form's answers become one text, and how long a secret link holds.

use std::time::Duration;

use kernel::Timestamp;

use super::model::{Report, ReportState};

/// So long after the last message of a closed report its secret link holds.
const LINK_HOLDS: Duration = Duration::from_secs(180 * 86_400);

/// One thing that a complete report says (P11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// What it is.
    pub(super) name: &'static str,
    /// Whether the report says it, as far as a program can tell.
    pub(super) there: bool,
}

/// What a report says of the things that are needed to work on it.
pub(super) fn checklist(report: &Report) -> Vec<Item> {
    let body = report.body.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| body.contains(word));
    let version = !report.version_text.is_empty()
        || body.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).any(|word| {
            let word = word.trim_start_matches('v');
            word.matches('.').count() >= 1
                && word.split('.').all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()))
        });
    vec![
        Item { name: "Product", there: report.product.is_some() || !report.product_text.is_empty() },
        Item { name: "Version", there: version },
        Item { name: "Description", there: report.body.chars().count() >= 60 },
        Item { name: "Impact", there: says(&["impact", "attacker", "allows", "could lead", "execut", "disclos"]) },
        Item { name: "Steps to reproduce", there: says(&["steps", "reproduce", "proof of concept", "poc", "exploit"]) },
        Item { name: "Contact", there: !report.sender_address.is_empty() },
    ]
}

/// The parts of a form as one text, each under its heading; parts that were left empty are left out.
pub(in super::super) fn composed(parts: &[(&str, &str)]) -> String {
    let filled: Vec<_> = parts.iter().filter(|(_, text)| !text.is_empty()).collect();
    match filled.as_slice() {
        [(_, text)] => (*text).to_owned(),
        several => several.iter().map(|(heading, text)| format!("{heading}:\n{text}")).collect::<Vec<_>>().join("\n\n"),
    }
}

/// Whether a secret link still leads somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum LinkEnd {
    /// It does.
    Open,
    /// It ended at this moment.
    Ended(Timestamp),
}

/// How long the link of a report holds: while anything goes on, and half a year after the last message.
pub(in super::super) fn link_end(report: &Report, last: Timestamp, now: Timestamp) -> LinkEnd {
    let over = match (&report.case, report.state) {
        (Some(case), _) => case.state == "closed",
        (None, ReportState::Closed | ReportState::Answered) => true,
        (None, ReportState::New | ReportState::InCase) => false,
    };
    let end = last + LINK_HOLDS;
    if over && end <= now { LinkEnd::Ended(end) } else { LinkEnd::Open }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_a_form_become_one_text() {
        assert_eq!(composed(&[("Description", "It crashes."), ("Impact", "")]), "It crashes.");
        assert_eq!(composed(&[("Description", "a"), ("Impact", "b")]), "Description:\na\n\nImpact:\nb");
    }
}
