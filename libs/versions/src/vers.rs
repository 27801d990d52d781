//! The `vers` notation for version ranges of any ecosystem: `vers:npm/>=1.0.0|<2.0.0`.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::error::{Error, quoted};
use crate::natural::sorted;
use crate::{Ecosystem, LONGEST};

/// The most constraints that a range may have.
const MOST: usize = 10_000;
/// What is encoded in versions.
const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_').remove(b'~').remove(b':').remove(b'+');

/// How a version is compared with a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparator {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparator {
    /// Whether a version in this order to the bound is admitted.
    pub const fn admits(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }

    /// The sign.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// Whether it bounds from above.
    const fn is_upper(self) -> bool {
        matches!(self, Self::Less | Self::LessOrEqual)
    }

    /// Whether it bounds from below.
    const fn is_lower(self) -> bool {
        matches!(self, Self::Greater | Self::GreaterOrEqual)
    }
}

impl fmt::Display for Comparator {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// One constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// How to compare.
    pub comparator: Comparator,
    /// With which version.
    pub version: String,
}

/// A range in `vers` notation, its constraints in the order of their versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vers {
    scheme: String,
    ecosystem: Ecosystem,
    constraints: Vec<Constraint>,
    everything: bool,
}

impl Vers {
    /// Reads a range. A scheme that is not known is ordered as [`Ecosystem::Generic`].
    ///
    /// # Errors
    /// When the text does not begin with `vers:` and a scheme, has no constraint, names a version twice or one
    /// that is none in its scheme, or has `*` beside other constraints.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        if text.len() > LONGEST.saturating_mul(16) {
            return Err(Error::new("the range is too long"));
        }
        let (prefix, rest) = text.split_once(':').unwrap_or(("", text));
        if !prefix.eq_ignore_ascii_case("vers") {
            return Err(Error::new(format!("{} is no vers range; one begins with vers:", quoted(text))));
        }
        let Some((scheme, list)) = rest.split_once('/') else {
            return Err(Error::new(format!("{} has no constraints; write vers:scheme/constraints", quoted(text))));
        };
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        if scheme.is_empty() || !scheme.bytes().all(fits) {
            return Err(Error::new(format!("{} is no versioning scheme", quoted(scheme))));
        }
        let scheme = scheme.to_ascii_lowercase();
        let ecosystem = Ecosystem::parse(&scheme).unwrap_or(Ecosystem::Generic);
        let pieces: Vec<String> = list
            .split('|')
            .map(|piece| piece.chars().filter(|character| !character.is_whitespace()).collect::<String>())
            .filter(|piece| !piece.is_empty())
            .collect();
        if pieces.is_empty() || pieces.len() > MOST {
            return Err(Error::new(format!("{} has no constraints, or too many", quoted(text))));
        }
        if pieces.iter().any(|piece| piece == "*") {
            if pieces.len() > 1 {
                return Err(Error::new("* admits every version; leave out what stands beside it"));
            }
            return Ok(Self { scheme, ecosystem, constraints: Vec::new(), everything: true });
        }
        let constraints = pieces.iter().map(|piece| constraint(ecosystem, piece)).collect::<Result<Vec<_>, _>>()?;
        Self::sorted(scheme, ecosystem, constraints)
    }

    /// Builds a range from constraints.
    ///
    /// # Errors
    /// As [`Vers::parse`].
    pub fn new(ecosystem: Ecosystem, constraints: Vec<Constraint>) -> Result<Self, Error> {
        match constraints.iter().find(|constraint| !ecosystem.is_version(&constraint.version)) {
            Some(bad) => Err(not_a_version(ecosystem, &bad.version)),
            None => Self::sorted(ecosystem.name().to_owned(), ecosystem, constraints),
        }
    }

    fn sorted(scheme: String, ecosystem: Ecosystem, constraints: Vec<Constraint>) -> Result<Self, Error> {
        let constraints = sorted(constraints, &|left: &Constraint, right: &Constraint| {
            ecosystem.compare(&left.version, &right.version).unwrap_or(Ordering::Equal)
        });
        for pair in constraints.windows(2) {
            if let [left, right] = pair
                && ecosystem.compare(&left.version, &right.version) == Some(Ordering::Equal)
            {
                return Err(Error::new(format!("the version {} stands twice", quoted(&right.version))));
            }
        }
        Ok(Self { scheme, ecosystem, constraints, everything: false })
    }

    /// The versioning scheme, in lower case.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The ecosystem whose order it follows.
    pub const fn ecosystem(&self) -> Ecosystem {
        self.ecosystem
    }

    /// The constraints in the order of their versions; none when the range admits everything (`*`).
    pub fn constraints(&self) -> &[Constraint] {
        &self.constraints
    }

    /// The canonical form: what [`fmt::Display`] writes.
    pub fn canonical(&self) -> String {
        self.to_string()
    }

    /// Whether a version lies in the range; nothing when it is none in this scheme.
    pub fn contains(&self, version: &str) -> Option<bool> {
        if self.everything {
            return Some(self.scheme != "none");
        }
        let mut bounds: Vec<(Comparator, Ordering)> = Vec::with_capacity(self.constraints.len());
        for constraint in &self.constraints {
            let order = self.ecosystem.compare(version, &constraint.version)?;
            if order.is_eq() {
                return Some(constraint.comparator.admits(order));
            }
            bounds.push((constraint.comparator, order));
        }
        let only_excludes = bounds.iter().all(|(comparator, _)| *comparator == Comparator::NotEqual);
        if only_excludes {
            return Some(true);
        }
        bounds.retain(|(comparator, _)| comparator.is_lower() || comparator.is_upper());
        let before_first = bounds.first().is_some_and(|(comparator, order)| comparator.is_upper() && order.is_lt());
        let after_last = bounds.last().is_some_and(|(comparator, order)| comparator.is_lower() && order.is_gt());
        let between = bounds.windows(2).any(|pair| match pair {
            [(lower, from), (upper, to)] => lower.is_lower() && upper.is_upper() && from.is_gt() && to.is_lt(),
            _ => false,
        });
        Some(before_first || after_last || between)
    }
}

