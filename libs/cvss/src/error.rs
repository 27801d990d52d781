//! Why a vector was refused, and where.

use crate::metric::Version;

/// A vector that the specification refuses: what is wrong, and at which byte.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words())]
pub struct Error {
    pub(crate) kind: Kind,
    pub(crate) position: usize,
    pub(crate) text: String,
    /// The values that would be right.
    pub(crate) values: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Empty,
    Prefix,
    Parenthesis,
    Syntax,
    UnknownMetric(Version),
    UnknownValue(&'static str),
    Repeated,
    Missing(Version),
}

/// Longest piece of the input that an error repeats, in characters.
const QUOTED: usize = 24;

impl Error {
    pub(crate) fn new(kind: Kind, position: usize, piece: &[u8]) -> Self {
        let lossy = String::from_utf8_lossy(piece);
        let mut text: String = lossy.chars().take(QUOTED).collect();
        if lossy.chars().nth(QUOTED).is_some() {
            text.push('…');
        }
        Self { kind, position, text, values: String::new() }
    }

    /// The byte of the input at which the offending piece starts.
    pub const fn position(&self) -> usize {
        self.position
    }

    /// Whether base metrics are missing.
    pub const fn is_missing(&self) -> bool {
        matches!(self.kind, Kind::Missing(_))
    }

    /// Whether a metric stands twice.
    pub const fn is_repeated(&self) -> bool {
        matches!(self.kind, Kind::Repeated)
    }

    /// Whether a metric, or the value of one, does not exist in this version.
    pub const fn is_unknown(&self) -> bool {
        matches!(self.kind, Kind::UnknownMetric(_) | Kind::UnknownValue(_))
    }

    fn words(&self) -> String {
        let Self { kind, position, text, values } = self;
        let at = position.saturating_add(1);
        match kind {
            Kind::Empty => {
                "there is no vector; give one such as CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".to_owned()
            }
            Kind::Prefix => {
                format!(
                    "\"{text}\" is no CVSS version; a vector begins with CVSS:4.0/, CVSS:3.1/ or CVSS:3.0/, or is one of version 2.0 without prefix"
                )
            }
            Kind::Parenthesis => {
                "a parenthesis is not closed; write a version 2.0 vector as (AV:…/A:…) or without parentheses"
                    .to_owned()
            }
            Kind::Syntax => {
                format!(
                    "\"{text}\" at character {at} is not a metric and a value, such as AV:N, between single slashes"
                )
            }
            Kind::UnknownMetric(Version::V2) => {
                format!(
                    "\"{text}\" at character {at} is no metric of CVSS 2.0; vectors of later versions begin with CVSS:3.1/ or CVSS:4.0/"
                )
            }
            Kind::UnknownMetric(version) => format!("\"{text}\" at character {at} is no metric of CVSS {version}"),
            Kind::UnknownValue(metric) => {
                format!("\"{text}\" at character {at} has a value that {metric} does not have; use one of {values}")
            }
            Kind::Repeated => format!("the metric of \"{text}\" at character {at} stands twice; leave one of them out"),
            Kind::Missing(version) => format!("base metrics of CVSS {version} are missing: {text}"),
        }
    }
}
