//! The page `/desk/components`: every part in every state, to look at and to check by eye.

use maud::{Markup, html};

use super::gallery_data as data;
use super::{
    ButtonForm, Calculator, Choice, Crumb, Fact, Field, FileEntry, FilterBar, Flash, Form, Menu, NavGroup, Pager,
    Paint, Person, Portal, Severity, Shell, Tab, Tile, Tone, Weight, alert, bar_chart, button_link, clocks, code_block,
    column_chart, columns, cvss31_groups, cvss40_groups, desk, desk_nav, dialog, dialog_button, diff, diff_texts,
    donut, facts, file_list, gauge, grid, heat_table, line_chart, pagination, panel, panel_with, person, portal,
    progress, prose, radar, score_line, severity, split, stack, stepper, term, thread, tiles, time, timeline, tlp,
};

fn nav() -> Vec<NavGroup> {
    let mut nav = desk_nav(|_| true);
    for entry in nav.iter_mut().flat_map(|group| &mut group.entries) {
        match entry.key.as_str() {
            "reports" => entry.count = Some(7),
            "cases" => entry.count = Some(23),
            _ => {}
        }
    }
    nav
}

/// All parts on one staff page.
pub fn gallery() -> Markup {
    let shell = Shell::new("Components")
        .subtitle("Every part of the program's pages in every state, with invented content.")
        .nav(nav(), "cases")
        .person(Some(Person {
            name: "Ines Aalto".to_owned(),
            role: "PSIRT lead".to_owned(),
            profile: "/desk/me".to_owned(),
            sign_out: "/sign-out".to_owned(),
        }))
        .crumbs(vec![Crumb::link("Desk", "/desk"), Crumb::here("Components")])
        .badges(html! { (severity(Severity::Critical)) (tlp(super::Tlp::Amber)) })
        .actions(html! {
            (Menu::new("More").link("Export as CSAF", "/desk/export").post("Watch this case", "/desk/watch"))
            (ButtonForm::new("Withdraw", "/desk/withdraw").weight(Weight::Danger).confirm("Withdraw this advisory? Readers are told that it no longer holds."))
            (button_link(Weight::Primary, "New case", "/desk/cases/new"))
        })
        .banner(Tone::Warn, "Embargoed until 2 December 2026. Every reading of this page is recorded.")
        .flash(vec![Flash::good("Saved."), Flash::bad("The score was changed by somebody else meanwhile. Read it again, then save.")])
        .tabs(vec![
            Tab::new("Overview", "#").here(true),
            Tab::new("Conversation", "#").count(4),
            Tab::new("Exposure", "#").count(12),
            Tab::new("Tasks", "#"),
            Tab::new("History", "#"),
        ]);
    let body = stack(html! { (figures()) (lists()) (words()) (story()) (forms()) (charts()) (calculators()) });
    desk(&shell, body)
}

fn figures() -> Markup {
    tiles(&[
        Tile::new("Open cases", 23)
            .link("/desk/cases")
            .trend("Open cases over twelve months", &[30., 28., 31., 27., 26., 29., 25., 24., 26., 22., 24., 23.]),
        Tile::new("Overdue targets", 2).tone(Tone::Bad).note(html! { "oldest: 5 hours" }),
        Tile::new("Due this week", 5).tone(Tone::Warn).note(html! { "2 critical" }),
        Tile::new("Releases past their gate", "14 / 16").note(progress("Releases past their gate", 14, 16)),
        Tile::new("Median days to fix", "11.5").tone(Tone::Good).note(html! { "18 in the year before" }),
    ])
}

fn lists() -> Markup {
    html! {
        div {
            (FilterBar::new("/desk/components")
                .search("q", "", "Search cases")
                .select("state", "State", &data::states())
                .select("severity", "Severity", &Choice::list([("", "Any severity"), ("critical", "Critical"), ("high", "High")], ""))
                .date("since", "Since", "2026-01-01")
                .chip("State: Triage", "?").chip("Since 1 Jan 2026", "?").clear("?").export("?format=csv"))
            (data::case_table())
        }
        (columns(html! { (data::empty_table()) }, panel("An empty panel", data::empty())))
        (panel("Pagers", html! { (pagination(6, 14, |page| format!("?page={page}"))) (Pager::new("51 to 100 of 1,204").newer(Some("?a".to_owned())).older(Some("?b".to_owned()))) }))
    }
}

