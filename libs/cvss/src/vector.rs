//! A vector: a version and one value for each of its metrics.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Kind};
use crate::metric::{EMPTY_WORD, Group, Metric, Value, Version, push};
use crate::score::{Score, Scores, Severity};
use crate::tables::MOST;
use crate::v4::{MacroVector, Nomenclature};
use crate::{v2, v3, v4};

/// The value of each metric, by its place in the version's list; zero is "not defined".
pub(crate) type Codes = [u8; MOST];

/// A valid vector: every base metric has a value. Optional metrics that are absent and those set to
/// "not defined" are the same, so vectors are equal when they say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Vector {
    version: Version,
    codes: Codes,
}

impl Vector {
    /// Reads a vector of any version with its metrics in any order; v2.0 with or without parentheses.
    ///
    /// # Errors
    /// When the prefix names no version, a metric or value is unknown, a metric stands twice, a piece is not
    /// `metric:value`, or a base metric is missing (v3.1 section 6, v4.0 section 7).
    pub fn parse(text: &str) -> Result<Self, Error> {
        let bytes = text.as_bytes();
        if bytes.is_empty() {
            return Err(Error::new(Kind::Empty, 0, b""));
        }
        let prefixed = [Version::V31, Version::V40, Version::V30]
            .into_iter()
            .find_map(|version| Some((version, bytes.strip_prefix(version.prefix().as_bytes())?)));
        match prefixed {
            Some((version, body)) => Self::parse_body(version, body, version.prefix().len()),
            None if bytes.starts_with(b"CVSS") => {
                let end = bytes.iter().position(|byte| *byte == b'/').unwrap_or(bytes.len());
                Err(Error::new(Kind::Prefix, 0, bytes.get(..end).unwrap_or_default()))
            }
            None => match (bytes.strip_prefix(b"("), bytes.strip_suffix(b")")) {
                (None, None) => Self::parse_body(Version::V2, bytes, 0),
                (Some(inner), Some(_)) => Self::parse_body(Version::V2, inner.strip_suffix(b")").unwrap_or(inner), 1),
                _ => Err(Error::new(Kind::Parenthesis, 0, b"")),
            },
        }
    }

    fn parse_body(version: Version, body: &[u8], offset: usize) -> Result<Self, Error> {
        let metrics = version.metrics();
        let mut filler = Filler::new(metrics);
        let (mut word, mut key, mut start) = (EMPTY_WORD, None, 0);
        for (index, byte) in body.iter().copied().chain(std::iter::once(b'/')).enumerate() {
            match byte {
                b':' if key.is_none() => {
                    key = Some(word);
                    word = EMPTY_WORD;
                }
                b'/' => {
                    let filled = match key {
                        Some(key) => filler.fill(key, word),
                        None => Err(Refusal::Syntax),
                    };
                    if let Err(refusal) = filled {
                        let piece = body.get(start..index).unwrap_or_default();
                        return Err(refusal.at(version, offset.saturating_add(start), piece));
                    }
                    (word, key, start) = (EMPTY_WORD, None, index.saturating_add(1));
                }
                _ => word = push(word, byte),
            }
        }
        Self { version, codes: filler.codes }.complete(offset.saturating_add(body.len()))
    }

    /// Builds a vector from abbreviations, as a form sends them. Empty values count as "not defined".
    ///
    /// # Errors
    /// As [`Vector::parse`].
    pub fn from_metrics<'a>(
        version: Version,
        metrics: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Error> {
        let mut vector = Self { version, codes: [0; MOST] };
        let mut seen = 0_u32;
        for (abbreviation, value) in metrics {
            if value.is_empty() {
                continue;
            }
            let place = vector.put(abbreviation, value)?;
            let bit = 1_u32.checked_shl(u32::try_from(place).unwrap_or(0)).unwrap_or(0);
            if seen & bit != 0 {
                return Err(Error::new(Kind::Repeated, 0, abbreviation.as_bytes()));
            }
            seen |= bit;
        }
        vector.complete(0)
    }

