//! Version ranges in the notation of each ecosystem.

mod interval;
mod lists;
mod npm;
mod python;

use std::cmp::Ordering;
use std::fmt;

use crate::error::Error;
use crate::semver::Semver;
use crate::vers::Comparator;
use crate::{Ecosystem, LONGEST};

/// The most comparisons that one range may have.
const MOST: usize = 1_000;

/// A range: sets of conditions, of which one must hold whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    ecosystem: Ecosystem,
    sets: Vec<Vec<Condition>>,
    /// Whether a pre-release needs a condition that names a pre-release of the same version.
    strict_prereleases: bool,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Condition {
    /// Compared in the order of the ecosystem.
    Compare(Comparator, String),
    /// A clause of PEP 440, which does more than compare.
    Python(python::Clause),
}

/// Conditions that must hold together.
type Set = Vec<Condition>;

fn compare(comparator: Comparator, version: impl Into<String>) -> Condition {
    Condition::Compare(comparator, version.into())
}

impl Range {
    /// Reads a range as the ecosystem's own tools write it: `^1.2 || >=3` for npm, `>=1,<2` for Python, `[1.0,2.0)`
    /// for Maven and NuGet, `~> 1.2` for RubyGems and Hex, `^1.2` for Cargo, Composer and Pub; lists such as
    /// `>= 1.0, << 2.0` for all others.
    ///
    /// # Errors
    /// When the text is no range of this ecosystem, or a version in it is none.
    pub fn parse(ecosystem: Ecosystem, text: &str) -> Result<Self, Error> {
        check_length(text)?;
        let sets = match ecosystem {
            Ecosystem::Npm | Ecosystem::Semver => {
                return Self::parse_npm(text, false, false).or_else(|_| Self::parse_npm(text, true, false));
            }
            Ecosystem::Cargo => npm::parse_cargo(text)?,
            Ecosystem::Pub => npm::parse(&lists::spaced(text), false, true)?,
            Ecosystem::Pypi => python::parse(text)?,
            Ecosystem::Maven => interval::parse_maven(text)?,
            Ecosystem::Nuget => interval::parse_nuget(text)?,
            Ecosystem::Gem => lists::parse_gem(text)?,
            Ecosystem::Hex => lists::parse_hex(text)?,
            Ecosystem::Composer => lists::parse_composer(text)?,
            Ecosystem::Go
            | Ecosystem::Deb
            | Ecosystem::Rpm
            | Ecosystem::Apk
            | Ecosystem::Alpm
            | Ecosystem::Cran
            | Ecosystem::Hackage
            | Ecosystem::Generic => lists::parse_plain(text)?,
        };
        Self::checked(ecosystem, sets, ecosystem == Ecosystem::Cargo)
    }

    /// Reads an npm range with the two options of node-semver: loose versions, and pre-releases counted in.
    ///
    /// # Errors
    /// As [`Range::parse`].
    pub fn parse_npm(text: &str, loose: bool, prereleases: bool) -> Result<Self, Error> {
        check_length(text)?;
        Self::checked(Ecosystem::Npm, npm::parse(text, loose, prereleases)?, !prereleases)
    }

    fn checked(ecosystem: Ecosystem, sets: Vec<Set>, strict_prereleases: bool) -> Result<Self, Error> {
        if sets.iter().map(Vec::len).sum::<usize>() > MOST {
            return Err(Error::new(format!("the range has more than {MOST} conditions")));
        }
        for condition in sets.iter().flatten() {
            if let Condition::Compare(_, version) = condition
                && !ecosystem.is_version(version)
            {
                return Err(Error::new(format!("{} is no version of {ecosystem}", crate::error::quoted(version))));
            }
        }
        Ok(Self { ecosystem, sets, strict_prereleases })
    }

    /// Whether a version lies in the range; nothing when it is no version of the ecosystem.
    pub fn contains(&self, version: &str) -> Option<bool> {
        if !self.ecosystem.is_version(version) {
            return None;
        }
        Some(self.sets.iter().any(|set| self.holds(set, version)))
    }

    fn holds(&self, set: &Set, version: &str) -> bool {
        let all = set.iter().all(|condition| match condition {
            Condition::Compare(comparator, bound) => {
                self.ecosystem.compare(version, bound).is_some_and(|order| comparator.admits(order))
            }
            Condition::Python(clause) => clause.admits(version),
        });
        all && (!self.strict_prereleases || admits_prerelease(set, version))
            && (self.ecosystem != Ecosystem::Pypi || python::admits_prerelease(set, version))
    }

    /// The ecosystem whose versions it ranges over.
    pub const fn ecosystem(&self) -> Ecosystem {
        self.ecosystem
    }
}

fn check_length(text: &str) -> Result<(), Error> {
    if text.len() > LONGEST {
        return Err(Error::new(format!("the range is longer than {LONGEST} bytes")));
    }
    Ok(())
}

/// npm and Cargo: a pre-release is in a range only when a condition of the set names one of the same version.
fn admits_prerelease(set: &Set, version: &str) -> bool {
    let Some(version) = Semver::parse_npm(version).filter(|version| !version.pre.is_empty()) else { return true };
    set.iter().any(|condition| match condition {
        Condition::Compare(_, bound) => Semver::parse_npm(bound)
            .is_some_and(|bound| !bound.pre.is_empty() && bound.core(&version) == Ordering::Equal),
        Condition::Python(_) => false,
    })
}

impl fmt::Display for Range {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let comma = if matches!(self.ecosystem, Ecosystem::Npm | Ecosystem::Semver) { " " } else { ", " };
        for (index, set) in self.sets.iter().enumerate() {
            if index > 0 {
                out.write_str("||")?;
            }
            if set.is_empty() {
                out.write_str("*")?;
            }
            for (index, condition) in set.iter().enumerate() {
                if index > 0 {
                    out.write_str(comma)?;
                }
                match condition {
                    Condition::Compare(Comparator::Equal, version) => out.write_str(version)?,
                    Condition::Compare(comparator, version) => write!(out, "{comparator}{version}")?,
                    Condition::Python(clause) => write!(out, "{clause}")?,
                }
            }
        }
        Ok(())
    }
}
