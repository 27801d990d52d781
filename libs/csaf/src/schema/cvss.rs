//! The JSON schemas of CVSS v2.0, v3.0, v3.1 and v4.0 (revision 2) as tables.

use super::{Extra, Object, Shape};
use crate::format::Form;

const fn choice(options: &'static [&'static str]) -> Shape {
    Shape::Choice(options)
}

static REQUIREMENT: Shape = choice(&["LOW", "MEDIUM", "HIGH", "NOT_DEFINED"]);
static SCORE: Shape = Shape::Score;
static SEVERITY: Shape = choice(&["NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL"]);
static HIGH_LOW: Shape = choice(&["HIGH", "LOW"]);
static HIGH_LOW_X: Shape = choice(&["HIGH", "LOW", "NOT_DEFINED"]);
static HIGH_LOW_NONE: Shape = choice(&["HIGH", "LOW", "NONE"]);
static HIGH_LOW_NONE_X: Shape = choice(&["HIGH", "LOW", "NONE", "NOT_DEFINED"]);
static VECTOR3: Shape = choice(&["NETWORK", "ADJACENT_NETWORK", "LOCAL", "PHYSICAL"]);
static VECTOR3_X: Shape = choice(&["NETWORK", "ADJACENT_NETWORK", "LOCAL", "PHYSICAL", "NOT_DEFINED"]);
static VECTOR4: Shape = choice(&["NETWORK", "ADJACENT", "LOCAL", "PHYSICAL"]);
static VECTOR4_X: Shape = choice(&["NETWORK", "ADJACENT", "LOCAL", "PHYSICAL", "NOT_DEFINED"]);
static IMPACT2: Shape = choice(&["NONE", "PARTIAL", "COMPLETE"]);

const fn text(form: Form) -> Shape {
    Shape::Text { some: false, form: Some(form) }
}

pub(super) static V2: Object = Object::new(
    &[
        ("version", &choice(&["2.0"])),
        ("vectorString", &text(Form::CvssVector2)),
        ("baseScore", &SCORE),
        ("accessComplexity", &choice(&["HIGH", "MEDIUM", "LOW"])),
        ("accessVector", &choice(&["NETWORK", "ADJACENT_NETWORK", "LOCAL"])),
        ("authentication", &choice(&["MULTIPLE", "SINGLE", "NONE"])),
        ("availabilityImpact", &IMPACT2),
        ("availabilityRequirement", &REQUIREMENT),
        ("collateralDamagePotential", &choice(&["NONE", "LOW", "LOW_MEDIUM", "MEDIUM_HIGH", "HIGH", "NOT_DEFINED"])),
        ("confidentialityImpact", &IMPACT2),
        ("confidentialityRequirement", &REQUIREMENT),
        ("environmentalScore", &SCORE),
        ("exploitability", &choice(&["UNPROVEN", "PROOF_OF_CONCEPT", "FUNCTIONAL", "HIGH", "NOT_DEFINED"])),
        ("integrityImpact", &IMPACT2),
        ("integrityRequirement", &REQUIREMENT),
        ("remediationLevel", &choice(&["OFFICIAL_FIX", "TEMPORARY_FIX", "WORKAROUND", "UNAVAILABLE", "NOT_DEFINED"])),
        ("reportConfidence", &choice(&["UNCONFIRMED", "UNCORROBORATED", "CONFIRMED", "NOT_DEFINED"])),
        ("targetDistribution", &choice(&["NONE", "LOW", "MEDIUM", "HIGH", "NOT_DEFINED"])),
        ("temporalScore", &SCORE),
    ],
    &["version", "vectorString", "baseScore"],
)
.extra(Extra::Reported);

const REQUIRED: &[&str] = &["version", "vectorString", "baseScore", "baseSeverity"];

