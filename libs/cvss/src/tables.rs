//! The metrics of each version with their names, in the order in which vectors are written.

use crate::metric::Group::{Base, Environmental, Supplemental, Temporal};
use crate::metric::{Metric, Value};

const fn m(
    group: crate::metric::Group,
    abbreviation: &'static str,
    name: &'static str,
    property: &'static str,
    values: &'static [Value],
) -> Metric {
    Metric::new(group, abbreviation, name, property, values)
}

const fn v(abbreviation: &'static str, name: &'static str, property: &'static str) -> Value {
    Value::new(abbreviation, name, property)
}

const X: Value = v("X", "Not Defined", "NOT_DEFINED");
const ND: Value = v("ND", "Not Defined", "NOT_DEFINED");
const HIGH: Value = v("H", "High", "HIGH");
const MEDIUM: Value = v("M", "Medium", "MEDIUM");
const LOW: Value = v("L", "Low", "LOW");
const NONE: Value = v("N", "None", "NONE");

const IMPACT2: &[Value] = &[NONE, v("P", "Partial", "PARTIAL"), v("C", "Complete", "COMPLETE")];
const REQUIREMENT2: &[Value] = &[ND, LOW, MEDIUM, HIGH];

/// Metrics of v2.0: the complete guide, section 2.4.
pub(crate) static V2: &[Metric] = &[
    m(
        Base,
        "AV",
        "Access Vector",
        "accessVector",
        &[v("L", "Local", "LOCAL"), v("A", "Adjacent Network", "ADJACENT_NETWORK"), v("N", "Network", "NETWORK")],
    ),
    m(Base, "AC", "Access Complexity", "accessComplexity", &[HIGH, MEDIUM, LOW]),
    m(
        Base,
        "Au",
        "Authentication",
        "authentication",
        &[v("M", "Multiple", "MULTIPLE"), v("S", "Single", "SINGLE"), NONE],
    ),
    m(Base, "C", "Confidentiality Impact", "confidentialityImpact", IMPACT2),
    m(Base, "I", "Integrity Impact", "integrityImpact", IMPACT2),
    m(Base, "A", "Availability Impact", "availabilityImpact", IMPACT2),
    m(
        Temporal,
        "E",
        "Exploitability",
        "exploitability",
        &[
            ND,
            v("U", "Unproven", "UNPROVEN"),
            v("POC", "Proof of Concept", "PROOF_OF_CONCEPT"),
            v("F", "Functional", "FUNCTIONAL"),
            HIGH,
        ],
    ),
    m(
        Temporal,
        "RL",
        "Remediation Level",
        "remediationLevel",
        &[
            ND,
            v("OF", "Official Fix", "OFFICIAL_FIX"),
            v("TF", "Temporary Fix", "TEMPORARY_FIX"),
            v("W", "Workaround", "WORKAROUND"),
            v("U", "Unavailable", "UNAVAILABLE"),
        ],
    ),
    m(
        Temporal,
        "RC",
        "Report Confidence",
        "reportConfidence",
        &[
            ND,
            v("UC", "Unconfirmed", "UNCONFIRMED"),
            v("UR", "Uncorroborated", "UNCORROBORATED"),
            v("C", "Confirmed", "CONFIRMED"),
        ],
    ),
    m(
        Environmental,
        "CDP",
        "Collateral Damage Potential",
        "collateralDamagePotential",
        &[ND, NONE, LOW, v("LM", "Low to Medium", "LOW_MEDIUM"), v("MH", "Medium to High", "MEDIUM_HIGH"), HIGH],
    ),
    m(Environmental, "TD", "Target Distribution", "targetDistribution", &[ND, NONE, LOW, MEDIUM, HIGH]),
    m(Environmental, "CR", "Confidentiality Requirement", "confidentialityRequirement", REQUIREMENT2),
    m(Environmental, "IR", "Integrity Requirement", "integrityRequirement", REQUIREMENT2),
    m(Environmental, "AR", "Availability Requirement", "availabilityRequirement", REQUIREMENT2),
];

const NETWORK: Value = v("N", "Network", "NETWORK");
const ADJACENT3: Value = v("A", "Adjacent", "ADJACENT_NETWORK");
const LOCAL: Value = v("L", "Local", "LOCAL");
const PHYSICAL: Value = v("P", "Physical", "PHYSICAL");
const REQUIRED: Value = v("R", "Required", "REQUIRED");
const UNCHANGED: Value = v("U", "Unchanged", "UNCHANGED");
const CHANGED: Value = v("C", "Changed", "CHANGED");
const IMPACT: &[Value] = &[HIGH, LOW, NONE];
const MODIFIED_IMPACT: &[Value] = &[X, HIGH, LOW, NONE];
const REQUIREMENT: &[Value] = &[X, HIGH, MEDIUM, LOW];

