//! What the example vendor learned from each flaw: cause, the activity that should have caught it, what found it.

use kernel::Role;

use super::flaws::Flaw;

/// The root cause of a flaw, in the words of its form.
pub(super) struct Lesson {
    pub(super) cause: &'static str,
    pub(super) caught: &'static str,
    pub(super) explanation: &'static str,
}

/// What the vendor does about its escapes.
pub(super) struct Action {
    /// After this flaw of the story.
    pub(super) after: usize,
    pub(super) title: &'static str,
    pub(super) what: &'static str,
    pub(super) activity: &'static str,
    pub(super) cause: &'static str,
    pub(super) owner: Role,
    /// Due in so many days.
    pub(super) days: u64,
    pub(super) state: &'static str,
    pub(super) note: &'static str,
}

/// One that is done long since, one that was dropped, two under way.
pub(super) const ACTIONS: &[Action] = &[
    Action {
        after: 9,
        title: "Model the threats of every device on an attacker's bench",
        what: "Each threat model gets a page about physical access: debug ports, firmware, keys at rest.",
        activity: "threat_assessment.threat_model",
        cause: "",
        owner: Role::Champion,
        days: 30,
        state: "done",
        note: "The template asks for it; all models of products on sale were gone through.",
    },
    Action {
        after: 13,
        title: "Turn the source scanner's rules on for all modules",
        what: "No module keeps a list of its own; exceptions go through the champion.",
        activity: "implementation_review.source_scan",
        cause: "coding_mistake",
        owner: Role::Developer,
        days: 60,
        state: "doing",
        note: "Meet is done, Gate follows.",
    },
    Action {
        after: 17,
        title: "Buy a second scanner",
        what: "",
        activity: "implementation_review.source_scan",
        cause: "",
        owner: Role::SecurityLead,
        days: 90,
        state: "dropped",
        note: "The rules were there; they were switched off. A second tool would not have helped.",
    },
    Action {
        after: 20,
        title: "Fuzz every parser in the nightly build",
        what: "Each parser gets a target with a corpus of real messages; a crash fails the build.",
        activity: "security_testing.fuzzing",
        cause: "",
        owner: Role::Tester,
        days: 200,
        state: "open",
        note: "",
    },
];

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
