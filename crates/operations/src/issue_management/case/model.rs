//! A case as the response team sees it.

use kernel::{Date, Id, Scope, Timestamp, kinds, words};

/// A case's identifier.
pub(crate) type CaseId = Id<kinds::Case>;

words! {
    /// The five severities of CVSS v3.1 and v4.0.
    pub(crate) enum Severity {
        /// A score of 0.
        None => "none", "None";
        /// 0.1 to 3.9.
        Low => "low", "Low";
        /// 4.0 to 6.9.
        Medium => "medium", "Medium";
        /// 7.0 to 8.9.
        High => "high", "High";
        /// 9.0 to 10.0.
        Critical => "critical", "Critical";
    }
}

impl Severity {
    /// The severity of a score in tenths (CVSS v3.1 section 5).
    pub(crate) const fn of_score(tenths: i64) -> Self {
        match tenths {
            ..=0 => Self::None,
            1..=39 => Self::Low,
            40..=69 => Self::Medium,
            70..=89 => Self::High,
            _ => Self::Critical,
        }
    }
}

words! {
    /// Where a case stands.
    pub(crate) enum State {
        /// It is not decided whether there is a vulnerability.
        Triage => "triage", "Triage";
        /// There is one, and it is scored.
        Confirmed => "confirmed", "Confirmed";
        /// It is being corrected.
        Fixing => "fixing", "Fixing";
        /// A fix or mitigation can be given to users.
        Ready => "ready", "Ready";
        /// The public knows.
        Published => "published", "Published";
        /// Nothing is left to do.
        Closed => "closed", "Closed";
    }
}

words! {
    /// How a case ended.
    pub(crate) enum Outcome {
        /// Corrected, and disclosed where that was due.
        Fixed => "fixed", "Fixed";
        /// The product behaves as it should.
        NotAVulnerability => "not_a_vulnerability", "Not a vulnerability";
        /// Not ours, or not security.
        OutOfScope => "out_of_scope", "Out of scope";
        /// Only in releases without support.
        Unsupported => "unsupported", "Unsupported release";
        /// Another case is about the same.
        Duplicate => "duplicate", "Duplicate";
        /// Its content moved into another case.
        Merged => "merged", "Merged";
        /// It could not be reproduced.
        NotReproducible => "not_reproducible", "Not reproducible";
    }
}

words! {
    /// Where a confirmed case goes (P1).
    pub(crate) enum Route {
        /// Nothing is decided yet.
        Undecided => "undecided", "Undecided";
        /// A public notice.
        Advisory => "advisory", "Advisory";
        /// The standard release cycle.
        Release => "release", "Standard release";
    }
}

words! {
    /// Traffic Light Protocol 2.0.
    pub(crate) enum Tlp {
        /// TLP:CLEAR.
        Clear => "clear", "TLP:CLEAR";
        /// TLP:GREEN.
        Green => "green", "TLP:GREEN";
        /// TLP:AMBER.
        Amber => "amber", "TLP:AMBER";
        /// TLP:AMBER+STRICT.
        AmberStrict => "amber_strict", "TLP:AMBER+STRICT";
        /// TLP:RED.
        Red => "red", "TLP:RED";
    }
}

/// The response team's work on one or more reports.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Case {
    /// Which one.
    pub(crate) id: CaseId,
    /// What people call it: `PSIRT-2026-0042`.
    pub(crate) number: String,
    /// In a line.
    pub(crate) title: String,
    /// Where it stands.
    pub(crate) state: State,
    /// How it ended.
    pub(crate) outcome: Option<Outcome>,
    /// Why.
    pub(crate) outcome_reason: String,
    /// The family; always there when the product is.
    pub(crate) family: Option<Id<kinds::Family>>,
    /// The product.
    pub(crate) product: Option<Id<kinds::Product>>,
    /// Who leads the work.
    pub(crate) assignee: Option<Id<kinds::Person>>,
    /// The worst severity of its vulnerabilities; provisional before it is confirmed.
    pub(crate) severity: Option<Severity>,
    /// The worst score in tenths.
    pub(crate) score: Option<i64>,
    /// Whether it is known to be exploited.
    pub(crate) exploited: bool,
    /// Who may be told.
    pub(crate) tlp: Tlp,
    /// Whether nothing may leave in clear.
    pub(crate) encrypted_only: bool,
    /// Where it goes (P1).
    pub(crate) route: Route,
    /// Whether a lead decided against the rule.
    pub(crate) route_exception: bool,
    /// Why.
    pub(crate) route_reason: String,
    /// The release that corrects it.
    pub(crate) target_release: Option<Id<kinds::Release>>,
    /// Why it is handled although no affected release is supported (P4).
    pub(crate) support_override: String,
    /// The date settled with the reporter.
    pub(crate) agreed_disclosure: Option<Date>,
    /// When the first report came.
    pub(crate) received_at: Timestamp,
    /// When the case was opened.
    pub(crate) opened_at: Timestamp,
    /// When the reporter was told that it arrived.
    pub(crate) acknowledged_at: Option<Timestamp>,
    /// When triage ended.
    pub(crate) triaged_at: Option<Timestamp>,
    /// When it was confirmed; targets count from here (P2).
    pub(crate) confirmed_at: Option<Timestamp>,
    /// When users first had a mitigation.
    pub(crate) mitigated_at: Option<Timestamp>,
    /// When the fix was there.
    pub(crate) fixed_at: Option<Timestamp>,
    /// When the public knew.
    pub(crate) disclosed_at: Option<Timestamp>,
    /// When it was closed.
    pub(crate) closed_at: Option<Timestamp>,
    /// The case that this one is a part or a repetition of.
    pub(crate) merged_into: Option<CaseId>,
    /// Counts writes.
    pub(crate) revision: i64,
}

impl Case {
    /// Where permissions are asked: the product, the family, or everything.
    pub(crate) const fn place(&self) -> Scope {
        match (self.product, self.family) {
            (Some(product), Some(family)) => Scope::Product { product, family },
            (None, Some(family)) => Scope::Family(family),
            (Some(_) | None, None) => Scope::All,
        }
    }

    /// Whether nobody outside may know: nothing was disclosed yet.
    pub(crate) const fn is_embargoed(&self) -> bool {
        self.disclosed_at.is_none()
    }

    /// Whether work on it has ended.
    pub(crate) fn is_closed(&self) -> bool {
        self.state == State::Closed
    }

    /// Whether its severity stands: targets are provisional before.
    pub(crate) const fn is_confirmed(&self) -> bool {
        self.confirmed_at.is_some()
    }
}

/// What is needed to open a case.
#[derive(Clone, Debug)]
pub(crate) struct NewCase {
    /// In a line.
    pub(crate) title: String,
    /// The product, where it is known.
    pub(crate) product: Option<Id<kinds::Product>>,
    /// The family, where only that is known.
    pub(crate) family: Option<Id<kinds::Family>>,
    /// When the report came.
    pub(crate) received_at: Timestamp,
    /// Whether nothing may leave in clear.
    pub(crate) encrypted_only: bool,
    /// When the reporter was told, where that was done before.
    pub(crate) acknowledged_at: Option<Timestamp>,
}

/// A score in tenths as people read it: `9.8`.
pub(crate) fn figure(tenths: i64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}
