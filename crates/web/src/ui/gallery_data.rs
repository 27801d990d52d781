//! Invented content for the gallery: lists, conversations and figures of Halden Systems.

use maud::html;

use super::badge::{Severity, Tlp, Tone, embargoed, exploited, person, score, severity, state, tlp};
use super::chart::{Paint, Series};
use super::code::{FileEntry, file_list};
use super::form::Choice;
use super::icon::Icon;
use super::layout::time_ago;
use super::matrix::{Exposure, ExposureMatrix, ExposureRow};
use super::story::{Clock, ClockState, Event, Message, Signature, Step, StepState};
use super::table::{Column, Row, Sorted, Table};
use super::{Pager, empty_state, empty_state_with};

/// A number, its title, its score, its state and tone, its owner, its age.
type CaseLine = (&'static str, &'static str, f64, &'static str, Tone, &'static str, &'static str);

const CASES: [CaseLine; 6] = [
    (
        "PSIRT-2026-0042",
        "Session token is accepted after sign-out on the management port",
        9.8,
        "Remediating",
        Tone::Info,
        "Ines Aalto",
        "2 d",
    ),
    (
        "PSIRT-2026-0041",
        "Firmware update accepts a signature by an expired certificate",
        8.1,
        "Triage",
        Tone::Warn,
        "Tomas Reyk",
        "3 d",
    ),
    (
        "PSIRT-2026-0039",
        "Out-of-bounds read in the TLS record parser of the bundled library",
        7.5,
        "Coordinating",
        Tone::Info,
        "Ines Aalto",
        "9 d",
    ),
    (
        "PSIRT-2026-0036",
        "Stored script in the name of a conference room",
        5.4,
        "Ready to publish",
        Tone::Good,
        "Mara Oduya",
        "16 d",
    ),
    (
        "PSIRT-2026-0031",
        "Verbose error page names an internal path",
        3.1,
        "Next release",
        Tone::Neutral,
        "Jon Castellan",
        "31 d",
    ),
    ("PSIRT-2026-0027", "Report about a product that is not ours", 0.0, "Closed", Tone::Neutral, "Mara Oduya", "44 d"),
];

pub(super) fn case_table() -> Table {
    let rows = CASES.iter().enumerate().map(|(place, (number, title, figure, stage, tone, owner, age))| {
        let which = Severity::of_score(*figure);
        let row = Row::new(vec![
            html! { span class="mono" { (number) } },
            html! {
                (title)
                @if place == 0 { " " (exploited("Exploited")) }
                @if place == 1 { " " (embargoed("until 2 Dec")) }
            },
            html! { (score(format!("{figure:.1}"), which)) },
            severity(which),
            state(*tone, stage),
            person(owner, ""),
            time_ago("2026-11-20T09:12:00Z", age),
        ])
        .link(format!("/desk/cases/{number}"))
        .select(*number, *number);
        match place {
            0 => row.loud(),
            5 => row.quiet(),
            _ => row,
        }
    });
    Table::new("Cases")
        .column(Column::narrow("Case").sortable("?sort=number", Sorted::No))
        .column(Column::new("Title"))
        .column(Column::number("Score").sortable("?sort=score", Sorted::Descending))
        .column(Column::narrow("Severity"))
        .column(Column::narrow("State"))
        .column(Column::narrow("Owner"))
        .column(Column::number("Age").sortable("?sort=age", Sorted::No))
        .rows(rows)
        .bulk(
            "case",
            "/desk/cases/bulk",
            html! {
                button type="submit" class="btn small" name="do" value="assign" { "Assign to me" }
                button type="submit" class="btn small" name="do" value="watch" { "Watch" }
            },
        )
        .foot(html! { (Pager::new("6 of 1,204 cases").older(Some("?before=0027".to_owned()))) })
}

pub(super) fn empty_table() -> Table {
    Table::new("Waivers").columns(["Waiver", "Expires"]).empty(empty_state_with(
        "No waivers",
        "Every release has met its gate without an exception. When one cannot, ask for a waiver from its task.",
        html! { a class="btn" href="/desk/releases" { "Go to releases" } },
    ))
}

pub(super) fn events() -> Vec<Event> {
    vec![
        Event::new(
            Icon::Mail,
            html! { "Report received by encrypted mail" },
            "2026-11-18T08:02:00Z",
            "18 Nov 2026 08:02 UTC",
        )
        .by("finder"),
        Event::new(
            Icon::Check,
            html! { "Acknowledged to the reporter" },
            "2026-11-18T10:40:00Z",
            "18 Nov 2026 10:40 UTC",
        )
        .by("Ines Aalto")
        .tone(Tone::Good),
        Event::new(
            Icon::Chart,
            html! { "Score set to " strong { "9.8" } " from 8.1" },
            "2026-11-19T13:15:00Z",
            "19 Nov 2026 13:15 UTC",
        )
        .by("Tomas Reyk")
        .tone(Tone::Info)
        .body(html! { "No privileges are needed: the token is accepted before the account is looked up." }),
        Event::new(
            Icon::Flame,
            html! { "Exploitation reported by a partner" },
            "2026-11-20T07:31:00Z",
            "20 Nov 2026 07:31 UTC",
        )
        .by("Mara Oduya")
        .tone(Tone::Bad),
        Event::new(
            Icon::Lock,
            html! { "Embargo set until 2 December" },
            "2026-11-20T09:12:00Z",
            "20 Nov 2026 09:12 UTC",
        )
        .by("Ines Aalto")
        .tone(Tone::Warn),
    ]
}

pub(super) fn messages() -> Vec<Message> {
    vec![
        Message::received("Vera Lindqvist", "2026-11-18T08:02:00Z", "18 Nov 2026 08:02 UTC", "Hello,\n\nafter signing out of the management port of a Gatehouse 400 (release 7.2.1) my old session token still works for about ten minutes. Steps and a capture are attached.\n\nRegards, Vera")
            .to("psirt@halden.example")
            .subject("Session token accepted after sign-out")
            .encrypted(true)
            .signature(Signature::Good)
            .attachments(file_list(&[FileEntry::new("capture.pcap.txt", "/desk/files/1", "48 kB")])),
        Message::sent("Ines Aalto", "2026-11-18T10:40:00Z", "18 Nov 2026 10:40 UTC", "Thank you, we can reproduce this. You are talking to Ines from the PSIRT; your report has the number PSIRT-2026-0042.")
            .to("Vera Lindqvist")
            .encrypted(true)
            .signature(Signature::Good),
        Message::internal("Tomas Reyk", "2026-11-19T13:15:00Z", "19 Nov 2026 13:15 UTC", "Cause is the cache in front of the session store. The 7.1 branch has it too."),
        Message::received("Support EMEA", "2026-11-20T07:31:00Z", "20 Nov 2026 07:31 UTC", "A partner saw foreign sessions in their log.").to("PSIRT").signature(Signature::UnknownKey),
    ]
}

pub(super) fn clocks() -> Vec<Clock> {
    vec![
        Clock::new("Acknowledge", "2026-11-19T17:00:00Z", "19 Nov 17:00", ClockState::Met)
            .remaining("met with 6 hours to spare")
            .used(64),
        Clock::new("Triage", "2026-11-21T17:00:00Z", "21 Nov 17:00", ClockState::MetLate)
            .remaining("met 1 hour late")
            .used(100),
        Clock::new("Mitigate", "2026-11-23T17:00:00Z", "23 Nov 17:00", ClockState::Warning)
            .remaining("5 working hours left")
            .used(86),
        Clock::new("Fix", "2026-12-18T17:00:00Z", "18 Dec 17:00", ClockState::Running)
            .remaining("18 working days left")
            .used(22)
            .provisional(),
        Clock::new("CRA early warning", "2026-11-21T07:31:00Z", "21 Nov 07:31", ClockState::Overdue)
            .remaining("overdue by 5 hours")
            .used(100),
        Clock::new("Disclose", "2027-01-20T17:00:00Z", "20 Jan 17:00", ClockState::Paused)
            .remaining("paused: waiting for the reporter")
            .used(10),
    ]
}

pub(super) fn steps() -> Vec<Step> {
    vec![
        Step::new("Received", StepState::Done).note("18 Nov"),
        Step::new("Triage", StepState::Done).note("19 Nov"),
        Step::new("Remediation", StepState::Current).note("Ines Aalto"),
        Step::new("Circulation", StepState::Skipped).note("no partners affected"),
        Step::new("Disclosure", StepState::Ahead),
        Step::new("Review", StepState::Ahead),
    ]
}

pub(super) fn matrix() -> ExposureMatrix {
    use Exposure::{Affected, Fixed, NotAffected, UnderInvestigation, Unknown};
    let rows = [
        ("Gatehouse 400 7.2.1", "supported to Mar 2029", [Affected, Affected, NotAffected, UnderInvestigation]),
        ("Gatehouse 400 7.2.2", "supported to Mar 2029", [Fixed, Affected, NotAffected, UnderInvestigation]),
        ("Gatehouse 400 7.1.9", "supported to Jun 2027", [Affected, Unknown, Fixed, Affected]),
        ("Causeway 3.0", "end of support", [NotAffected, Unknown, Unknown, Unknown]),
    ];
    let mut matrix = ExposureMatrix::new("Exposure of releases to vulnerabilities");
    for number in ["CVE-2026-41001", "CVE-2026-41002", "CVE-2026-38115", "CVE-2026-37790"] {
        matrix = matrix.column(number, Some(format!("/desk/vulnerabilities/{number}")));
    }
    for (name, note, cells) in rows {
        let row = ExposureRow::new(name).note(note).link("/desk/releases");
        matrix =
            matrix.row(cells.into_iter().fold(row, |row, status| row.cell(status, Some("/desk/exposure".to_owned()))));
    }
    matrix
}

pub(super) fn months() -> Vec<String> {
    ["Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"].map(str::to_owned).to_vec()
}

pub(super) fn by_severity() -> Vec<Series> {
    let rows: [(&str, Severity, [f64; 12]); 4] = [
        ("Low", Severity::Low, [3., 4., 2., 5., 3., 4., 6., 2., 3., 4., 2., 3.]),
        ("Medium", Severity::Medium, [6., 5., 7., 4., 6., 8., 5., 6., 4., 5., 6., 4.]),
        ("High", Severity::High, [3., 2., 4., 3., 2., 5., 3., 2., 3., 1., 2., 3.]),
        ("Critical", Severity::Critical, [1., 0., 1., 0., 0., 2., 0., 1., 0., 0., 1., 1.]),
    ];
    rows.into_iter().map(|(name, which, values)| Series::new(name, Paint::Severity(which), values.to_vec())).collect()
}

pub(super) fn trends() -> Vec<Series> {
    vec![
        Series::new("Found in the field", Paint::Two, vec![14., 13., 15., 12., 11., 12., 10., 9., 9., 7., 8., 6.]),
        Series::new(
            "Found before release",
            Paint::One,
            vec![9., 11., 12., 15., 14., 18., 19., 21., 20., 24., 23., 26.],
        ),
    ]
}

pub(super) fn practices() -> Vec<String> {
    [
        "Strategy",
        "Policy",
        "Education",
        "Threats",
        "Requirements",
        "Architecture",
        "Design review",
        "Code review",
        "Testing",
        "Issues",
        "Hardening",
        "Enablement",
    ]
    .map(str::to_owned)
    .to_vec()
}

pub(super) fn maturity() -> Vec<Series> {
    vec![
        Series::new("Target", Paint::Two, vec![2., 2.5, 2., 2., 2.5, 2., 2., 2.5, 2.5, 3., 2., 2.]),
        Series::new("Now", Paint::One, vec![1.5, 2., 1.2, 1.8, 2., 1., 1.2, 1.7, 2.1, 2.6, 1.1, 1.4]),
    ]
}

pub(super) fn states() -> Vec<Choice> {
    Choice::list(
        [("", "Any state"), ("triage", "Triage"), ("remediation", "Remediating"), ("closed", "Closed")],
        "triage",
    )
}

pub(super) fn marks() -> maud::Markup {
    html! {
        div class="badges" {
            @for which in [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::None, Severity::Unrated] { (severity(which)) }
        }
        div class="badges" {
            @for figure in [10.0, 8.1, 5.4, 2.2, 0.0] { (score(format!("{figure:.1}"), Severity::of_score(figure))) }
            (score("–", Severity::Unrated))
        }
        div class="badges" { @for label in [Tlp::Clear, Tlp::Green, Tlp::Amber, Tlp::AmberStrict, Tlp::Red] { (tlp(label)) } }
        div class="badges" {
            (exploited("Exploited")) (exploited("Likely exploited")) (embargoed("until 2 Dec 2026"))
            @for (tone, word) in [(Tone::Neutral, "Draft"), (Tone::Brand, "New"), (Tone::Info, "In review"), (Tone::Good, "Published"), (Tone::Warn, "Waiver"), (Tone::Bad, "Blocked")] {
                (super::badge(tone, word))
            }
        }
        div class="badges" {
            @for (tone, word) in [(Tone::Neutral, "Closed"), (Tone::Info, "Remediating"), (Tone::Good, "Passed"), (Tone::Warn, "Triage"), (Tone::Bad, "Overdue")] { (state(tone, word)) }
        }
    }
}

pub(super) fn empty() -> maud::Markup {
    empty_state("Nothing to triage", "New reports arrive here from the mailbox, the web form and support.")
}
