//! How the words of one format map to those of another, and where something is lost.

use lenient::Value;
use serde::Serialize;

use crate::model::{Justification, Product, Response, Status};

/// A document in some format, with what that format could not carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The document.
    pub document: Value,
    /// What was left out or changed in meaning.
    pub losses: Vec<Loss>,
}

/// Something that a format could not carry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// Position of the statement, counted from zero; absent when it concerns the document.
    pub statement: Option<usize>,
    /// The part of the model: `justification`, `author_role`.
    pub field: &'static str,
    /// What happened to it.
    pub message: String,
}

/// Collects losses for one statement, or for the document.
#[derive(Debug, Default)]
pub(crate) struct Losses {
    pub(crate) list: Vec<Loss>,
    pub(crate) statement: Option<usize>,
}

impl Losses {
    pub(crate) fn add(&mut self, field: &'static str, message: impl Into<String>) {
        let loss = Loss { statement: self.statement, field, message: message.into() };
        if !self.list.contains(&loss) {
            self.list.push(loss);
        }
    }

    /// Reports an optional part that has no place.
    pub(crate) fn left_out(&mut self, field: &'static str, value: Option<&String>) {
        if let Some(value) = value {
            self.add(field, format!("has no place in the format and was left out: “{value}”"));
        }
    }
}

use Justification as J;

/// The justification among the five of OpenVEX and CSAF, and whether it says the same.
pub(crate) const fn to_five(justification: Justification) -> (Justification, bool) {
    match justification {
        J::ComponentNotPresent
        | J::VulnerableCodeNotPresent
        | J::VulnerableCodeNotInExecutePath
        | J::VulnerableCodeCannotBeControlledByAdversary
        | J::InlineMitigationsAlreadyExist => (justification, true),
        J::RequiresConfiguration | J::RequiresEnvironment => (J::VulnerableCodeNotInExecutePath, false),
        J::RequiresDependency => (J::ComponentNotPresent, false),
        J::ProtectedByCompiler | J::ProtectedAtRuntime | J::ProtectedAtPerimeter => {
            (J::InlineMitigationsAlreadyExist, false)
        }
    }
}

/// The word of CycloneDX for a justification, and whether it says the same.
pub(crate) const fn to_cyclonedx(justification: Justification) -> (&'static str, bool) {
    match justification {
        J::ComponentNotPresent => ("code_not_present", false),
        J::VulnerableCodeNotPresent => ("code_not_present", true),
        J::VulnerableCodeNotInExecutePath => ("code_not_reachable", true),
        J::VulnerableCodeCannotBeControlledByAdversary => ("code_not_reachable", false),
        J::InlineMitigationsAlreadyExist => ("protected_by_mitigating_control", true),
        J::RequiresConfiguration
        | J::RequiresDependency
        | J::RequiresEnvironment
        | J::ProtectedByCompiler
        | J::ProtectedAtRuntime
        | J::ProtectedAtPerimeter => (justification.as_str(), true),
    }
}

/// The justification for a word of CycloneDX.
pub(crate) fn from_cyclonedx(text: &str) -> Option<Justification> {
    match text {
        "code_not_present" => Some(J::VulnerableCodeNotPresent),
        "code_not_reachable" => Some(J::VulnerableCodeNotInExecutePath),
        "protected_by_mitigating_control" => Some(J::InlineMitigationsAlreadyExist),
        "requires_configuration"
        | "requires_dependency"
        | "requires_environment"
        | "protected_by_compiler"
        | "protected_at_runtime"
        | "protected_at_perimeter" => J::from_text(text),
        _ => None,
    }
}

/// The status for a state of CycloneDX.
pub(crate) fn status_from_cyclonedx(state: &str) -> Option<Status> {
    match state {
        "exploitable" => Some(Status::Affected),
        "in_triage" => Some(Status::UnderInvestigation),
        "resolved" | "resolved_with_pedigree" => Some(Status::Fixed),
        "not_affected" | "false_positive" => Some(Status::NotAffected),
        _ => None,
    }
}

/// The state of CycloneDX for a status; a nuance that fits it is kept.
pub(crate) fn status_to_cyclonedx(status: Status, nuance: Option<&str>) -> &'static str {
    match (status, nuance) {
        (Status::Affected, _) => "exploitable",
        (Status::UnderInvestigation, _) => "in_triage",
        (Status::Fixed, Some("resolved_with_pedigree")) => "resolved_with_pedigree",
        (Status::Fixed, _) => "resolved",
        (Status::NotAffected, Some("false_positive")) => "false_positive",
        (Status::NotAffected, _) => "not_affected",
    }
}