fn words() -> Markup {
    let old = "Summary: a session token stays valid.\nSeverity: High\nAffected: 7.2.1\nWorkaround: none.";
    let new = "Summary: a session token stays valid after sign-out.\nSeverity: Critical\nAffected: 7.2.1\nAffected: 7.1.9\nWorkaround: none.";
    html! {
        (columns(
            panel("Marks", html! { div class="stack" { (data::marks()) } }),
            panel_with("Facts", button_link(Weight::Plain, "Edit", "/desk/edit"), facts(&[
                Fact::new("Score", score_line("3.1", "9.8", Severity::Critical, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")),
                Fact::new("Owner", person("Ines Aalto", "PSIRT lead")),
                Fact::text("Product", "Gatehouse 400, release 7.2.1"),
                Fact::new("Weakness", html! { (term("CWE-613", "Insufficient session expiration: a session outlives its owner's wish.")) }),
                Fact::new("Received", time("2026-11-18T08:02:00Z", "18 Nov 2026 08:02 UTC")),
                Fact::text("Reference", ""),
            ])),
        ))
        (columns(
            html! {
                (alert(Tone::Info, "Two scores", html! { "Version 3.1 rates this case. Version 4.0 stands beside it." }))
                (alert(Tone::Good, "Gate passed", html! { "Every task of this release has its evidence." }))
                (alert(Tone::Warn, "Provisional targets", html! { "Exposure is not confirmed yet; targets may change." }))
                (alert(Tone::Bad, "Cannot publish", html! { "No mitigation is recorded. " a href="#field-reason" { "Record one" } ", or ask a lead for a limited notice." }))
            },
            html! {
                (diff("Revision 2 against revision 1", &diff_texts(old, new)))
                (code_block("security.txt", "Contact: mailto:psirt@halden.example\nPreferred-Languages: en\nExpires: 2027-06-30T00:00:00Z"))
                (file_list(&[FileEntry::new("halden-2026-0042.json", "#", "CSAF 2.0, 18 kB"), FileEntry::new("halden-2026-0042.json.asc", "#", "signature")]))
            },
        ))
        (panel("Exposure", html! { (data::matrix()) }))
    }
}

fn story() -> Markup {
    split(
        html! {
            (panel("Case", html! { (stepper("States of the case", &data::steps())) }))
            (panel("Conversation", thread(&data::messages())))
        },
        html! { (panel("Response targets", clocks(&data::clocks()))) (panel("History", timeline(&data::events()))) },
    )
}

fn forms() -> Markup {
    let errors = [
        ("title".to_owned(), "Give the case a title.".to_owned()),
        ("reason".to_owned(), "A limited notice needs a reason.".to_owned()),
    ];
    let first = Form::new("/desk/components", "Save case")
        .errors(&errors)
        .hidden("revision", 7)
        .field(
            Field::text("title", "Title")
                .required()
                .error(Some("Give the case a title."))
                .hint("One line, no product names of customers.")
                .longest(200),
        )
        .field(Field::textarea("summary", "Summary").value("A session token stays valid after sign-out.").lines(3))
        .field(Field::select("product", "Product", Choice::list([("g", "Gatehouse 400"), ("c", "Causeway")], "g")))
        .field(Field::date("due", "Due").value("2026-12-02"))
        .field(
            Field::text("reason", "Reason for a limited notice")
                .required()
                .error(Some("A limited notice needs a reason.")),
        )
        .beside(button_link(Weight::Plain, "Cancel", "/desk"));
    let ways = vec![
        Choice::new("pgp", "Encrypted mail").hint("We answer with our own key.").chosen(true),
        Choice::new("web", "This site").hint("You keep a private link."),
        Choice::new("none", "No contact"),
    ];
    let second = Form::new("/desk/components", "Send report")
        .multipart()
        .field(Field::radios("contact", "How should we reach you?", ways).required())
        .field(Field::boxes(
            "products",
            "Products",
            vec![Choice::new("g", "Gatehouse 400").chosen(true), Choice::new("c", "Causeway")],
        ))
        .field(Field::email("mail", "E-mail address").placeholder("name@example.org"))
        .field(Field::file("proof", "Files").hint("Up to 25 MB. Logs and captures help."))
        .field(Field::checkbox("credit", "Name me in the advisory", true))
        .field(Field::datetime("seen", "First seen"))
        .beside(dialog_button("about-reports", Weight::Secondary, "What happens next"));
    html! {
        div data-calm { (columns(panel("A form with mistakes", html! { (first) }), panel("A form", html! { (second) }))) }
        (panel("Buttons", html! {
            div class="actions" {
                button class="btn primary" type="button" { "Primary" }
                button class="btn" type="button" { "Secondary" }
                button class="btn danger" type="button" { "Danger" }
                button class="btn plain" type="button" { "Plain" }
                button class="btn primary" type="button" disabled { "Disabled" }
                (ButtonForm::new("Take the case", "/desk/take").icon(super::Icon::Person))
                (ButtonForm::new("Reject", "/desk/reject").weight(Weight::Danger).confirm("Reject this report?").fields(html! { (Field::text("why", "Reason").required()) }))
                (dialog_button("about-reports", Weight::Secondary, "Open a dialog"))
            }
        }))
        (dialog("about-reports", "What happens next", prose(html! { p { "We answer within two working days, and tell you what we found before anybody else hears of it." } })))
    }
}

fn charts() -> Markup {
    let shares = [
        ("Critical", 3.0, Severity::Critical),
        ("High", 8.0, Severity::High),
        ("Medium", 21.0, Severity::Medium),
        ("Low", 9.0, Severity::Low),
    ]
    .map(|(name, value, which)| (name.to_owned(), value, Paint::Severity(which)));
    let bars = [
        ("Injection", 14.0),
        ("Session handling", 9.0),
        ("Memory safety", 7.0),
        ("Cryptography", 4.0),
        ("Configuration", 2.0),
    ]
    .map(|(name, value)| (name.to_owned(), value, Paint::One));
    let heat = [("Gatehouse 400", vec![3, 8, 12, 2]), ("Causeway", vec![0, 2, 5, 1]), ("Lantern", vec![1, 0, 4, 9])]
        .map(|(name, counts)| (name.to_owned(), counts));
    html! {
        (columns(
            panel("Cases", column_chart("Confirmed cases by severity, a month each", &data::months(), &data::by_severity())),
            panel("Trend", line_chart("Vulnerabilities found in the field and before release", &data::months(), &data::trends())),
        ))
        (columns(
            html! { (panel("Weaknesses", bar_chart("Root causes of the last year", &bars))) (panel("Heat", heat_table("Open findings by product and severity", &["Critical", "High", "Medium", "Low"], &heat))) },
            panel("Maturity", radar("Practices, now and target", &data::practices(), 3.0, &data::maturity())),
        ))
        (grid(html! {
            (panel("Open", donut("Open by severity", &shares)))
            (panel("Programme", gauge("Maturity score", 1.7, 3.0, Some(2.2), "target 2.2 by June")))
            (panel("Training", gauge("People trained", 94.0, 100.0, Some(90.0), "per cent, target 90")))
        }))
    }
}

fn calculators() -> Markup {
    let three = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/RL:O";
    let four = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
    html! {
        (panel("CVSS v3.1", html! { (Calculator::new("3.1", "/desk/components", cvss31_groups(three)).scored(three, "9.4", Severity::Critical).part("Base", "9.8").part("Temporal", "9.4")) }))
        (panel("CVSS v4.0", html! { (Calculator::new("4.0", "/desk/components", cvss40_groups(four)).scored(four, "9.3", Severity::Critical)) }))
    }
}

/// A public advisory, to look at the public frame.
pub fn gallery_portal() -> Markup {
    let shell = Portal::new("Session token accepted after sign-out in Gatehouse 400", "Halden Systems")
        .active("advisories")
        .crumbs(vec![Crumb::link("Advisories", "/advisories"), Crumb::here("HSA-2026-0017")])
        .badges(html! { (severity(Severity::Critical)) (tlp(super::Tlp::Clear)) (super::exploited("Exploited")) })
        .actions(html! { (button_link(Weight::Secondary, "CSAF", "#")) (button_link(Weight::Primary, "Score for your environment", "#")) })
        .subtitle("HSA-2026-0017, revision 2, published 2 December 2026")
        .legal("The information on these pages is provided as it is, without warranty, and may change.");
    let text = prose(html! {
        h2 { "Summary" }
        p { "A session token of the management port stays valid for up to ten minutes after its owner signed out. Whoever holds the token can act as that person." }
        h2 { "What to do" }
        ol { li { "Update to release " strong { "7.2.2" } " or " strong { "7.1.10" } "." } li { "Until then, allow the management port only from trusted networks. See the " a href="#" { "hardening guide" } "." } }
        h2 { "Thanks" }
        p { "We thank Vera Lindqvist for reporting this and for working with us." }
    });
    let side = html! {
        (panel("At a glance", facts(&[
            Fact::new("Score", score_line("3.1", "9.8", Severity::Critical, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")),
            Fact::text("CVE", "CVE-2026-41001"),
            Fact::text("Weakness", "CWE-613"),
            Fact::new("Published", time("2026-12-02T10:00:00Z", "2 Dec 2026 10:00 UTC")),
        ])))
        (panel("Files", file_list(&[FileEntry::new("hsa-2026-0017.json", "#", "CSAF 2.0"), FileEntry::new("hsa-2026-0017.txt", "#", "signed text")])))
    };
    portal(&shell, html! { (split(html! { (text) (panel("Affected releases", html! { (data::matrix()) })) }, side)) })
}
