//! The status of a release to a vulnerability, in the words of VEX.

use kernel::words;

words! {
    /// The four statuses of VEX.
    pub(crate) enum Status {
        /// Nobody knows yet.
        UnderInvestigation => "under_investigation", "Under investigation";
        /// The flaw is there and can be used.
        Affected => "affected", "Affected";
        /// It is not, with the reason.
        NotAffected => "not_affected", "Not affected";
        /// It was, and this release corrects it.
        Fixed => "fixed", "Fixed";
    }
}

words! {
    /// The five justifications for "not affected" (OpenVEX 0.2.0, CSAF 2.0 flags).
    pub(crate) enum Justification {
        /// The component is not in the release.
        ComponentNotPresent => "component_not_present", "Component not present";
        /// The component is, the flawed code is not.
        VulnerableCodeNotPresent => "vulnerable_code_not_present", "Vulnerable code not present";
        /// The code is never run.
        NotInExecutePath => "vulnerable_code_not_in_execute_path", "Vulnerable code not in the execute path";
        /// The code runs, but nobody who attacks can steer it.
        NotControllable => "vulnerable_code_cannot_be_controlled_by_adversary",
            "Vulnerable code cannot be controlled by an adversary";
        /// Something built in prevents it.
        InlineMitigations => "inline_mitigations_already_exist", "Inline mitigations already exist";
    }
}