/// The response of CycloneDX, where there is one that says the same.
pub(crate) const fn response_to_cyclonedx(response: Response) -> Option<(&'static str, bool)> {
    match response {
        Response::CanNotFix
        | Response::WillNotFix
        | Response::Update
        | Response::Rollback
        | Response::WorkaroundAvailable => Some((response.as_str(), true)),
        Response::Mitigation => Some(("workaround_available", false)),
        Response::OptionalPatch => Some(("update", false)),
        Response::FixPlanned => None,
    }
}

/// The category of a remediation of CSAF 2.0 for a response, and whether it says the same.
pub(crate) const fn response_to_csaf(response: Response) -> (&'static str, bool) {
    match response {
        Response::CanNotFix => ("none_available", true),
        Response::WillNotFix => ("no_fix_planned", true),
        Response::Update => ("vendor_fix", true),
        Response::WorkaroundAvailable => ("workaround", true),
        Response::Mitigation => ("mitigation", true),
        Response::Rollback => ("mitigation", false),
        Response::FixPlanned => ("none_available", false),
        Response::OptionalPatch => ("vendor_fix", false),
    }
}

/// The response for a category of a remediation of CSAF.
pub(crate) fn response_from_csaf(category: &str) -> Option<Response> {
    match category {
        "none_available" => Some(Response::CanNotFix),
        "no_fix_planned" => Some(Response::WillNotFix),
        "vendor_fix" => Some(Response::Update),
        "workaround" => Some(Response::WorkaroundAvailable),
        "mitigation" => Some(Response::Mitigation),
        "fix_planned" => Some(Response::FixPlanned),
        "optional_patch" => Some(Response::OptionalPatch),
        _ => None,
    }
}

/// Reports a nuance that only its own format has.
pub(crate) fn nuance_lost(nuance: Option<&str>, losses: &mut Losses) {
    if let Some(nuance) = nuance {
        losses.add("nuance", format!("the status was “{nuance}”, which the format cannot tell apart"));
    }
}

/// Reports a justification that was replaced by a close one.
pub(crate) fn justification_bent(from: Justification, to: &str, losses: &mut Losses) {
    losses.add("justification", format!("“{}” became “{to}”, the closest that the format has", from.as_str()));
}

/// The products that a product with versions stands for, in a format whose products have one version each.
///
/// Versions whose own status contradicts that of the statement are left out, with a loss.
pub(crate) fn expand(product: &Product, status: Status, losses: &mut Losses) -> Vec<Product> {
    if product.versions.is_empty() {
        return vec![product.clone()];
    }
    let mut products = Vec::new();
    for item in &product.versions {
        let Some(version) = item.version.as_ref().or(item.range.as_ref()) else { continue };
        let fits = match (status, item.status.as_deref()) {
            (Status::Affected, Some("unaffected")) | (Status::NotAffected | Status::Fixed, Some("affected")) => false,
            (Status::Affected | Status::NotAffected | Status::Fixed | Status::UnderInvestigation, _) => true,
        };
        if !fits {
            let stated = item.status.as_deref().unwrap_or_default();
            losses.add(
                "products",
                format!("version {version} of “{}” is “{stated}” and was left out", product.display()),
            );
            continue;
        }
        products.push(Product {
            id: format!("{}:{version}", product.id),
            name: Some(product.name.clone().unwrap_or_else(|| product.id.clone())),
            version: Some(version.clone()),
            // An identifier with a version would name another product.
            purl: product.purl.clone().filter(|purl| !purl.contains('@')),
            cpe: None,
            hashes: Vec::new(),
            versions: Vec::new(),
            subcomponents: product.subcomponents.clone(),
        });
    }
    losses.add("products", format!("each version of “{}” became a product of its own", product.display()));
    products
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Justification; 11] = [
        J::ComponentNotPresent,
        J::VulnerableCodeNotPresent,
        J::VulnerableCodeNotInExecutePath,
        J::VulnerableCodeCannotBeControlledByAdversary,
        J::InlineMitigationsAlreadyExist,
        J::RequiresConfiguration,
        J::RequiresDependency,
        J::RequiresEnvironment,
        J::ProtectedByCompiler,
        J::ProtectedAtRuntime,
        J::ProtectedAtPerimeter,
    ];

    #[test]
    fn what_is_said_to_be_the_same_comes_back_the_same() {
        for justification in ALL {
            let (five, same) = to_five(justification);
            assert_eq!(five == justification, same, "{justification:?}");
            let (word, same) = to_cyclonedx(justification);
            assert_eq!(from_cyclonedx(word) == Some(justification), same, "{justification:?}");
            assert_eq!(J::from_text(justification.as_str()), Some(justification));
        }
    }

    #[test]
    fn states_come_back() {
        for state in
            ["exploitable", "in_triage", "resolved", "resolved_with_pedigree", "not_affected", "false_positive"]
        {
            let status = status_from_cyclonedx(state).unwrap();
            assert_eq!(status_to_cyclonedx(status, Some(state)), state);
        }
    }
}
