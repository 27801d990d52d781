//! The mails: confirmation, reminder, notice; each as text and as HTML without pictures, styles or trackers.

use maud::{DOCTYPE, Markup, html};
use web::paragraphs;

use crate::issue_management::advisory::{Snapshot, Status, figure};

/// A mail's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Letter {
    /// The subject.
    pub(crate) subject: String,
    /// The text form.
    pub(crate) text: String,
    /// The HTML form.
    pub(crate) html: String,
}

fn page(title: &str, body: Markup) -> String {
    html! {
        (DOCTYPE)
        html lang="en" { head { meta charset="utf-8"; title { (title) } } body { (body) } }
    }
    .into_string()
}

/// Asks for the confirmation of an address.
pub(super) fn confirmation(vendor: &str, link: &str) -> Letter {
    let subject = format!("Confirm your sign-up for security notices of {vendor}");
    let text = format!(
        "Somebody, hopefully you, asked us to send security notices of {vendor} to this address.\n\n\
         Open this link and press the button to confirm. It holds for 48 hours:\n{link}\n\n\
         If it was not you, do nothing. You will not hear from us again.\n"
    );
    let html = page(
        &subject,
        html! {
            p { "Somebody, hopefully you, asked us to send security notices of " (vendor) " to this address." }
            p { a href=(link) { "Confirm this address" } " (the link holds for 48 hours)." }
            p { "If it was not you, do nothing. You will not hear from us again." }
        },
    );
    Letter { subject, text, html }
}

/// Tells somebody who is signed up already how to change it.
pub(super) fn reminder(vendor: &str, link: &str) -> Letter {
    let subject = format!("You get security notices of {vendor} already");
    let text = format!(
        "Somebody, hopefully you, signed this address up for security notices of {vendor}. It is signed up already.\n\n\
         Change or end it here:\n{link}\n"
    );
    let html = page(
        &subject,
        html! {
            p { "Somebody, hopefully you, signed this address up for security notices of " (vendor) ". It is signed up already." }
            p { a href=(link) { "Change or end it" } }
        },
    );
    Letter { subject, text, html }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn subject(snapshot: &Snapshot) -> String {
    let what = if snapshot.withdrawn.is_some() {
        "Withdrawn".to_owned()
    } else if snapshot.version > 1 {
        "Updated".to_owned()
    } else {
        capital(&snapshot.severity)
    };
    if what.is_empty() {
        format!("{}: {}", snapshot.number, snapshot.title)
    } else {
        format!("[{what}] {}: {}", snapshot.number, snapshot.title)
    }
}

fn rated(snapshot: &Snapshot) -> String {
    match snapshot.score {
        Some(score) => format!("{} (CVSS {})", capital(&snapshot.severity), figure(score)),
        None => "Not scored".to_owned(),
    }
}

fn of_status(snapshot: &Snapshot, status: Status) -> Vec<String> {
    let mut names: Vec<String> = snapshot
        .vulnerabilities
        .iter()
        .flat_map(|one| &one.statuses)
        .filter(|exposure| exposure.status == status)
        .map(|exposure| snapshot.release_name(&exposure.release))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// What there is to do, one item each.
fn steps(snapshot: &Snapshot) -> Vec<String> {
    let mut steps: Vec<String> = snapshot.advice.clone();
    for remedy in snapshot.vulnerabilities.iter().flat_map(|one| &one.remediations) {
        let mut words = remedy.details.trim().to_owned();
        if words.is_empty() {
            words = format!("Update to {}.", remedy.brings);
        }
        if !remedy.url.is_empty() {
            words = format!("{words} {}", remedy.url);
        }
        steps.push(words);
    }
    steps.dedup();
    steps
}

/// The notice about a published version. `page` is its address, `manage` the subscriber's own link.
pub(crate) fn notice_letter(snapshot: &Snapshot, page_link: &str, manage: &str) -> Letter {
    let subject = subject(snapshot);
    Letter {
        text: notice_text(snapshot, page_link, manage),
        html: notice_html(snapshot, &subject, page_link, manage),
        subject,
    }
}

fn notice_text(snapshot: &Snapshot, page_link: &str, manage: &str) -> String {
    let mut text = format!("{}\n{}\n\n", snapshot.title, "=".repeat(snapshot.title.chars().count().min(72)));
    if let Some(reason) = &snapshot.withdrawn {
        text.push_str(&format!("This advisory was withdrawn. {reason}\n\n"));
    } else if let (true, Some(last)) = (snapshot.version > 1, snapshot.history.last()) {
        text.push_str(&format!("What changed: {}\n\n", last.summary));
    }
    text.push_str(&format!(
        "Number:   {}, version {}\nSeverity: {}\n",
        snapshot.number,
        snapshot.version,
        rated(snapshot)
    ));
    let cves: Vec<&str> = snapshot.cves().collect();
    if !cves.is_empty() {
        text.push_str(&format!("CVE:      {}\n", cves.join(", ")));
    }
    text.push_str(&format!("\n{}\n", snapshot.summary));
    for (title, status) in [("Affected", Status::Affected), ("Fixed in", Status::Fixed)] {
        let names = of_status(snapshot, status);
        if !names.is_empty() {
            text.push_str(&format!("\n{title}: {}\n", names.join(", ")));
        }
    }
    let steps = steps(snapshot);
    if !steps.is_empty() {
        text.push_str("\nWhat to do\n");
        for step in steps {
            text.push_str(&format!("- {step}\n"));
        }
    }
    text.push_str(&format!("\nThe whole advisory: {page_link}\n"));
    if !snapshot.legal_notice.is_empty() {
        text.push_str(&format!("\n{}\n", snapshot.legal_notice));
    }
    // A line of its own with "-- " is what mail programs know as the beginning of the signature.
    text.push_str(&format!(
        "\n-- \nYou get this because you signed up at {}.\nChange or end it: {manage}\n",
        snapshot.vendor.name
    ));
    text
}

fn notice_html(snapshot: &Snapshot, subject: &str, page_link: &str, manage: &str) -> String {
    page(subject, notice_body(snapshot, page_link, manage))
}

/// What stands in the HTML form of a notice.
pub(crate) fn notice_body(snapshot: &Snapshot, page_link: &str, manage: &str) -> Markup {
    let (affected, fixed) = (of_status(snapshot, Status::Affected), of_status(snapshot, Status::Fixed));
    let steps = steps(snapshot);
    let cves: Vec<&str> = snapshot.cves().collect();
    html! {
        h1 { (snapshot.title) }
        @if let Some(reason) = &snapshot.withdrawn { p { strong { "This advisory was withdrawn." } " " (reason) } }
        @else if snapshot.version > 1 { @if let Some(last) = snapshot.history.last() { p { strong { "What changed: " } (last.summary) } } }
        p { strong { (snapshot.number) } ", version " (snapshot.version) br; "Severity: " strong { (rated(snapshot)) } @if !cves.is_empty() { br; (cves.join(", ")) } }
        (paragraphs(&snapshot.summary))
        @if !affected.is_empty() { p { strong { "Affected: " } (affected.join(", ")) } }
        @if !fixed.is_empty() { p { strong { "Fixed in: " } (fixed.join(", ")) } }
        @if !steps.is_empty() { h2 { "What to do" } ul { @for step in &steps { li { (step) } } } }
        p { a href=(page_link) { "Read the whole advisory" } }
        @if !snapshot.legal_notice.is_empty() { p { small { (snapshot.legal_notice) } } }
        hr;
        p { small { "You get this because you signed up at " (snapshot.vendor.name) ". " a href=(manage) { "Change or end it" } } }
    }
}
