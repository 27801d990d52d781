//! What a response policy says.

use kernel::{BusinessCalendar, Date, Id, Weekday, kinds};

use crate::issue_management::case::Severity;

/// The kind of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum PolicyKind {}

/// A policy's identifier.
pub(crate) type PolicyId = Id<PolicyKind>;

/// The steps that have response targets, in the order in which they are reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Step {
    /// The reporter knows that the report arrived.
    Acknowledge,
    /// It is decided whether the report is valid.
    Triage,
    /// Users have a mitigation, workaround or fix.
    Mitigate,
    /// The fix is there.
    Fix,
    /// The public knows, or for low risk the reporter.
    Disclose,
}

impl Step {
    /// All of them, in order.
    pub(crate) const ALL: [Self; 5] = [Self::Acknowledge, Self::Triage, Self::Mitigate, Self::Fix, Self::Disclose];

    /// The stored text.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Triage => "triage",
            Self::Mitigate => "mitigate",
            Self::Fix => "fix",
            Self::Disclose => "disclose",
        }
    }

    /// What people read.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Acknowledge => "Acknowledge",
            Self::Triage => "Triage",
            Self::Mitigate => "Mitigate",
            Self::Fix => "Fix",
            Self::Disclose => "Disclose",
        }
    }

    /// Reads the stored text.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == text)
    }
}

/// What a target counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Unit {
    /// Hours of the wall clock, day and night.
    Hours,
    /// Days on the policy's calendar.
    WorkingDays,
}

impl Unit {
    /// The stored text.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::WorkingDays => "working_days",
        }
    }

    /// What people read.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::WorkingDays => "working days",
        }
    }

    /// Reads the stored text.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Hours, Self::WorkingDays].into_iter().find(|unit| unit.as_str() == text)
    }
}

/// How long a step may take at one severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// At this severity.
    pub(crate) severity: Severity,
    /// This step.
    pub(crate) step: Step,
    /// So many,
    pub(crate) amount: u32,
    /// of these.
    pub(crate) unit: Unit,
}

/// The policy of one family, or of all families without their own.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Policy {
    /// `None` while the built-in policy holds.
    pub(crate) id: Option<PolicyId>,
    /// The family; `None` for all families without their own.
    pub(crate) family: Option<Id<kinds::Family>>,
    /// Before the year in case numbers.
    pub(crate) case_prefix: String,
    /// Before the year in advisory numbers.
    pub(crate) advisory_prefix: String,
    /// From this severity on there is a public notice (P1).
    pub(crate) advisory_threshold: Severity,
    /// Whether fixed low risks get a short public entry (CRA Annex I, Part II (4)).
    pub(crate) low_entries: bool,
    /// The notice on publications (P16); empty for the vendor's own.
    pub(crate) legal_notice: String,
    /// Where reports are sent; empty for the vendor's own.
    pub(crate) intake_address: String,
    /// The time zone of the calendar.
    pub(crate) time_zone: String,
    /// Weekdays on which people work.
    pub(crate) working_days: Vec<Weekday>,
    /// Dates on which nobody works although the weekday says so.
    pub(crate) holidays: Vec<Date>,
    /// Who hears of missed targets; empty for the leads.
    pub(crate) escalation_address: String,
    /// Where vulnerability intelligence of this family comes from, one source a line (P18).
    pub(crate) intelligence: String,
    /// All twenty targets.
    pub(crate) targets: Vec<Target>,
    /// Counts writes.
    pub(crate) revision: i64,
}

/// The severities that have targets.
pub(crate) const RATED: [Severity; 4] = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low];

impl Policy {
    /// The policy that holds before anybody wrote one: common practice, cautious with what is severe.
    pub(crate) fn built_in() -> Self {
        use Unit::{Hours, WorkingDays};
        let table = [
            (Severity::Critical, [(8, Hours), (24, Hours), (3, WorkingDays), (10, WorkingDays), (15, WorkingDays)]),
            (
                Severity::High,
                [(1, WorkingDays), (3, WorkingDays), (10, WorkingDays), (30, WorkingDays), (45, WorkingDays)],
            ),
            (
                Severity::Medium,
                [(2, WorkingDays), (5, WorkingDays), (20, WorkingDays), (60, WorkingDays), (65, WorkingDays)],
            ),
            (
                Severity::Low,
                [(3, WorkingDays), (10, WorkingDays), (60, WorkingDays), (130, WorkingDays), (130, WorkingDays)],
            ),
        ];
        let targets = table
            .into_iter()
            .flat_map(|(severity, row)| {
                Step::ALL.into_iter().zip(row).map(move |(step, (amount, unit))| Target {
                    severity,
                    step,
                    amount,
                    unit,
                })
            })
            .collect();
        Self {
            id: None,
            family: None,
            case_prefix: "PSIRT".to_owned(),
            advisory_prefix: "PSA".to_owned(),
            advisory_threshold: Severity::Medium,
            low_entries: false,
            legal_notice: String::new(),
            intake_address: String::new(),
            time_zone: "UTC".to_owned(),
            working_days: vec![
                Weekday::Monday,
                Weekday::Tuesday,
                Weekday::Wednesday,
                Weekday::Thursday,
                Weekday::Friday,
            ],
            holidays: Vec::new(),
            escalation_address: String::new(),
            intelligence: String::new(),
            targets,
            revision: 0,
        }
    }

    /// The target of a step at a severity; "none" counts as low.
    pub(crate) fn target(&self, severity: Severity, step: Step) -> Option<Target> {
        let severity = severity.max(Severity::Low);
        self.targets.iter().copied().find(|target| target.severity == severity && target.step == step)
    }

    /// The calendar; UTC from Monday to Friday when the stored one cannot be read.
    pub(crate) fn calendar(&self) -> Option<BusinessCalendar> {
        BusinessCalendar::new(&self.time_zone, self.working_days.clone(), self.holidays.iter().copied())
            .or_else(|_| BusinessCalendar::new("UTC", Weekday::ALL.into_iter().take(5).collect(), []))
            .ok()
    }
}
