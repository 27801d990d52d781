//! What a root cause needs. Pure.

use kernel::{FieldError, Id, Refusal, clean_text, kinds};

use super::super::model::{Case, Outcome};
use super::model::{Catch, Cause, Detected, Introduced, RootCause};

/// The longest explanation and suggestion.
const LONGEST: usize = 4_000;

/// What a person typed; empty texts are what was not chosen.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Said<'a> {
    pub(super) cause: &'a str,
    pub(super) explanation: &'a str,
    pub(super) introduced: &'a str,
    /// An activity of the pack, `gap`, or empty.
    pub(super) caught: &'a str,
    pub(super) suggestion: &'a str,
    pub(super) detected: &'a str,
}

/// An activity that can be named: identifier, title, practice.
pub(super) type Named<'a> = (&'a str, &'a str, &'a str);

/// Why a case has no place for a root cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum RootCauseRefused {
    #[error("The case ended as “{0}”, so there is nothing that the process should have caught.")]
    Dismissed(&'static str),
    #[error("Add a vulnerability first: a root cause is that of a vulnerability.")]
    NoVulnerability,
    #[error("Only a lead can leave the root cause unknown. Find it out, or ask a lead.")]
    OnlyLead,
}

impl Refusal for RootCauseRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::Dismissed(_) => "root-cause-dismissed",
            Self::NoVulnerability => "root-cause-no-vulnerability",
            Self::OnlyLead => "root-cause-only-lead",
        }
    }
}

/// Decides whether a case has a root cause to record.
pub(super) fn may_record(case: &Case, vulnerabilities: u32) -> Result<(), RootCauseRefused> {
    match case.outcome {
        Some(
            outcome @ (Outcome::NotAVulnerability
            | Outcome::OutOfScope
            | Outcome::Duplicate
            | Outcome::Merged
            | Outcome::NotReproducible),
        ) => Err(RootCauseRefused::Dismissed(outcome.label())),
        Some(Outcome::Fixed | Outcome::Unsupported) | None if vulnerabilities == 0 => {
            Err(RootCauseRefused::NoVulnerability)
        }
        Some(Outcome::Fixed | Outcome::Unsupported) | None => Ok(()),
    }
}

/// Decides whether the actor may leave it unknown.
pub(super) fn may_leave_unknown(root_cause: &RootCause, is_lead: bool) -> Result<(), RootCauseRefused> {
    if root_cause.cause == Cause::Unknown && !is_lead { Err(RootCauseRefused::OnlyLead) } else { Ok(()) }
}

/// Reads what was typed. With an unknown cause the reason is all that is asked for.
pub(super) fn read(
    said: Said<'_>,
    releases: &[Id<kinds::Release>],
    activities: &[Named<'_>],
) -> Result<RootCause, Vec<FieldError>> {
    let mut problems = Vec::new();
    let mut wrong = |field: &str, words: &str| {
        problems.push(FieldError { field: field.to_owned(), words: words.to_owned() });
    };
    let cause = Cause::parse(said.cause);
    if cause.is_none() {
        wrong("cause", "Choose what kind of mistake it was.");
    }
    let unknown = cause == Some(Cause::Unknown);
    let introduced = match Introduced::parse(said.introduced) {
        Some(Introduced::Release(id)) if !releases.contains(&id) => {
            wrong("introduced", "Choose a release of the product, or one of the two answers below them.");
            Introduced::Unknown
        }
        Some(introduced) => introduced,
        None if unknown => Introduced::Unknown,
        None => {
            wrong("introduced", "Choose the release that brought it in; “not known” is an answer too.");
            Introduced::Unknown
        }
    };
    let mut catch = Catch::Unknown;
    match said.caught {
        "" if unknown => {}
        "gap" => match cleaned("suggestion", said.suggestion) {
            Ok(suggestion) => catch = Catch::Gap { suggestion },
            Err(_) => wrong("suggestion", "Say in a sentence what the process should do to catch such flaws."),
        },
        id => match activities.iter().find(|(known, _, _)| *known == id) {
            Some((id, title, practice)) => {
                catch = Catch::Activity {
                    id: (*id).to_owned(),
                    title: (*title).to_owned(),
                    practice: (*practice).to_owned(),
                };
            }
            None => wrong("caught", "Choose the activity that should have caught it, or “none: a gap in the process”."),
        },
    }
    let detected = match Detected::parse(said.detected) {
        Some(detected) => detected,
        None if unknown => Detected::Unknown,
        None => {
            wrong("detected", "Choose what found it.");
            Detected::Unknown
        }
    };
    let explanation = cleaned("explanation", said.explanation);
    if explanation.is_err() {
        let words = if unknown {
            "Say why nobody can tell; it stands in the log that it stayed unknown."
        } else {
            "Say in a few sentences how it came to be."
        };
        wrong("explanation", words);
    }
    match (cause, explanation) {
        (Some(cause), Ok(explanation)) if problems.is_empty() => {
            Ok(RootCause { cause, explanation, introduced, catch, detected })
        }
        _ => Err(problems),
    }
}

fn cleaned(field: &str, text: &str) -> Result<String, FieldError> {
    clean_text(field, text, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTIVITIES: &[Named<'_>] = &[("code.review", "Review code", "implementation_review")];
    const RELEASE: &str = "00000000-0000-7000-8000-000000000001";

    fn full() -> Said<'static> {
        Said {
            cause: "coding_mistake",
            explanation: "A length was not checked.",
            introduced: RELEASE,
            caught: "code.review",
            suggestion: "",
            detected: "finder",
        }
    }

    #[track_caller]
    fn check(said: Said<'_>, wrong: &[&str]) {
        let releases = [RELEASE.parse().unwrap()];
        let found: Vec<String> = match read(said, &releases, ACTIVITIES) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.into_iter().map(|problem| problem.field).collect(),
        };
        assert_eq!(found, wrong);
    }

    #[test]
    fn every_answer_is_asked_for() {
        check(full(), &[]);
        check(Said { cause: "bad luck", ..full() }, &["cause"]);
        check(Said { introduced: "00000000-0000-7000-8000-000000000002", ..full() }, &["introduced"]);
        check(Said { introduced: "before_records", ..full() }, &[]);
        check(Said { caught: "nothing.such", ..full() }, &["caught"]);
        check(Said { caught: "gap", ..full() }, &["suggestion"]);
        check(Said { caught: "gap", suggestion: "Fuzz parsers.", ..full() }, &[]);
        check(Said { explanation: "  ", ..full() }, &["explanation"]);
        check(Said::default(), &["cause", "introduced", "caught", "detected", "explanation"]);
    }

    #[test]
    fn an_unknown_cause_asks_only_for_the_reason_and_a_lead() {
        let said = Said { cause: "unknown", explanation: "The author left.", ..Said::default() };
        check(said, &[]);
        check(Said { explanation: "", ..said }, &["explanation"]);
        let root_cause = read(said, &[], &[]).unwrap();
        assert_eq!(may_leave_unknown(&root_cause, false), Err(RootCauseRefused::OnlyLead));
        assert_eq!(may_leave_unknown(&root_cause, true), Ok(()));
    }
}