/// Metrics of v3.0 and v3.1: specification section 6.
pub(crate) static V3: &[Metric] = &[
    m(Base, "AV", "Attack Vector", "attackVector", &[NETWORK, ADJACENT3, LOCAL, PHYSICAL]),
    m(Base, "AC", "Attack Complexity", "attackComplexity", &[LOW, HIGH]),
    m(Base, "PR", "Privileges Required", "privilegesRequired", &[NONE, LOW, HIGH]),
    m(Base, "UI", "User Interaction", "userInteraction", &[NONE, REQUIRED]),
    m(Base, "S", "Scope", "scope", &[UNCHANGED, CHANGED]),
    m(Base, "C", "Confidentiality", "confidentialityImpact", IMPACT),
    m(Base, "I", "Integrity", "integrityImpact", IMPACT),
    m(Base, "A", "Availability", "availabilityImpact", IMPACT),
    m(
        Temporal,
        "E",
        "Exploit Code Maturity",
        "exploitCodeMaturity",
        &[
            X,
            HIGH,
            v("F", "Functional", "FUNCTIONAL"),
            v("P", "Proof-of-Concept", "PROOF_OF_CONCEPT"),
            v("U", "Unproven", "UNPROVEN"),
        ],
    ),
    m(
        Temporal,
        "RL",
        "Remediation Level",
        "remediationLevel",
        &[
            X,
            v("U", "Unavailable", "UNAVAILABLE"),
            v("W", "Workaround", "WORKAROUND"),
            v("T", "Temporary Fix", "TEMPORARY_FIX"),
            v("O", "Official Fix", "OFFICIAL_FIX"),
        ],
    ),
    m(
        Temporal,
        "RC",
        "Report Confidence",
        "reportConfidence",
        &[X, v("C", "Confirmed", "CONFIRMED"), v("R", "Reasonable", "REASONABLE"), v("U", "Unknown", "UNKNOWN")],
    ),
    m(Environmental, "CR", "Confidentiality Requirement", "confidentialityRequirement", REQUIREMENT),
    m(Environmental, "IR", "Integrity Requirement", "integrityRequirement", REQUIREMENT),
    m(Environmental, "AR", "Availability Requirement", "availabilityRequirement", REQUIREMENT),
    m(
        Environmental,
        "MAV",
        "Modified Attack Vector",
        "modifiedAttackVector",
        &[X, NETWORK, ADJACENT3, LOCAL, PHYSICAL],
    ),
    m(Environmental, "MAC", "Modified Attack Complexity", "modifiedAttackComplexity", &[X, LOW, HIGH]),
    m(Environmental, "MPR", "Modified Privileges Required", "modifiedPrivilegesRequired", &[X, NONE, LOW, HIGH]),
    m(Environmental, "MUI", "Modified User Interaction", "modifiedUserInteraction", &[X, NONE, REQUIRED]),
    m(Environmental, "MS", "Modified Scope", "modifiedScope", &[X, UNCHANGED, CHANGED]),
    m(Environmental, "MC", "Modified Confidentiality", "modifiedConfidentialityImpact", MODIFIED_IMPACT),
    m(Environmental, "MI", "Modified Integrity", "modifiedIntegrityImpact", MODIFIED_IMPACT),
    m(Environmental, "MA", "Modified Availability", "modifiedAvailabilityImpact", MODIFIED_IMPACT),
];

const ADJACENT4: Value = v("A", "Adjacent", "ADJACENT");
const PRESENT: Value = v("P", "Present", "PRESENT");
const PASSIVE: Value = v("P", "Passive", "PASSIVE");
const ACTIVE: Value = v("A", "Active", "ACTIVE");
const SAFETY_IMPACT: &[Value] = &[X, HIGH, LOW, v("N", "Negligible", "NONE"), v("S", "Safety", "SAFETY")];
const SUBSEQUENT: &[Value] = &[HIGH, LOW, NONE];
const MODIFIED_SUBSEQUENT: &[Value] = &[X, HIGH, LOW, v("N", "Negligible", "NONE")];

