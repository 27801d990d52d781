//! Versions, metrics and their values, as a calculator form needs them.

use crate::tables;

/// A version of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// CVSS v2.0 (2007).
    V2,
    /// CVSS v3.0 (2015).
    V30,
    /// CVSS v3.1 (2019).
    V31,
    /// CVSS v4.0 (2023).
    V40,
}

impl Version {
    /// Every version, oldest first.
    pub const ALL: [Self; 4] = [Self::V2, Self::V30, Self::V31, Self::V40];

    /// The number as documents write it: `2.0`, `3.0`, `3.1` or `4.0`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V2 => "2.0",
            Self::V30 => "3.0",
            Self::V31 => "3.1",
            Self::V40 => "4.0",
        }
    }

    /// The version with this number.
    pub fn parse(number: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.as_str() == number)
    }

    /// What a vector of this version begins with; nothing for 2.0.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::V2 => "",
            Self::V30 => "CVSS:3.0/",
            Self::V31 => "CVSS:3.1/",
            Self::V40 => "CVSS:4.0/",
        }
    }

    /// The metrics of this version in the order in which the specification writes them.
    pub const fn metrics(self) -> &'static [Metric] {
        match self {
            Self::V2 => tables::V2,
            Self::V30 | Self::V31 => tables::V3,
            Self::V40 => tables::V4,
        }
    }

    /// The metric with this abbreviation.
    pub fn metric(self, abbreviation: &str) -> Option<&'static Metric> {
        self.metrics().iter().find(|metric| metric.abbreviation == abbreviation)
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.as_str())
    }
}

/// A metric group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Base: always required.
    Base,
    /// Temporal (v2, v3) or Threat (v4).
    Temporal,
    /// Environmental.
    Environmental,
    /// Supplemental (v4): never changes the score.
    Supplemental,
}

impl Group {
    /// The group's name in this version.
    pub const fn name(self, version: Version) -> &'static str {
        match (self, version) {
            (Self::Base, _) => "Base",
            (Self::Temporal, Version::V40) => "Threat",
            (Self::Temporal, _) => "Temporal",
            (Self::Environmental, _) => "Environmental",
            (Self::Supplemental, _) => "Supplemental",
        }
    }
}

/// One metric.
#[derive(Debug, PartialEq, Eq)]
pub struct Metric {
    /// As in vectors: `AV`.
    pub abbreviation: &'static str,
    /// For people: `Attack Vector`.
    pub name: &'static str,
    /// In the JSON schemas of the standard: `attackVector`.
    pub property: &'static str,
    /// The group that it belongs to.
    pub group: Group,
    /// Its values; those of an optional metric begin with "Not Defined".
    pub values: &'static [Value],
    pub(crate) key: u64,
}

impl Metric {
    pub(crate) const fn new(
        group: Group,
        abbreviation: &'static str,
        name: &'static str,
        property: &'static str,
        values: &'static [Value],
    ) -> Self {
        Self { abbreviation, name, property, group, values, key: pack(abbreviation) }
    }

    /// Whether a vector without it is refused.
    pub const fn is_required(&self) -> bool {
        matches!(self.group, Group::Base)
    }

    /// The value with this abbreviation.
    pub fn value(&self, abbreviation: &str) -> Option<&'static Value> {
        self.values.iter().find(|value| value.abbreviation == abbreviation)
    }

    /// Codes of base metrics start at one, so that zero means "not defined" for every metric.
    pub(crate) const fn first_code(&self) -> u8 {
        if self.is_required() { 1 } else { 0 }
    }
}

/// One value of a metric.
#[derive(Debug, PartialEq, Eq)]
pub struct Value {
    /// As in vectors: `N`.
    pub abbreviation: &'static str,
    /// For people: `Network`.
    pub name: &'static str,
    /// In the JSON schemas of the standard: `NETWORK`.
    pub property: &'static str,
    pub(crate) key: u64,
}

impl Value {
    pub(crate) const fn new(abbreviation: &'static str, name: &'static str, property: &'static str) -> Self {
        Self { abbreviation, name, property, key: pack(abbreviation) }
    }
}

/// An abbreviation as one number, so that the parser compares numbers and not texts.
///
/// A leading one marks the length; abbreviations have at most five characters.
const fn pack(abbreviation: &str) -> u64 {
    let mut rest = abbreviation.as_bytes();
    let mut word = EMPTY_WORD;
    while let [first, others @ ..] = rest {
        word = push(word, *first);
        rest = others;
    }
    word
}

/// The packed form of no characters.
pub(crate) const EMPTY_WORD: u64 = 1;

/// Adds a character to a packed word; a word that is too long stays unlike every abbreviation.
pub(crate) const fn push(word: u64, byte: u8) -> u64 {
    if word >= 1 << 56 { u64::MAX } else { (word << 8) | byte as u64 }
}
