//! What an advisory looks like: the same on the portal, in the preview and in the static tree.

use maud::{Markup, html};
use web::ui::{
    self, Calculator, Exposure, ExposureMatrix, ExposureRow, Fact, FileEntry, Severity, cvss31_groups, cvss40_groups,
};
use web::{Query, paragraphs};

use crate::issue_management::advisory::{Snapshot, Status, figure};

/// The badges below an advisory's title.
pub(super) fn badges(snapshot: &Snapshot) -> Markup {
    html! {
        @if !snapshot.severity.is_empty() { (ui::severity(Severity::of_name(&snapshot.severity))) }
        @if snapshot.is_limited() { (ui::badge(ui::Tone::Info, "Limited notice")) }
        @if snapshot.exploited { (ui::exploited("Exploited")) }
        @if snapshot.withdrawn.is_some() { (ui::badge(ui::Tone::Bad, "Withdrawn")) }
    }
}

/// A moment from RFC 3339 text.
pub(super) fn moment(text: &str) -> Markup {
    text.parse::<kernel::Timestamp>().map_or_else(|_| html! { (text) }, web::moment)
}

/// What a rated vector looks like; nothing when there is none.
fn rating(version: &str, rating: Option<(&str, i64, &str)>) -> Markup {
    html! {
        @if let Some((vector, score, severity)) = rating {
            (ui::score_line(version, figure(score), Severity::of_name(severity), vector))
        }
    }
}

/// The whole advisory below its title. `is_public` is false in the preview, where nothing can be fetched yet.
pub(crate) fn advisory_body(snapshot: &Snapshot, is_public: bool) -> Markup {
    let main = html! {
        @if let Some(reason) = &snapshot.withdrawn {
            (ui::alert(ui::Tone::Bad, "This advisory was withdrawn", html! { p { (reason) } p { "It is kept here so that links to it still work. Do not act on it." } }))
        }
        (ui::prose(html! {
            h2 { "Summary" }
            (paragraphs(&snapshot.summary))
            @if !snapshot.advice.is_empty() {
                h2 { "What to do" }
                @for part in &snapshot.advice { (paragraphs(part)) }
            }
        }))
        (what_to_do(snapshot))
        (releases(snapshot))
        @if !snapshot.details.is_empty() { (ui::prose(html! { h2 { "Details" } (paragraphs(&snapshot.details)) })) }
        @for (index, one) in snapshot.vulnerabilities.iter().enumerate() { (vulnerability(snapshot, index, one, is_public)) }
        (history(snapshot, is_public))
        @if !snapshot.legal_notice.is_empty() { (ui::prose(html! { h2 { "Notice" } (paragraphs(&snapshot.legal_notice)) })) }
    };
    ui::split(main, aside(snapshot, is_public))
}

fn category(word: &str) -> &'static str {
    match word {
        "vendor_fix" => "Fix",
        "mitigation" => "Mitigation",
        "workaround" => "Workaround",
        "no_fix_planned" => "No fix planned",
        _ => "Nothing available yet",
    }
}

fn what_to_do(snapshot: &Snapshot) -> Markup {
    let several = snapshot.vulnerabilities.len() > 1;
    let remedies: Vec<_> = snapshot
        .vulnerabilities
        .iter()
        .flat_map(|one| one.remediations.iter().map(move |remedy| (one, remedy)))
        .collect();
    html! {
        @if !remedies.is_empty() {
            (ui::panel("What to do", html! {
                dl class="facts" {
                    @for (one, remedy) in remedies {
                        div {
                            dt { (category(&remedy.category)) @if several { ": " (one.title) } }
                            dd {
                                @if !remedy.brings.is_empty() { p { "Update to " strong { (remedy.brings) } "." } }
                                (paragraphs(&remedy.details))
                                @if !remedy.url.is_empty() { p { a href=(remedy.url) rel="noopener noreferrer" { (remedy.url) } } }
                                @if !remedy.available_on.is_empty() { p class="muted small" { "Available from " (ui::time(&remedy.available_on, &remedy.available_on)) } }
                                @if !remedy.releases.is_empty() {
                                    p class="muted small" { "For " (remedy.releases.iter().map(|id| snapshot.release_name(id)).collect::<Vec<_>>().join(", ")) }
                                }
                            }
                        }
                    }
                }
            }))
        }
    }
}

fn sign(status: Status) -> Exposure {
    match status {
        Status::Affected => Exposure::Affected,
        Status::UnderInvestigation => Exposure::UnderInvestigation,
        Status::Fixed => Exposure::Fixed,
        Status::NotAffected => Exposure::NotAffected,
    }
}

