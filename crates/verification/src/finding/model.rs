//! Findings: one result of one tool or reviewer in one target, and what people decided about it.

use kernel::{Date, Id, Timestamp, kinds, words};
pub use scan::Severity;

/// A finding.
pub type FindingId = Id<kinds::Finding>;

/// A release or branch that is scanned.
#[derive(Clone, Copy, Debug)]
pub enum TargetKind {}
/// A release or branch that is scanned.
pub type TargetId = Id<TargetKind>;

/// A report that came.
#[derive(Clone, Copy, Debug)]
pub enum ImportKind {}
/// A report that came.
pub type ImportId = Id<ImportKind>;

/// Somebody's wish that a finding is accepted.
#[derive(Clone, Copy, Debug)]
pub enum RequestKind {}
/// Somebody's wish that a finding is accepted.
pub type RequestId = Id<RequestKind>;

words! {
    /// The two practices that have findings.
    pub enum Practice {
        /// Source scans and manual review.
        ImplementationReview => "implementation_review", "Implementation review";
        /// Run-time scans and penetration tests.
        SecurityTesting => "security_testing", "Security testing";
    }
}

words! {
    /// What kind of look brought a finding.
    pub enum Kind {
        /// Static analysis of source or bytecode.
        Sast => "sast", "Source analysis";
        /// Credentials in source and history.
        Secrets => "secrets", "Secrets";
        /// Known vulnerabilities and licences of components.
        Sca => "sca", "Components";
        /// Build, deployment and infrastructure descriptions.
        Config => "config", "Configuration as code";
        /// A person's review of code or configuration.
        ManualReview => "manual_review", "Manual review";
        /// A running application, from outside.
        Dast => "dast", "Application scan";
        /// Hosts, ports, services, protocols.
        Network => "network", "Network and host scan";
        /// Running containers, clusters and cloud accounts.
        Platform => "platform", "Container and cloud scan";
        /// Tests of a build or of an installed release.
        Test => "test", "Security tests";
        /// A person's attack on a running release.
        PenetrationTest => "penetration_test", "Penetration test";
    }
}

impl Kind {
    /// The practice whose work it is.
    #[must_use]
    pub const fn practice(self) -> Practice {
        match self {
            Self::Sast | Self::Secrets | Self::Sca | Self::Config | Self::ManualReview => {
                Practice::ImplementationReview
            }
            Self::Dast | Self::Network | Self::Platform | Self::Test | Self::PenetrationTest => {
                Practice::SecurityTesting
            }
        }
    }

    /// Whether people enter such findings by hand.
    #[must_use]
    pub const fn is_manual(self) -> bool {
        matches!(self, Self::ManualReview | Self::PenetrationTest)
    }
}

words! {
    /// Where a finding stands.
    pub enum State {
        /// Nobody has judged it.
        Open => "open", "Open";
        /// It is real and has to be mended.
        Confirmed => "confirmed", "Confirmed";
        /// It is gone.
        Fixed => "fixed", "Fixed";
        /// It is real and is lived with until a date.
        Accepted => "accepted", "Accepted";
        /// It is not real.
        FalsePositive => "false_positive", "False positive";
        /// It is another finding once more.
        Duplicate => "duplicate", "Duplicate";
        /// It is real, and nothing can reach it.
        NotReachable => "not_reachable", "Not reachable";
    }
}

impl State {
    /// Whether somebody has to do something.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Open | Self::Confirmed)
    }

    /// Whether it rests on a decision that carries over.
    #[must_use]
    pub const fn is_decided(self) -> bool {
        matches!(self, Self::Accepted | Self::FalsePositive | Self::Duplicate | Self::NotReachable)
    }
}

words! {
    /// How much harm a product can do; the standard differs by it.
    pub enum Class {
        /// Little harm, few people.
        Low => "low", "Low risk";
        /// Harm that can be repaired.
        Moderate => "moderate", "Moderate risk";
        /// Serious harm to customers.
        High => "high", "High risk";
        /// Danger to people or essential services.
        Critical => "critical", "Critical risk";
    }
}

/// The stored number of a severity: 0 info to 4 critical.
#[must_use]
pub const fn rank(severity: Severity) -> i64 {
    match severity {
        Severity::Info => 0,
        Severity::Low => 1,
        Severity::Medium => 2,
        Severity::High => 3,
        Severity::Critical => 4,
    }
}

/// All severities, worst first.
pub const SEVERITIES: [Severity; 5] =
    [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];

/// The severity of this name.
#[must_use]
pub fn severity_named(name: &str) -> Option<Severity> {
    SEVERITIES.into_iter().find(|severity| severity.name() == name)
}

/// The name of a severity with a capital.
#[must_use]
pub const fn severity_label(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "Critical",
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
        Severity::Info => "Info",
    }
}