macro_rules! v3 {
    ($version:literal, $vector:expr) => {
        Object::new(
            &[
                ("version", &choice(&[$version])),
                ("vectorString", &text($vector)),
                ("baseScore", &SCORE),
                ("baseSeverity", &SEVERITY),
                ("attackComplexity", &HIGH_LOW),
                ("attackVector", &VECTOR3),
                ("availabilityImpact", &HIGH_LOW_NONE),
                ("availabilityRequirement", &REQUIREMENT),
                ("confidentialityImpact", &HIGH_LOW_NONE),
                ("confidentialityRequirement", &REQUIREMENT),
                ("environmentalScore", &SCORE),
                ("environmentalSeverity", &SEVERITY),
                (
                    "exploitCodeMaturity",
                    &choice(&["UNPROVEN", "PROOF_OF_CONCEPT", "FUNCTIONAL", "HIGH", "NOT_DEFINED"]),
                ),
                ("integrityImpact", &HIGH_LOW_NONE),
                ("integrityRequirement", &REQUIREMENT),
                ("modifiedAttackComplexity", &HIGH_LOW_X),
                ("modifiedAttackVector", &VECTOR3_X),
                ("modifiedAvailabilityImpact", &HIGH_LOW_NONE_X),
                ("modifiedConfidentialityImpact", &HIGH_LOW_NONE_X),
                ("modifiedIntegrityImpact", &HIGH_LOW_NONE_X),
                ("modifiedPrivilegesRequired", &HIGH_LOW_NONE_X),
                ("modifiedScope", &choice(&["UNCHANGED", "CHANGED", "NOT_DEFINED"])),
                ("modifiedUserInteraction", &choice(&["NONE", "REQUIRED", "NOT_DEFINED"])),
                ("privilegesRequired", &HIGH_LOW_NONE),
                (
                    "remediationLevel",
                    &choice(&["OFFICIAL_FIX", "TEMPORARY_FIX", "WORKAROUND", "UNAVAILABLE", "NOT_DEFINED"]),
                ),
                ("reportConfidence", &choice(&["UNKNOWN", "REASONABLE", "CONFIRMED", "NOT_DEFINED"])),
                ("scope", &choice(&["UNCHANGED", "CHANGED"])),
                ("temporalScore", &SCORE),
                ("temporalSeverity", &SEVERITY),
                ("userInteraction", &choice(&["NONE", "REQUIRED"])),
            ],
            REQUIRED,
        )
        .extra(Extra::Reported)
    };
}

pub(super) static V3_0: Object = v3!("3.0", Form::CvssVector30);
pub(super) static V3_1: Object = v3!("3.1", Form::CvssVector31);

static MODIFIED_SUB_C: Shape = choice(&["NEGLIGIBLE", "LOW", "HIGH", "NOT_DEFINED"]);
static MODIFIED_SUB_IA: Shape = choice(&["NEGLIGIBLE", "LOW", "HIGH", "SAFETY", "NOT_DEFINED"]);

pub(super) static V4: Object = Object::new(
    &[
        ("version", &choice(&["4.0"])),
        ("vectorString", &text(Form::CvssVector40)),
        ("baseScore", &SCORE),
        ("baseSeverity", &SEVERITY),
        ("Automatable", &choice(&["NO", "YES", "NOT_DEFINED"])),
        ("Recovery", &choice(&["AUTOMATIC", "USER", "IRRECOVERABLE", "NOT_DEFINED"])),
        ("Safety", &choice(&["NEGLIGIBLE", "PRESENT", "NOT_DEFINED"])),
        ("attackComplexity", &HIGH_LOW),
        ("attackRequirements", &choice(&["NONE", "PRESENT"])),
        ("attackVector", &VECTOR4),
        ("availabilityRequirement", &REQUIREMENT),
        ("confidentialityRequirement", &REQUIREMENT),
        ("exploitMaturity", &choice(&["UNREPORTED", "PROOF_OF_CONCEPT", "ATTACKED", "NOT_DEFINED"])),
        ("integrityRequirement", &REQUIREMENT),
        ("modifiedAttackComplexity", &HIGH_LOW_X),
        ("modifiedAttackRequirements", &choice(&["NONE", "PRESENT", "NOT_DEFINED"])),
        ("modifiedAttackVector", &VECTOR4_X),
        ("modifiedPrivilegesRequired", &HIGH_LOW_NONE_X),
        ("modifiedSubAvailabilityImpact", &MODIFIED_SUB_IA),
        ("modifiedSubConfidentialityImpact", &MODIFIED_SUB_C),
        ("modifiedSubIntegrityImpact", &MODIFIED_SUB_IA),
        ("modifiedUserInteraction", &choice(&["NONE", "PASSIVE", "ACTIVE", "NOT_DEFINED"])),
        ("modifiedVulnAvailabilityImpact", &HIGH_LOW_NONE_X),
        ("modifiedVulnConfidentialityImpact", &HIGH_LOW_NONE_X),
        ("modifiedVulnIntegrityImpact", &HIGH_LOW_NONE_X),
        ("privilegesRequired", &HIGH_LOW_NONE),
        ("providerUrgency", &choice(&["CLEAR", "GREEN", "AMBER", "RED", "NOT_DEFINED"])),
        ("subAvailabilityImpact", &HIGH_LOW_NONE),
        ("subConfidentialityImpact", &HIGH_LOW_NONE),
        ("subIntegrityImpact", &HIGH_LOW_NONE),
        ("userInteraction", &choice(&["NONE", "PASSIVE", "ACTIVE"])),
        ("valueDensity", &choice(&["DIFFUSE", "CONCENTRATED", "NOT_DEFINED"])),
        ("vulnAvailabilityImpact", &HIGH_LOW_NONE),
        ("vulnConfidentialityImpact", &HIGH_LOW_NONE),
        ("vulnIntegrityImpact", &HIGH_LOW_NONE),
        ("vulnerabilityResponseEffort", &choice(&["LOW", "MODERATE", "HIGH", "NOT_DEFINED"])),
    ],
    REQUIRED,
)
.extra(Extra::ReportedBut(&["threatScore", "threatSeverity", "environmentalScore", "environmentalSeverity"]));
