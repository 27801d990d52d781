//! Scores in tenths and the severities that they mean.

use crate::metric::Version;

/// A score from 0.0 to 10.0, kept in whole tenths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(u8);

impl Score {
    /// The highest score, 10.0.
    pub const MAX: Self = Self(100);

    /// The score of so many tenths; nothing above 100.
    pub const fn from_tenths(tenths: u8) -> Option<Self> {
        if tenths <= 100 { Some(Self(tenths)) } else { None }
    }

    /// Brings computed tenths into the range of scores.
    pub(crate) fn clamped(tenths: i64) -> Self {
        Self(u8::try_from(tenths.clamp(0, 100)).unwrap_or(100))
    }

    /// Reads a number such as `9.8` or `10`; nothing when it has more than one decimal or is out of range.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, tenths) = text.split_once('.').unwrap_or((text, "0"));
        let plain = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !plain(whole) || !plain(tenths) || whole.len() > 2 || tenths.len() != 1 {
            return None;
        }
        let whole: u8 = whole.parse().ok()?;
        Self::from_tenths(whole.checked_mul(10)?.checked_add(tenths.parse().ok()?)?)
    }

    /// The score in tenths: 98 for 9.8.
    pub const fn tenths(self) -> u8 {
        self.0
    }

    /// The nearest binary number, for JSON.
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 10.0
    }

    /// The qualitative rating of v3.x and v4.0 (v3.1 section 5, v4.0 section 6).
    pub const fn severity(self) -> Severity {
        match self.0 {
            0 => Severity::None,
            1..=39 => Severity::Low,
            40..=69 => Severity::Medium,
            70..=89 => Severity::High,
            _ => Severity::Critical,
        }
    }

    /// The rating in the scale of a version.
    ///
    /// Version 2.0 defines none; the scale that the U.S. National Vulnerability Database gives it has
    /// Low (from 0.0), Medium and High only.
    pub const fn severity_in(self, version: Version) -> Severity {
        match (version, self.0) {
            (Version::V2, 0..=39) => Severity::Low,
            (Version::V2, 70..) => Severity::High,
            _ => self.severity(),
        }
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

/// What a score means in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// 0.0.
    None,
    /// 0.1 to 3.9.
    Low,
    /// 4.0 to 6.9.
    Medium,
    /// 7.0 to 8.9.
    High,
    /// 9.0 to 10.0.
    Critical,
}

impl Severity {
    /// Every severity, lowest first.
    pub const ALL: [Self; 5] = [Self::None, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// For people: `High`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
            Self::Critical => "Critical",
        }
    }

    /// In the JSON schemas of the standard: `HIGH`.
    pub const fn property(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
            Self::Critical => "CRITICAL",
        }
    }

    /// Reads either form, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.as_str().eq_ignore_ascii_case(text))
    }
}

impl std::fmt::Display for Severity {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.as_str())
    }
}

/// The scores of one vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scores {
    /// Of the base metrics alone, in every version.
    pub base: Score,
    /// v3.x: always. v2.0: when a temporal metric is defined. v4.0: never, it has one score.
    pub temporal: Option<Score>,
    /// v3.x: always. v2.0: when an environmental metric is defined. v4.0: never.
    pub environmental: Option<Score>,
    /// The one that counts: the score of the last group that has a defined metric.
    pub score: Score,
}