/// Metrics of v4.0: specification section 7.
pub(crate) static V4: &[Metric] = &[
    m(Base, "AV", "Attack Vector", "attackVector", &[NETWORK, ADJACENT4, LOCAL, PHYSICAL]),
    m(Base, "AC", "Attack Complexity", "attackComplexity", &[LOW, HIGH]),
    m(Base, "AT", "Attack Requirements", "attackRequirements", &[NONE, PRESENT]),
    m(Base, "PR", "Privileges Required", "privilegesRequired", &[NONE, LOW, HIGH]),
    m(Base, "UI", "User Interaction", "userInteraction", &[NONE, PASSIVE, ACTIVE]),
    m(Base, "VC", "Vulnerable System Confidentiality", "vulnConfidentialityImpact", IMPACT),
    m(Base, "VI", "Vulnerable System Integrity", "vulnIntegrityImpact", IMPACT),
    m(Base, "VA", "Vulnerable System Availability", "vulnAvailabilityImpact", IMPACT),
    m(Base, "SC", "Subsequent System Confidentiality", "subConfidentialityImpact", SUBSEQUENT),
    m(Base, "SI", "Subsequent System Integrity", "subIntegrityImpact", SUBSEQUENT),
    m(Base, "SA", "Subsequent System Availability", "subAvailabilityImpact", SUBSEQUENT),
    m(
        Temporal,
        "E",
        "Exploit Maturity",
        "exploitMaturity",
        &[
            X,
            v("A", "Attacked", "ATTACKED"),
            v("P", "Proof-of-Concept", "PROOF_OF_CONCEPT"),
            v("U", "Unreported", "UNREPORTED"),
        ],
    ),
    m(Environmental, "CR", "Confidentiality Requirement", "confidentialityRequirement", REQUIREMENT),
    m(Environmental, "IR", "Integrity Requirement", "integrityRequirement", REQUIREMENT),
    m(Environmental, "AR", "Availability Requirement", "availabilityRequirement", REQUIREMENT),
    m(
        Environmental,
        "MAV",
        "Modified Attack Vector",
        "modifiedAttackVector",
        &[X, NETWORK, ADJACENT4, LOCAL, PHYSICAL],
    ),
    m(Environmental, "MAC", "Modified Attack Complexity", "modifiedAttackComplexity", &[X, LOW, HIGH]),
    m(Environmental, "MAT", "Modified Attack Requirements", "modifiedAttackRequirements", &[X, NONE, PRESENT]),
    m(Environmental, "MPR", "Modified Privileges Required", "modifiedPrivilegesRequired", &[X, NONE, LOW, HIGH]),
    m(Environmental, "MUI", "Modified User Interaction", "modifiedUserInteraction", &[X, NONE, PASSIVE, ACTIVE]),
    m(
        Environmental,
        "MVC",
        "Modified Vulnerable System Confidentiality",
        "modifiedVulnConfidentialityImpact",
        MODIFIED_IMPACT,
    ),
    m(Environmental, "MVI", "Modified Vulnerable System Integrity", "modifiedVulnIntegrityImpact", MODIFIED_IMPACT),
    m(
        Environmental,
        "MVA",
        "Modified Vulnerable System Availability",
        "modifiedVulnAvailabilityImpact",
        MODIFIED_IMPACT,
    ),
    m(
        Environmental,
        "MSC",
        "Modified Subsequent System Confidentiality",
        "modifiedSubConfidentialityImpact",
        MODIFIED_SUBSEQUENT,
    ),
    m(Environmental, "MSI", "Modified Subsequent System Integrity", "modifiedSubIntegrityImpact", SAFETY_IMPACT),
    m(Environmental, "MSA", "Modified Subsequent System Availability", "modifiedSubAvailabilityImpact", SAFETY_IMPACT),
    m(Supplemental, "S", "Safety", "Safety", &[X, v("N", "Negligible", "NEGLIGIBLE"), PRESENT]),
    m(Supplemental, "AU", "Automatable", "Automatable", &[X, v("N", "No", "NO"), v("Y", "Yes", "YES")]),
    m(
        Supplemental,
        "R",
        "Recovery",
        "Recovery",
        &[X, v("A", "Automatic", "AUTOMATIC"), v("U", "User", "USER"), v("I", "Irrecoverable", "IRRECOVERABLE")],
    ),
    m(
        Supplemental,
        "V",
        "Value Density",
        "valueDensity",
        &[X, v("D", "Diffuse", "DIFFUSE"), v("C", "Concentrated", "CONCENTRATED")],
    ),
    m(
        Supplemental,
        "RE",
        "Vulnerability Response Effort",
        "vulnerabilityResponseEffort",
        &[X, LOW, v("M", "Moderate", "MODERATE"), HIGH],
    ),
    m(
        Supplemental,
        "U",
        "Provider Urgency",
        "providerUrgency",
        &[
            X,
            v("Clear", "Clear", "CLEAR"),
            v("Green", "Green", "GREEN"),
            v("Amber", "Amber", "AMBER"),
            v("Red", "Red", "RED"),
        ],
    ),
];

/// The most metrics that a version has.
pub(crate) const MOST: usize = 32;
