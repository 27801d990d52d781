//! Small signs beside words: severity, state, TLP, score, people.

use std::fmt::Display;

use maud::{Markup, html};

use super::icon::{Icon, icon};

/// The five CVSS severities, and "not scored yet".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Unrated,
    None,
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    /// The band of a CVSS v3.x or v4.0 score (qualitative severity rating scale of both).
    pub fn of_score(score: f64) -> Severity {
        match score {
            s if s >= 9.0 => Severity::Critical,
            s if s >= 7.0 => Severity::High,
            s if s >= 4.0 => Severity::Medium,
            s if s > 0.0 => Severity::Low,
            _ => Severity::None,
        }
    }

    /// The band by its English name in any case; anything else is unrated.
    pub fn of_name(name: &str) -> Severity {
        match name.to_ascii_lowercase().as_str() {
            "critical" => Severity::Critical,
            "high" => Severity::High,
            "medium" | "moderate" => Severity::Medium,
            "low" => Severity::Low,
            "none" => Severity::None,
            _ => Severity::Unrated,
        }
    }

    /// The word shown.
    pub fn label(self) -> &'static str {
        match self {
            Severity::Critical => "Critical",
            Severity::High => "High",
            Severity::Medium => "Medium",
            Severity::Low => "Low",
            Severity::None => "None",
            Severity::Unrated => "Not scored",
        }
    }

    pub(crate) fn class(self) -> &'static str {
        match self {
            Severity::Critical => "sev-critical",
            Severity::High => "sev-high",
            Severity::Medium => "sev-medium",
            Severity::Low => "sev-low",
            Severity::None => "sev-none",
            Severity::Unrated => "sev-unrated",
        }
    }
}

/// How a sign or message should feel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Neutral,
    Brand,
    Info,
    Good,
    Warn,
    Bad,
}

impl Tone {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Tone::Neutral => "tone-neutral",
            Tone::Brand => "tone-brand",
            Tone::Info => "tone-info",
            Tone::Good => "tone-good",
            Tone::Warn => "tone-warn",
            Tone::Bad => "tone-bad",
        }
    }

    pub(crate) fn icon(self) -> Icon {
        match self {
            Tone::Neutral | Tone::Brand | Tone::Info => Icon::Info,
            Tone::Good => Icon::Check,
            Tone::Warn | Tone::Bad => Icon::Warning,
        }
    }
}

/// Traffic Light Protocol 2.0 labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tlp {
    Clear,
    Green,
    Amber,
    AmberStrict,
    Red,
}

/// A severity as a badge with its colour and its word.
pub fn severity(which: Severity) -> Markup {
    html! { span class={"badge sev " (which.class())} { (which.label()) } }
}

/// A plain badge: a word with a tone.
pub fn badge(tone: Tone, label: &str) -> Markup {
    html! { span class={"badge " (tone.class())} { (label) } }
}

/// The state of something: a dot and a word, quieter than a badge, for table columns.
pub fn state(tone: Tone, label: &str) -> Markup {
    html! { span class={"state " (tone.class())} { (label) } }
}

/// A TLP 2.0 label in the colours the standard fixes.
pub fn tlp(label: Tlp) -> Markup {
    let (class, text) = match label {
        Tlp::Clear => ("tlp tlp-clear", "TLP:CLEAR"),
        Tlp::Green => ("tlp tlp-green", "TLP:GREEN"),
        Tlp::Amber => ("tlp tlp-amber", "TLP:AMBER"),
        Tlp::AmberStrict => ("tlp tlp-amber", "TLP:AMBER+STRICT"),
        Tlp::Red => ("tlp tlp-red", "TLP:RED"),
    };
    html! { span class=(class) { (text) } }
}

/// The sign for exploitation that is known (`"Exploited"`) or likely (`"Likely exploited"`).
pub fn exploited(label: &str) -> Markup {
    html! { span class="badge exploited" { (icon(Icon::Flame)) (label) } }
}

/// The sign for an embargo, with when it lifts in words ("until 2 Dec 2026").
pub fn embargoed(until: &str) -> Markup {
    html! { span class="badge embargo" { (icon(Icon::Lock)) "Embargoed" @if !until.is_empty() { " " (until) } } }
}

/// A count beside a word, as in tabs and navigation.
pub fn count(number: u64) -> Markup {
    html! { span class="count" { (number) } }
}

/// A CVSS score as a pill: the figure on the colour of its severity.
pub fn score(figure: impl Display, which: Severity) -> Markup {
    let figure = figure.to_string();
    let label = format!("{figure}, {}", which.label());
    html! { span class={"score " (which.class())} role="img" aria-label=(label) title=(label) { (figure) } }
}

/// A score with its version and vector, as shown on case and advisory pages.
pub fn score_line(version: &str, figure: impl Display, which: Severity, vector: &str) -> Markup {
    html! {
        span class="score-line" {
            (score(figure, which))
            span class="score-words" {
                strong { (which.label()) } span class="muted" { " CVSS " (version) }
                code class="vector" { (vector) }
            }
        }
    }
}

/// A person's initials in a disc; the colour follows from the name.
pub fn avatar(name: &str) -> Markup {
    let mut initials: String = name
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .filter(|c| c.is_alphanumeric())
        .take(2)
        .collect();
    if initials.is_empty() {
        initials.push('?');
    }
    let hue = name.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % 6;
    html! { span class={"avatar hue-" (hue)} aria-hidden="true" { (initials.to_uppercase()) } }
}

/// A person: initials, name and a quiet second line (role, company), which may be empty.
pub fn person(name: &str, detail: &str) -> Markup {
    html! {
        span class="person" {
            (avatar(name))
            span { span class="person-name" { (name) } @if !detail.is_empty() { span class="muted small" { (detail) } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Severity, avatar};

    #[test]
    fn bands_meet_at_the_standards_edges() {
        let edges = [
            (0.0, "None"),
            (0.1, "Low"),
            (3.9, "Low"),
            (4.0, "Medium"),
            (6.9, "Medium"),
            (7.0, "High"),
            (8.9, "High"),
            (9.0, "Critical"),
            (10.0, "Critical"),
        ];
        for (figure, word) in edges {
            assert_eq!(Severity::of_score(figure).label(), word, "{figure}");
        }
    }

    #[test]
    fn a_name_without_letters_still_gets_a_disc() {
        assert!(avatar("").into_string().contains('?'));
        assert!(avatar("Ines Aalto").into_string().contains("IA"));
    }
}
