//! What happens in the life cycle, and how many days before the present.

/// Something that happens.
#[derive(Clone, Copy, Debug)]
pub(in crate::demo) enum Event {
    /// The programme begins: parts for all products, component rules, a stricter standard.
    Begin,
    /// The questions about a product are answered for the so-manieth time.
    Profile(&'static str, usize),
    /// Each team names its champion.
    Champions,
    /// A pipeline gets its token.
    Token(&'static str, &'static str),
    /// A release is planned.
    Plan(Plan),
    /// Tasks of a release are settled.
    Settle(Settling),
    /// A release gets its SBOM.
    Sbom(&'static str, &'static str, &'static str),
    /// A report is imported for a release.
    Scan(&'static str, &'static str, &'static str),
    /// A pipeline posts a report for a branch.
    BranchScan(&'static str, &'static str, &'static str),
    /// Findings are judged.
    Triage(&'static str, &'static str, u8),
    /// A pipeline run posts its evidence.
    Post(&'static str, &'static str),
    /// The vendor answers the questions about its maturity for the so-manieth time.
    Assess(usize),
    /// The vendor says where it wants to be.
    Target,
    /// The so-manieth improvement action is written down.
    Improve(usize),
    /// The so-manieth improvement action is done.
    Improved(usize),
    /// Somebody decides at the release gate: outcome, reason.
    Decide(&'static str, &'static str, &'static str, &'static str),
}

/// How a release is planned.
#[derive(Clone, Copy, Debug)]
pub(in crate::demo) struct Plan {
    pub(super) product: &'static str,
    pub(super) version: &'static str,
    /// Days from the beginning of work to the target.
    pub(super) days: i32,
    /// Up to which level of maturity; empty for all.
    pub(super) level: &'static str,
    pub(super) changes: &'static [&'static str],
}

/// Which tasks are settled.
#[derive(Clone, Copy, Debug)]
pub(in crate::demo) struct Settling {
    pub(super) product: &'static str,
    pub(super) version: &'static str,
    /// Only what is due within so many days; none: all.
    pub(super) due_within: Option<i32>,
    /// Activities that nobody has done.
    pub(super) but: &'static [&'static str],
    /// Activities whose evidence nobody has reviewed.
    pub(super) unreviewed: &'static [&'static str],
    /// Activities whose evidence was rejected.
    pub(super) rejected: &'static [&'static str],
    /// Activities that the release is excused from as not applicable.
    pub(super) not_applicable: &'static [&'static str],
    /// Activities that may wait, with the reason.
    pub(super) waived: &'static [(&'static str, &'static str)],
    /// Days until those waivers end.
    pub(super) waived_days: i32,
    /// Whether the last waiver still waits for its approval.
    pub(super) one_waits: bool,
}

const NONE: Settling = Settling {
    product: "",
    version: "",
    due_within: None,
    but: &[],
    unreviewed: &[],
    rejected: &[],
    not_applicable: &[],
    waived: &[],
    waived_days: 90,
    one_waits: false,
};

const fn plan(
    product: &'static str,
    version: &'static str,
    days: i32,
    level: &'static str,
    changes: &'static [&'static str],
) -> Event {
    Event::Plan(Plan { product, version, days, level, changes })
}

const GATE: &str = "Gate 300";
const MANAGER: &str = "Voice Manager";
const SERVER: &str = "Meet Server";
const CLIENT: &str = "Meet Client";

