//! What the example vendor learned from each flaw: cause, the activity that should have caught it, what found it.

use super::flaws::Flaw;

/// The root cause of a flaw, in the words of its form.
pub(super) struct Lesson {
    pub(super) cause: &'static str,
    pub(super) caught: &'static str,
    pub(super) explanation: &'static str,
}

/// By the kind of weakness.
pub(super) fn of(flaw: &Flaw) -> Lesson {
    let (cause, caught, explanation) = match flaw.cwe {
        "787" | "125" | "400" => (
            "coding_mistake",
            "security_testing.fuzzing",
            "The parser trusted a length from the network. Nobody had fuzzed it since it was written.",
        ),
        "78" | "79" | "89" | "22" => (
            "coding_mistake",
            "implementation_review.source_scan",
            "Input went on without quoting. The rule of the scanner was switched off for this module years ago.",
        ),
        "306" | "639" | "862" | "287" => (
            "design_flaw",
            "design_review.against_requirements",
            "The design checked who somebody is, not what they may reach. The review looked at the happy path only.",
        ),
        "798" | "347" | "319" | "1392" => (
            "design_flaw",
            "threat_assessment.threat_model",
            "The threat model did not look at the device on the bench of an attacker.",
        ),
        "732" | "426" => (
            "configuration",
            "security_requirements.secure_defaults",
            "The default of the installer was never questioned; it came from a development machine.",
        ),
        "1395" => (
            "third_party",
            "implementation_review.component_scan",
            "The component was two years old; the scan did not look into the bundled archive.",
        ),
        "532" => {
            ("missing_requirement", "gap", "Nothing says what may stand in a log, so everybody decided for themselves.")
        }
        _ => (
            "missing_requirement",
            "security_requirements.from_threats",
            "The protection was never asked for, so nobody built or tested it.",
        ),
    };
    Lesson { cause, caught, explanation }
}
