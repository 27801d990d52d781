//! The five severities, and how the words and numbers of tools become one of them.

use serde::Serialize;

/// How bad a finding is, ordered from `Info` to `Critical`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; no weakness by itself, or the tool did not say.
    #[default]
    Info,
    /// Low.
    Low,
    /// Medium; what tools call moderate.
    Medium,
    /// High; what tools call important.
    High,
    /// Critical.
    Critical,
}

impl Severity {
    /// The severity a word names in nearly every tool; `None` for words whose meaning differs between tools
    /// (`warning`, `error`, `style`), which a reader maps itself.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim();
        let is = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(word));
        if is(&["critical", "crit", "very high", "severe", "urgent", "catastrophic", "blocker"]) {
            Some(Self::Critical)
        } else if is(&["high", "important", "serious", "major"]) {
            Some(Self::High)
        } else if is(&["medium", "moderate", "med"]) {
            Some(Self::Medium)
        } else if is(&["low", "minor", "negligible"]) {
            Some(Self::Low)
        } else if is(&["info", "informational", "information", "none", "unknown", "undefined", "note", "log", "debug"])
        {
            Some(Self::Info)
        } else {
            None
        }
    }

    /// [`Severity::from_word`], and `Info` for every other word.
    #[must_use]
    pub fn word(word: &str) -> Self {
        Self::from_word(word).unwrap_or_default()
    }

    /// The qualitative rating of a CVSS score (v3.1 clause 5, v4.0 clause 6): 0 is none, which is `Info` here.
    #[must_use]
    pub fn from_score(score: f64) -> Self {
        if score >= 9.0 {
            Self::Critical
        } else if score >= 7.0 {
            Self::High
        } else if score >= 4.0 {
            Self::Medium
        } else if score > 0.0 {
            Self::Low
        } else {
            Self::Info
        }
    }

    /// A level from 0 (info) to 4 (critical), as Nessus, Qualys and others count; what is outside is clamped.
    #[must_use]
    pub const fn from_level(level: i64) -> Self {
        match level {
            i64::MIN..=0 => Self::Info,
            1 => Self::Low,
            2 => Self::Medium,
            3 => Self::High,
            4..=i64::MAX => Self::Critical,
        }
    }

    /// The lower-case English name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}