fn constraint(ecosystem: Ecosystem, piece: &str) -> Result<Constraint, Error> {
    const SIGNS: [(&str, Comparator); 6] = [
        (">=", Comparator::GreaterOrEqual),
        ("<=", Comparator::LessOrEqual),
        ("!=", Comparator::NotEqual),
        (">", Comparator::Greater),
        ("<", Comparator::Less),
        ("=", Comparator::Equal),
    ];
    let (comparator, version) = SIGNS
        .iter()
        .find_map(|(sign, comparator)| Some((*comparator, piece.strip_prefix(sign)?)))
        .unwrap_or((Comparator::Equal, piece));
    let Ok(version) = percent_decode_str(version).decode_utf8() else {
        return Err(Error::new(format!("{} is not UTF-8 when it is decoded", quoted(piece))));
    };
    if !ecosystem.is_version(&version) {
        return Err(not_a_version(ecosystem, &version));
    }
    Ok(Constraint { comparator, version: version.into_owned() })
}

fn not_a_version(ecosystem: Ecosystem, version: &str) -> Error {
    Error::new(format!("{} is no version of {ecosystem}", quoted(version)))
}

impl fmt::Display for Vers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "vers:{}/", self.scheme)?;
        if self.everything {
            return out.write_str("*");
        }
        for (index, constraint) in self.constraints.iter().enumerate() {
            if index > 0 {
                out.write_str("|")?;
            }
            if constraint.comparator != Comparator::Equal {
                write!(out, "{}", constraint.comparator)?;
            }
            utf8_percent_encode(&constraint.version, ENCODED).try_for_each(|piece| out.write_str(piece))?;
        }
        Ok(())
    }
}

impl FromStr for Vers {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}