fn releases(snapshot: &Snapshot) -> Markup {
    if snapshot.products.iter().all(|product| product.releases.is_empty()) {
        return html! {
            @if !snapshot.products.is_empty() {
                (ui::panel("Products", html! { ul { @for product in &snapshot.products { li { (product.name) } } } }))
            }
        };
    }
    let names: Vec<String> = snapshot
        .vulnerabilities
        .iter()
        .enumerate()
        .map(|(index, one)| one.cve.clone().unwrap_or_else(|| format!("No. {}", index + 1)))
        .collect();
    let rows =
        snapshot.products.iter().flat_map(|product| product.releases.iter().map(move |release| (product, release)));
    if snapshot.is_limited() {
        let rows =
            rows.map(|(product, release)| ui::Row::new(vec![html! { (product.name) }, html! { (release.version) }]));
        return ui::panel(
            "Affected releases",
            ui::Table::new("Affected releases").columns(["Product", "Release"]).rows(rows).markup(),
        );
    }
    if let [one] = snapshot.vulnerabilities.as_slice() {
        let rows = rows.filter_map(|(product, release)| {
            let exposure = one.statuses.iter().find(|exposure| exposure.release == release.id)?;
            let why = exposure.justification.as_deref().map(justification).unwrap_or_default();
            Some(ui::Row::new(vec![
                html! { (product.name) },
                html! { (release.version) },
                ui::exposure(sign(exposure.status)),
                html! { (why) @if !why.is_empty() && !exposure.statement.is_empty() { " " } (exposure.statement) },
            ]))
        });
        let table = ui::Table::new("Releases and what holds for them")
            .columns(["Product", "Release", "Status", "Remark"])
            .rows(rows);
        return ui::panel("Affected and fixed releases", table.markup());
    }
    let mut matrix = ExposureMatrix::new("Releases and vulnerabilities");
    for (index, name) in names.into_iter().enumerate() {
        matrix = matrix.column(name, Some(format!("#vulnerability-{}", index + 1)));
    }
    for (product, release) in rows {
        let mut row = ExposureRow::new(format!("{} {}", product.name, release.version));
        for one in &snapshot.vulnerabilities {
            let exposure = one.statuses.iter().find(|exposure| exposure.release == release.id);
            row = row.cell(exposure.map_or(Exposure::Unknown, |exposure| sign(exposure.status)), None);
        }
        matrix = matrix.row(row);
    }
    ui::panel("Affected and fixed releases", matrix.markup())
}

fn justification(word: &str) -> &'static str {
    match word {
        "component_not_present" => "The component is not in this release.",
        "vulnerable_code_not_present" => "The vulnerable code is not in this release.",
        "vulnerable_code_not_in_execute_path" => "The vulnerable code never runs here.",
        "vulnerable_code_cannot_be_controlled_by_adversary" => "No attacker can reach the vulnerable code here.",
        "inline_mitigations_already_exist" => "Protection is built in.",
        _ => "",
    }
}

fn vulnerability(
    snapshot: &Snapshot,
    index: usize,
    one: &crate::issue_management::advisory::SnapshotVulnerability,
    is_public: bool,
) -> Markup {
    let title = one.cve.as_ref().map_or_else(|| one.title.clone(), |cve| format!("{cve}: {}", one.title));
    let score = format!("/advisories/{}/score/{}", snapshot.number, index + 1);
    let has_vector = one.cvss31.is_some() || one.cvss40.is_some();
    let button = html! {
        @if is_public && has_vector { (ui::button_link(ui::Weight::Secondary, "Score for your environment", &score)) }
    };
    let of = |rated: &Option<crate::issue_management::advisory::SnapshotRating>| {
        rated.as_ref().map(|rated| (rated.vector.clone(), rated.score, rated.severity.clone()))
    };
    let (three, four) = (of(&one.cvss31), of(&one.cvss40));
    let mut facts = Vec::new();
    if let Some((vector, score, severity)) = &three {
        facts.push(Fact::new("CVSS v3.1", rating("3.1", Some((vector, *score, severity)))));
    }
    if let Some((vector, score, severity)) = &four {
        facts.push(Fact::new("CVSS v4.0", rating("4.0", Some((vector, *score, severity)))));
    }
    if !one.cwe.is_empty() {
        facts.push(Fact::text("Weakness", &weakness(&one.cwe)));
    }
    if let Some(cve) = &one.cve {
        facts.push(Fact::text("CVE", cve));
    }
    html! {
        div id={"vulnerability-" (index + 1)} {
            (ui::panel_with(&title, button, html! { (paragraphs(&one.description)) (ui::facts(&facts)) }))
        }
    }
}

fn weakness(id: &str) -> String {
    csaf::cwe::find(id).map_or_else(|| id.to_owned(), |entry| format!("{id} {}", entry.name_in("4.16")))
}

fn history(snapshot: &Snapshot, is_public: bool) -> Markup {
    let rows = snapshot.history.iter().rev().map(|revision| {
        let row = ui::Row::new(vec![html! { (revision.version) }, moment(&revision.at), html! { (revision.summary) }]);
        if is_public && revision.version != snapshot.version {
            row.link(format!("/advisories/{}/versions/{}", snapshot.number, revision.version))
        } else {
            row
        }
    });
    ui::panel(
        "Revision history",
        ui::Table::new("Revision history").columns(["Version", "Date", "What changed"]).rows(rows).markup(),
    )
}