/// The longest ago first.
pub(super) const EVENTS: &[(u64, Event)] = &[
    (700, Event::Begin),
    (690, Event::Profile(GATE, 0)),
    (420, Event::Improve(0)),
    (412, Event::Profile("Desk Phone 40", 0)),
    (395, Event::Assess(0)),
    (390, Event::Target),
    (345, Event::Profile("Gate 100", 0)),
    (335, Event::Improved(0)),
    (330, Event::Profile(GATE, 1)),
    (328, Event::Profile("Gate 500", 0)),
    (322, Event::Profile("Gate Console", 0)),
    (310, Event::Profile(MANAGER, 0)),
    (305, Event::Profile(SERVER, 0)),
    (300, Event::Profile(CLIENT, 0)),
    (300, Event::Improve(1)),
    (298, Event::Champions),
    (290, Event::Token(GATE, "Nightly build of the gates")),
    (288, Event::Token(SERVER, "Delivery of the meeting service")),
    (287, Event::Token(MANAGER, "Build of the manager")),
    (286, Event::Token(CLIENT, "Delivery of the client")),
    (280, plan(GATE, "7.4", 110, "1", &[])),
    (262, plan(SERVER, "8.4", 130, "1", &[])),
    (250, plan(MANAGER, "9.4", 112, "1", &[])),
    (240, Event::Profile("Desk Phone 20", 0)),
    (236, Event::Profile("Conference Unit", 0)),
    (231, Event::Profile("Meet Recorder", 0)),
    (228, Event::Improved(1)),
    (226, Event::Profile("Contact Desk", 0)),
    (178, Event::Sbom(GATE, "7.4", "gate-7.4")),
    (177, Event::Scan(GATE, "7.4", "gate-sast-calm")),
    (176, Event::Scan(GATE, "7.4", "gate-dast-calm")),
    (175, Event::Settle(Settling { product: GATE, version: "7.4", ..NONE })),
    (171, Event::Settle(Settling { product: GATE, version: "7.4", ..NONE })),
    (171, Event::Decide(GATE, "7.4", "passed", "All that the release owes is shown and reviewed.")),
    (160, Event::Improve(2)),
    (150, Event::Sbom(MANAGER, "9.4", "manager-9.4")),
    (149, Event::Scan(MANAGER, "9.4", "manager-sast-calm")),
    (149, Event::Scan(MANAGER, "9.4", "manager-dast-calm")),
    (
        147,
        Event::Settle(Settling {
            product: MANAGER,
            version: "9.4",
            waived: &[(
                "operations_enablement.events_and_alerts",
                "Support has the list of events; it is written up with 10.0.",
            )],
            waived_days: 200,
            ..NONE
        }),
    ),
    (145, Event::Settle(Settling { product: MANAGER, version: "9.4", ..NONE })),
    (
        144,
        Event::Decide(
            MANAGER,
            "9.4",
            "passed_with_exceptions",
            "One document is late, and support knows what stands in it.",
        ),
    ),
    (141, Event::Sbom(SERVER, "8.4", "server-8.4")),
    (140, Event::Scan(SERVER, "8.4", "meet-sast-calm")),
    (140, Event::Scan(SERVER, "8.4", "meet-dast-calm")),
    (139, Event::Settle(Settling { product: SERVER, version: "8.4", ..NONE })),
    (138, Event::Post(SERVER, "8.4")),
    (138, Event::Decide(SERVER, "8.4", "passed", "All runs are green.")),
    (100, plan(GATE, "8.0", 145, "2", &["interface", "code", "component"])),
    (80, Event::Improve(3)),
    (64, plan(MANAGER, "10.0", 98, "2", &["code", "data"])),
    (62, Event::Scan(GATE, "8.0", "gate-sast-1")),
    (61, Event::Scan(GATE, "8.0", "gate-secrets-1")),
    (60, Event::Triage(GATE, "8.0", 1)),
    (52, Event::Sbom(GATE, "8.0", "gate-8.0-early")),
    (48, Event::Scan(GATE, "8.0", "gate-secrets-2")),
    (46, plan(SERVER, "9.0", 60, "2", &["code", "deployment"])),
    (40, Event::Scan(GATE, "8.0", "gate-image")),
    (38, Event::BranchScan(SERVER, "main", "server-sast-1")),
    (36, Event::Triage(GATE, "8.0", 2)),
    (33, plan(CLIENT, "9.0", 70, "1", &["code"])),
    (30, Event::Assess(1)),
    (28, plan("Gate Console", "6.0", 120, "1", &[])),
    (26, plan("Contact Desk", "6.0", 60, "1", &[])),
    (
        25,
        Event::Settle(Settling {
            product: GATE,
            version: "8.0",
            due_within: Some(12),
            but: &[
                "design_review.interface_check",
                "threat_assessment.mitigation_follow_up",
                "implementation_review.sensitive_code",
            ],
            unreviewed: &["security_requirements.access_matrix", "secure_architecture.cryptography_inventory"],
            rejected: &["threat_assessment.abuse_cases"],
            not_applicable: &["threat_assessment.privacy_threats"],
            waived: &[
                (
                    "security_testing.penetration_test",
                    "The laboratory is booked for the month after the release; its report on 7.4 found nothing open.",
                ),
                (
                    "secure_architecture.build_integrity",
                    "The new build machines sign what they make; until they run, releases are signed by hand.",
                ),
            ],
            waived_days: 31,
            one_waits: true,
        }),
    ),
    (24, Event::Scan("Gate Console", "6.0", "console-dast")),
    (22, plan("Meet Recorder", "4.0", 75, "1", &[])),
    (20, Event::Sbom(MANAGER, "10.0", "manager-10.0")),
    (19, Event::Scan(MANAGER, "10.0", "manager-dast")),
    (19, Event::Scan(MANAGER, "10.0", "manager-sast-calm")),
    (18, Event::Triage(MANAGER, "10.0", 3)),
    (16, plan("Gate 100", "5.0", 140, "1", &[])),
    (15, plan("Gate 500", "4.0", 150, "1", &[])),
    (
        14,
        Event::Settle(Settling {
            product: MANAGER,
            version: "10.0",
            but: &["design_review.mechanisms", "security_testing.fuzzing", "security_testing.penetration_test"],
            unreviewed: &["operations_enablement.change_notes"],
            ..NONE
        }),
    ),
    (13, Event::Scan(GATE, "8.0", "gate-sast-2")),
    (12, plan("Desk Phone 20", "7.0", 90, "1", &[])),
    (11, plan("Desk Phone 40", "5.0", 90, "1", &[])),
    (10, plan("Conference Unit", "3.0", 110, "1", &[])),
    (9, Event::BranchScan(SERVER, "main", "server-sast-2")),
    (
        8,
        Event::Decide(
            MANAGER,
            "10.0",
            "stopped",
            "Fuzzing has not begun, and the review of the mechanisms is open. We look again in a fortnight.",
        ),
    ),
    (7, Event::Sbom(GATE, "8.0", "gate-8.0")),
    (6, Event::Sbom(SERVER, "9.0", "server-9.0")),
    (
        5,
        Event::Settle(Settling {
            product: SERVER,
            version: "9.0",
            waived: &[("design_review.mechanisms", "The review of the new signalling path is booked for next month.")],
            ..NONE
        }),
    ),
    (5, Event::Scan(SERVER, "9.0", "meet-dast-calm")),
    (4, Event::Post(CLIENT, "9.0")),
    (3, Event::Sbom(CLIENT, "9.0", "client-9.0")),
    (2, Event::Scan(SERVER, "9.0", "server-image")),
    (1, Event::Triage(SERVER, "9.0", 4)),
    (0, Event::Post(SERVER, "9.0")),
    (0, Event::Settle(Settling { product: SERVER, version: "9.0", ..NONE })),
    (0, Event::Decide(SERVER, "9.0", "passed_with_exceptions", "Runs of today are green, and what waits is planned.")),
];