    fn complete(self, end: usize) -> Result<Self, Error> {
        let missing = |(metric, code): &(&Metric, &u8)| metric.is_required() && **code == 0;
        let pairs = || self.version.metrics().iter().zip(&self.codes);
        if !pairs().any(|pair| missing(&pair)) {
            return Ok(self);
        }
        let names: Vec<&str> = pairs().filter(missing).map(|(metric, _)| metric.abbreviation).collect();
        let mut error = Error::new(Kind::Missing(self.version), end, b"");
        error.text = names.join(", ");
        Err(error)
    }

    fn put(&mut self, abbreviation: &str, value: &str) -> Result<usize, Error> {
        let metrics = self.version.metrics();
        let found = metrics.iter().zip(&mut self.codes).enumerate();
        let Some((place, (metric, slot))) =
            found.into_iter().find(|(_, (metric, _))| metric.abbreviation == abbreviation)
        else {
            return Err(Error::new(Kind::UnknownMetric(self.version), 0, abbreviation.as_bytes()));
        };
        let Some(index) = metric.values.iter().position(|known| known.abbreviation == value) else {
            let piece = format!("{abbreviation}:{value}");
            return Err(Refusal::UnknownValue(metric.abbreviation).at(self.version, 0, piece.as_bytes()));
        };
        *slot = u8::try_from(index).unwrap_or(0).saturating_add(metric.first_code());
        Ok(place)
    }

    /// The version of the standard.
    pub const fn version(&self) -> Version {
        self.version
    }

    /// The vector as the specification writes it: its own order, nothing that is not defined.
    pub fn canonical(&self) -> String {
        self.to_string()
    }

    /// The value of a metric, "Not Defined" where it has none; nothing when this version has no such metric.
    pub fn get(&self, abbreviation: &str) -> Option<&'static Value> {
        let mut all = self.version.metrics().iter().zip(&self.codes);
        all.find(|(metric, _)| metric.abbreviation == abbreviation).and_then(|(metric, code)| value_of(metric, *code))
    }

    /// Changes one metric.
    ///
    /// # Errors
    /// When this version has no such metric, or the metric no such value.
    pub fn set(&mut self, abbreviation: &str, value: &str) -> Result<(), Error> {
        self.put(abbreviation, value).map(|_place| ())
    }

    /// The metrics that are defined, with their values, in the order of the specification.
    pub fn metrics(&self) -> impl Iterator<Item = (&'static Metric, &'static Value)> + '_ {
        self.version
            .metrics()
            .iter()
            .zip(&self.codes)
            .filter(|(_, code)| **code != 0)
            .filter_map(|(metric, code)| Some((metric, value_of(metric, *code)?)))
    }

    /// Whether a metric of this group is defined.
    pub fn has(&self, group: Group) -> bool {
        self.version.metrics().iter().zip(&self.codes).any(|(metric, code)| *code != 0 && metric.group == group)
    }

    /// The same vector cut down to its base metrics.
    #[must_use]
    pub fn base(&self) -> Self {
        let mut codes = self.codes;
        for (metric, code) in self.version.metrics().iter().zip(&mut codes) {
            if metric.group != Group::Base {
                *code = 0;
            }
        }
        Self { version: self.version, codes }
    }

    /// The scores; see [`Scores`] for which of them a version has.
    pub fn scores(&self) -> Scores {
        match self.version {
            Version::V2 => v2::scores(&self.codes, self.has(Group::Temporal), self.has(Group::Environmental)),
            Version::V30 | Version::V31 => {
                let revision = if self.version == Version::V30 { v3::Revision::Zero } else { v3::Revision::One };
                v3::scores(revision, &self.codes, self.has(Group::Temporal), self.has(Group::Environmental))
            }
            Version::V40 => {
                let score = v4::score(&self.codes);
                let cut = self.has(Group::Temporal) || self.has(Group::Environmental);
                let base = if cut { v4::score(&self.base().codes) } else { score };
                Scores { base, temporal: None, environmental: None, score }
            }
        }
    }

    /// The score that counts, as [`Scores::score`].
    pub fn score(&self) -> Score {
        match self.version {
            Version::V40 => v4::score(&self.codes),
            Version::V2 | Version::V30 | Version::V31 => self.scores().score,
        }
    }

    /// What the score that counts means in this version.
    pub fn severity(&self) -> Severity {
        self.score().severity_in(self.version)
    }

    /// Which groups a v4.0 score rests on (v4.0 section 1.3); nothing for earlier versions.
    pub fn nomenclature(&self) -> Option<Nomenclature> {
        (self.version == Version::V40)
            .then(|| Nomenclature::of(self.has(Group::Temporal), self.has(Group::Environmental)))
    }

    /// The equivalence classes of a v4.0 vector (v4.0 section 8.2); nothing for earlier versions.
    pub fn macro_vector(&self) -> Option<MacroVector> {
        (self.version == Version::V40).then(|| v4::macro_vector(&self.codes))
    }
}