fn aside(snapshot: &Snapshot, is_public: bool) -> Markup {
    let mut facts = vec![Fact::text("Number", &snapshot.number), Fact::text("Version", &snapshot.version.to_string())];
    if let Some(score) = snapshot.score {
        facts.push(Fact::new("Score", ui::score(figure(score), Severity::of_name(&snapshot.severity))));
    }
    facts.push(Fact::new("Published", moment(&snapshot.first_published)));
    if snapshot.version > 1 {
        facts.push(Fact::new("Updated", moment(&snapshot.published)));
    }
    let cves: Vec<&str> = snapshot.cves().collect();
    if !cves.is_empty() {
        facts.push(Fact::text("CVE", &cves.join(", ")));
    }
    let folder = format!("/.well-known/csaf/white/{}", snapshot.first_published.get(..4).unwrap_or_default());
    let name = csaf::file_name(&snapshot.number);
    let file =
        |ending: &str, note: &str| FileEntry::new(format!("{name}{ending}"), format!("{folder}/{name}{ending}"), note);
    html! {
        (ui::panel("At a glance", ui::facts(&facts)))
        @if !snapshot.credits.is_empty() {
            (ui::panel("Thanks", html! {
                ul { @for credit in &snapshot.credits { li { strong { (credit.name) } @if !credit.reason.is_empty() { ", " (credit.reason) } } } }
            }))
        }
        @if is_public {
            (ui::panel("For machines", html! {
                (ui::file_list(&[
                    file("", "CSAF 2.0"), file(".sha256", "checksum"), file(".sha512", "checksum"),
                    file(".asc", "OpenPGP signature"),
                ]))
            }))
        }
        @if !snapshot.links.is_empty() {
            (ui::panel("Links", html! {
                ul { @for link in &snapshot.links { li { a href=(link.url) rel="noopener noreferrer" { (link.summary) } } } }
            }))
        }
        @if !snapshot.vendor.contact.is_empty() { (ui::panel("Contact", paragraphs(&snapshot.vendor.contact))) }
    }
}

/// The calculators of one vulnerability (P3): with script they score in the browser, without it the server does, and
/// the vector is in the address either way.
pub(super) fn calculators(snapshot: &Snapshot, index: usize, query: &Query) -> Option<Markup> {
    let one = snapshot.vulnerabilities.get(index.checked_sub(1)?)?;
    let action = format!("/advisories/{}/score/{index}", snapshot.number);
    let published = [("3.1", one.cvss31.as_ref()), ("4.0", one.cvss40.as_ref())];
    let parts = published.into_iter().filter_map(|(version, rated)| {
        let rated = rated?;
        let asked = asked(query, version);
        let vector = match &asked {
            Some(Ok(vector)) => vector.canonical(),
            Some(Err(_)) | None => rated.vector.clone(),
        };
        Some(html! {
            @if let Some(Err(words)) = &asked { (ui::alert(ui::Tone::Bad, "This vector cannot be scored", html! { p { (words) } })) }
            (ui::panel(&format!("CVSS v{version}"), html! {
                p class="muted" { "Published: " code class="vector" { (rated.vector) } " = " (figure(rated.score)) }
                (calculator(version, &action, &vector))
            }))
        })
    });
    Some(html! { @for part in parts { (part) } })
}

/// The vector that the address asks for: whole in `cvss`, or as one value for each metric.
fn asked(query: &Query, version: &str) -> Option<Result<cvss::Vector, String>> {
    let known = cvss::Version::parse(version)?;
    let cvss = query.get("cvss");
    if let Some(rest) = cvss.strip_prefix("CVSS:") {
        return rest.starts_with(version).then(|| cvss::Vector::parse(cvss).map_err(|error| error.to_string()));
    }
    if cvss != version {
        return None;
    }
    let pairs: Vec<(&str, &str)> = known
        .metrics()
        .iter()
        .map(|metric| (metric.abbreviation, query.get(metric.abbreviation)))
        .filter(|(_, value)| *value != "X")
        .collect();
    Some(cvss::Vector::from_metrics(known, pairs).map_err(|error| error.to_string()))
}

fn calculator(version: &str, action: &str, vector: &str) -> Markup {
    let groups = if version == "4.0" { cvss40_groups(vector) } else { cvss31_groups(vector) };
    let calculator = Calculator::new(version, action, groups);
    match cvss::Vector::parse(vector) {
        Ok(parsed) => {
            let scores = parsed.scores();
            let mut calculator =
                calculator.scored(parsed.canonical(), scores.score, Severity::of_name(parsed.severity().as_str()));
            calculator = calculator.part("Base", scores.base);
            if let Some(score) = scores.temporal {
                calculator = calculator.part("Temporal", score);
            }
            if let Some(score) = scores.environmental {
                calculator = calculator.part("Environmental", score);
            }
            calculator.markup()
        }
        Err(_) => calculator.markup(),
    }
}