/// A finding as lists show it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Which.
    pub id: FindingId,
    /// Of which product.
    pub product: Id<kinds::Product>,
    /// The product's name.
    pub product_name: String,
    /// In which release or branch.
    pub target: TargetId,
    /// The release, unless it is a branch.
    pub release: Option<Id<kinds::Release>>,
    /// The version or the branch's name.
    pub target_name: String,
    /// Whose work it is.
    pub practice: Practice,
    /// What kind of look brought it.
    pub kind: Kind,
    /// Which tool.
    pub tool: String,
    /// Which part of the target that tool looked at; often empty.
    pub scope: String,
    /// The same over moved code, later reports, releases and branches.
    pub fingerprint: String,
    /// What decisions about it rest on.
    pub context: String,
    /// Where it stands.
    pub state: State,
    /// Whether the last report has it.
    pub present: bool,
    /// Whether somebody asked for its acceptance.
    pub waiting: bool,
    /// How bad it is here.
    pub severity: Severity,
    /// How bad the tool finds it.
    pub tool_severity: Severity,
    /// Whether a person rated it.
    pub rated: bool,
    /// One line.
    pub title: String,
    /// The tool's rule.
    pub rule: String,
    /// Weaknesses, as `CWE-79 CWE-20`.
    pub cwe: String,
    /// CVE identifiers, parted by blanks.
    pub cve: String,
    /// The component it is in; empty when none.
    pub component: String,
    /// That component's version.
    pub component_version: String,
    /// The first version without it.
    pub fixed_in: String,
    /// Where, in one line.
    pub place: String,
    /// Of which finding it is a duplicate.
    pub duplicate_of: Option<FindingId>,
    /// The last day on which it is accepted; on an open finding, the last day of an acceptance that ran out.
    pub accepted_until: Option<Date>,
    /// Since when somebody has to do something about it.
    pub opened_at: Timestamp,
    /// Since when nobody has to.
    pub closed_at: Option<Timestamp>,
    /// When it was first seen here.
    pub created_at: Timestamp,
    /// Counts writes.
    pub revision: i64,
}

/// A report that came, and what it did.
#[derive(Clone, Debug)]
pub struct Import {
    /// Which.
    pub id: ImportId,
    /// For which release or branch.
    pub target: TargetId,
    /// The release, unless it is a branch.
    pub release: Option<Id<kinds::Release>>,
    /// Of which product.
    pub product: Id<kinds::Product>,
    /// The product's name.
    pub product_name: String,
    /// The version or the branch's name.
    pub target_name: String,
    /// How far it is.
    pub state: Progress,
    /// Whose work it is; known once it is read.
    pub practice: Option<Practice>,
    /// What kind of look.
    pub kind: Option<Kind>,
    /// Which tool; known once it is read.
    pub tool: String,
    /// What the report calls its scanners.
    pub scanners: String,
    /// Which part of the target it looked at; often empty.
    pub scope: String,
    /// The file as it came.
    pub file: Option<Id<kinds::File>>,
    /// Its name.
    pub file_name: String,
    /// Its SHA-256.
    pub sha256: String,
    /// Its length.
    pub size: i64,
    /// The tool that the sender named.
    pub asked_tool: String,
    /// Whether the sender said that it is this product's, whatever it says itself.
    pub confirmed: bool,
    /// Why it failed.
    pub problem: String,
    /// What the person should know, one a line.
    pub warnings: String,
    /// What it did.
    pub counts: Counts,
    /// Who sent it.
    pub by_name: String,
    /// When it came.
    pub created_at: Timestamp,
    /// When it was read to its end.
    pub finished_at: Option<Timestamp>,
}

words! {
    /// How far an import is.
    pub enum Progress {
        /// Stored, and read in the background.
        Waiting => "waiting", "Being read";
        /// Read, and its findings are in.
        Done => "done", "Done";
        /// Refused; nothing of it is in.
        Failed => "failed", "Refused";
    }
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Findings in the report.
    pub total: i64,
    /// Not seen here before.
    pub added: i64,
    /// Seen before, and not touched.
    pub kept: i64,
    /// Seen before, and something about them changed.
    pub changed: i64,
    /// Gone from this report, so fixed.
    pub closed: i64,
    /// Back after they were gone, or open again since what a decision rested on changed.
    pub reopened: i64,
    /// Judged by a decision made elsewhere.
    pub carried: i64,
}

/// What people decided about a fingerprint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Which.
    pub id: String,
    /// About which fingerprint.
    pub fingerprint: String,
    /// What was decided.
    pub verdict: Verdict,
    /// What it rested on.
    pub context: String,
    /// How bad the finding was then; for a rating, how bad the tool found it.
    pub severity: i64,
    /// The oldest release that it counts for, by position; branches always.
    pub reach: i64,
    /// Why.
    pub reason: String,
    /// The last day, for an acceptance.
    pub until: Option<Date>,
    /// The original, for a duplicate.
    pub duplicate_of: Option<String>,
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A state.
    State(State),
    /// Another severity than the tool's.
    Severity(i64),
}

/// The release quality standard of a practice for a class: how many days a finding of each severity may stay open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standard {
    /// Days for critical, high, medium, low; `None` is without limit, 0 is none at all.
    pub days: [Option<i64>; 4],
    /// How old the last report may be; `None` when none is asked for.
    pub fresh: Option<i64>,
    /// Counts writes; 0 while the default holds.
    pub revision: i64,
}

/// Whether a release keeps the standard, with the words for its gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Whether it does.
    pub holds: bool,
    /// As of when: the last report, or the moment of judging where there is none.
    pub at: Timestamp,
    /// Why, and what to do.
    pub words: String,
}

/// One thing that happened to a finding.
#[derive(Clone, Debug)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// What: noun and past verb.
    pub action: String,
    /// The state before and after.
    pub states: (Option<State>, Option<State>),
    /// The severity before and after.
    pub severities: Option<(Severity, Severity)>,
    /// Why.
    pub reason: String,
}

/// A wish for acceptance.
#[derive(Clone, Debug)]
pub struct Request {
    /// Which.
    pub id: RequestId,
    /// Of whom.
    pub requested_by: String,
    /// Their name.
    pub requested_name: String,
    /// When.
    pub requested_at: Timestamp,
    /// Why.
    pub reason: String,
    /// Until when.
    pub until: Date,
}
