//! Texts and snapshots as plain lines, so that two of them can be compared.

use super::model::{Draft, figure};
use super::snapshot::{Rating, Snapshot};

fn rating(name: &str, rating: Option<&Rating>) -> String {
    rating.map_or_else(String::new, |rated| {
        format!("{name}: {} {} {}\n", figure(rated.score), rated.severity, rated.vector)
    })
}

/// What an author wrote, field by field; empty fields are left out.
pub(super) fn draft_lines(draft: &Draft) -> String {
    let mut out = String::new();
    for (name, text) in draft.fields() {
        if !text.trim().is_empty() {
            let mut letters = name.chars();
            let first = letters.next().map(|letter| letter.to_ascii_uppercase()).into_iter();
            let heading: String = first.chain(letters).collect();
            out.push_str(&format!("{heading}\n{}\n\n", text.trim_end()));
        }
    }
    out
}

/// Everything that readers see, without dates.
pub(super) fn lines(snapshot: &Snapshot) -> String {
    let mut out = format!("Title: {}\nSeverity: {}\n", snapshot.title, snapshot.severity);
    if let Some(reason) = &snapshot.withdrawn {
        out.push_str(&format!("Withdrawn: {reason}\n"));
    }
    for (title, text) in [("Summary", snapshot.summary.as_str()), ("Details", snapshot.details.as_str())] {
        out.push_str(&format!("\n{title}\n{text}\n"));
    }
    for part in &snapshot.advice {
        out.push_str(&format!("\nWhat to do\n{part}\n"));
    }
    for (index, one) in snapshot.vulnerabilities.iter().enumerate() {
        out.push_str(&format!("\nVulnerability {}: {}\n", index + 1, one.title));
        out.push_str(&format!("CVE: {}\nCWE: {}\n", one.cve.as_deref().unwrap_or("none"), one.cwe));
        out.push_str(&rating("CVSS v3.1", one.cvss31.as_ref()));
        out.push_str(&rating("CVSS v4.0", one.cvss40.as_ref()));
        out.push_str(&format!("{}\n", one.description));
        for exposure in &one.statuses {
            out.push_str(&format!(
                "{}: {} {}\n",
                snapshot.release_name(&exposure.release),
                exposure.status.label(),
                exposure.statement
            ));
        }
        for remedy in &one.remediations {
            out.push_str(&format!(
                "{}: {} {} {} {}\n",
                remedy.category, remedy.brings, remedy.details, remedy.url, remedy.available_on
            ));
        }
    }
    for credit in &snapshot.credits {
        out.push_str(&format!("\nThanks: {} {}", credit.name, credit.reason));
    }
    for link in &snapshot.links {
        out.push_str(&format!("\nLink: {} {}", link.summary, link.url));
    }
    out.push_str(&format!("\nNotice: {}\n", snapshot.legal_notice));
    out
}

#[cfg(test)]
mod tests {
    use super::super::model::Draft;
    use super::draft_lines;

    #[test]
    fn a_text_is_told_field_by_field() {
        let draft = Draft { title: "A".to_owned(), links: "B https://b.example\n".to_owned(), ..Draft::default() };
        assert_eq!(draft_lines(&draft), "Title\nA\n\nLinks\nB https://b.example\n\n");
    }
}