fn value_of(metric: &Metric, code: u8) -> Option<&'static Value> {
    metric.values.get(usize::from(code.checked_sub(metric.first_code())?))
}

impl fmt::Display for Vector {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.version.prefix())?;
        let mut separator = "";
        for (metric, value) in self.metrics() {
            write!(out, "{separator}{}:{}", metric.abbreviation, value.abbreviation)?;
            separator = "/";
        }
        Ok(())
    }
}

impl FromStr for Vector {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

/// Collects the values of a vector's metrics while it is read.
struct Filler {
    metrics: &'static [Metric],
    codes: Codes,
    seen: u32,
    /// Where the next metric stands when the vector keeps the order of the specification.
    expected: usize,
}

enum Refusal {
    Syntax,
    UnknownMetric,
    UnknownValue(&'static str),
    Repeated,
}

impl Refusal {
    fn at(&self, version: Version, position: usize, piece: &[u8]) -> Error {
        let kind = match self {
            Self::Syntax => Kind::Syntax,
            Self::UnknownMetric => Kind::UnknownMetric(version),
            Self::UnknownValue(metric) => {
                let known = version.metric(metric).map(|metric| metric.values).unwrap_or_default();
                let values: Vec<&str> = known.iter().map(|value| value.abbreviation).collect();
                let mut error = Error::new(Kind::UnknownValue(metric), position, piece);
                error.values = values.join(", ");
                return error;
            }
            Self::Repeated => Kind::Repeated,
        };
        Error::new(kind, position, piece)
    }
}

impl Filler {
    const fn new(metrics: &'static [Metric]) -> Self {
        Self { metrics, codes: [0; MOST], seen: 0, expected: 0 }
    }

    fn fill(&mut self, key: u64, word: u64) -> Result<(), Refusal> {
        let (place, metric) = self.find(key).ok_or(Refusal::UnknownMetric)?;
        self.expected = place.saturating_add(1);
        let bit = 1_u32.checked_shl(u32::try_from(place).unwrap_or(0)).unwrap_or(0);
        if self.seen & bit != 0 {
            return Err(Refusal::Repeated);
        }
        self.seen |= bit;
        let index = metric.values.iter().position(|value| value.key == word);
        let index = index.ok_or(Refusal::UnknownValue(metric.abbreviation))?;
        if let Some(slot) = self.codes.get_mut(place) {
            *slot = u8::try_from(index).unwrap_or(0).saturating_add(metric.first_code());
        }
        Ok(())
    }

    /// Looks from the expected place to the end, then from the start.
    fn find(&self, key: u64) -> Option<(usize, &'static Metric)> {
        let (before, after) = self.metrics.split_at_checked(self.expected)?;
        let later = after.iter().enumerate().find(|(_, metric)| metric.key == key);
        match later {
            Some((index, metric)) => Some((self.expected.saturating_add(index), metric)),
            None => before.iter().enumerate().find(|(_, metric)| metric.key == key),
        }
    }
}
