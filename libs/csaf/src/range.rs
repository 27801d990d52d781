//! Version ranges as CSAF 2.1 wants them: vers in canonical form, or its constraints alone, called vls
//! (section 3.1.3.3.2; tests 6.1.50, 6.1.59, 6.2.49 to 6.2.51 and 6.3.19).

use std::cmp::Ordering;

use versions::{Comparator, Ecosystem};

/// A range of versions.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Range<'a> {
    /// The scheme of a vers; none for vls.
    pub(crate) scheme: Option<&'a str>,
    /// The constraints in the order of the text; none when every version is meant.
    pub(crate) constraints: Vec<(Comparator, &'a str)>,
}

impl<'a> Range<'a> {
    /// Reads a range.
    ///
    /// # Errors
    /// What is wrong, as the end of a sentence.
    pub(crate) fn parse(text: &'a str) -> Result<Self, String> {
        let (scheme, list) = match text.strip_prefix("vers:") {
            Some(rest) => {
                let (scheme, list) = rest.split_once('/').ok_or("a vers has a scheme, a slash and constraints")?;
                let fits =
                    |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+');
                if scheme.is_empty() || !scheme.bytes().all(fits) {
                    return Err(format!("`{scheme}` is no versioning scheme"));
                }
                (Some(scheme), list)
            }
            None => (None, text),
        };
        if scheme == Some("all") {
            return if list == "*" {
                Ok(Self { scheme, constraints: Vec::new() })
            } else {
                Err("vers:all goes with * alone; name the scheme of the versions".to_owned())
            };
        }
        let constraints =
            list.split('|').map(|piece| constraint(piece, scheme.is_some())).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { scheme, constraints })
    }

    /// The versions' ecosystem, when the scheme is known.
    pub(crate) fn ecosystem(&self) -> Option<Ecosystem> {
        self.scheme.and_then(known_scheme)
    }

    /// What keeps the range from canonical form; nothing when it has it, or when the order of its versions is unknown.
    pub(crate) fn fault(&self) -> Option<String> {
        if self.scheme == Some("all") {
            return None;
        }
        if self.scheme.is_none() && matches!(self.constraints.as_slice(), [(Comparator::Equal, _)]) {
            return Some("a range has to say more than one version".to_owned());
        }
        let ecosystem = self.ecosystem()?;
        for pair in self.constraints.windows(2) {
            let [(_, left), (_, right)] = pair else { continue };
            match ecosystem.compare(left, right)? {
                Ordering::Less => {}
                Ordering::Equal => return Some(format!("the version {right} stands twice")),
                Ordering::Greater => return Some(format!("the versions are not sorted: {left} is newer than {right}")),
            }
        }
        self.redundant()
    }

    /// Two bounds of one direction in a row: one of them says nothing.
    fn redundant(&self) -> Option<String> {
        let bounds: Vec<(bool, &str)> = self
            .constraints
            .iter()
            .filter_map(|(comparator, version)| match comparator {
                Comparator::Less | Comparator::LessOrEqual => Some((false, *version)),
                Comparator::Greater | Comparator::GreaterOrEqual => Some((true, *version)),
                Comparator::Equal | Comparator::NotEqual => None,
            })
            .collect();
        bounds.windows(2).find_map(|pair| match pair {
            [(left, _), (right, version)] if left == right => {
                Some(format!("the constraint on {version} says the same twice; remove one"))
            }
            _ => None,
        })
    }

    /// Whether the range is one version.
    pub(crate) fn is_single(&self) -> bool {
        matches!(self.constraints.as_slice(), [(Comparator::Equal, _)])
    }

    /// Whether every newer version is in the range.
    pub(crate) fn is_open_upward(&self) -> bool {
        let ecosystem = self.ecosystem();
        let mut bounds: Vec<_> =
            self.constraints.iter().filter(|(comparator, _)| *comparator != Comparator::NotEqual).collect();
        if let Some(ecosystem) = ecosystem {
            bounds.sort_by(|left, right| ecosystem.compare(left.1, right.1).unwrap_or(Ordering::Equal));
        }
        bounds
            .last()
            .is_some_and(|(comparator, _)| matches!(comparator, Comparator::Greater | Comparator::GreaterOrEqual))
    }

    /// Whether two ranges have a version in common; nothing when their versions cannot be compared.
    pub(crate) fn overlaps(&self, other: &Self) -> Option<bool> {
        let ecosystem = self.ecosystem().or_else(|| other.ecosystem()).unwrap_or(Ecosystem::Generic);
        let mut bounds: Vec<&str> =
            self.constraints.iter().chain(&other.constraints).map(|(_, version)| *version).collect();
        if bounds.len() > MOST_BOUNDS || bounds.iter().any(|bound| !ecosystem.is_version(bound)) {
            return None;
        }
        bounds.sort_by(|left, right| ecosystem.compare(left, right).unwrap_or(Ordering::Equal));
        bounds.dedup_by(|left, right| ecosystem.compare(left, right) == Some(Ordering::Equal));
        let place = |constraints: &[(Comparator, &str)]| -> Option<Vec<(Comparator, usize)>> {
            let mut placed = constraints
                .iter()
                .map(|(comparator, version)| {
                    let at =
                        bounds.iter().position(|bound| ecosystem.compare(bound, version) == Some(Ordering::Equal))?;
                    // Odd places are versions, even places the room between them.
                    Some((*comparator, at.saturating_mul(2).saturating_add(1)))
                })
                .collect::<Option<Vec<_>>>()?;
            placed.sort_by_key(|(_, at)| *at);
            Some(placed)
        };
        let (left, right) = (place(&self.constraints)?, place(&other.constraints)?);
        Some((0..=bounds.len().saturating_mul(2)).any(|at| contains(&left, at) && contains(&right, at)))
    }
}

/// More bounds than this are not compared pair by pair.
const MOST_BOUNDS: usize = 200;

fn constraint(piece: &str, encoded: bool) -> Result<(Comparator, &str), String> {
    const SIGNS: [(&str, Comparator); 6] = [
        ("!=", Comparator::NotEqual),
        ("<=", Comparator::LessOrEqual),
        (">=", Comparator::GreaterOrEqual),
        ("<", Comparator::Less),
        (">", Comparator::Greater),
        ("", Comparator::Equal),
    ];
    let (comparator, version) = SIGNS
        .iter()
        .find_map(|(sign, comparator)| Some((*comparator, piece.strip_prefix(sign)?)))
        .unwrap_or((Comparator::Equal, piece));
    if version.is_empty() {
        return Err("a constraint is empty".to_owned());
    }
    let fits = |letter: char| {
        letter.is_alphanumeric()
            || matches!(letter, '.' | '-' | '_' | '~' | '+' | ':' | '%' | '^')
            || (!encoded && matches!(letter, '(' | ')' | '/' | ','))
    };
    match version.chars().find(|letter| !fits(*letter)) {
        None => Ok((comparator, version)),
        Some('*') => Err("* goes with vers:all alone".to_owned()),
        Some(' ' | '\t') => Err("there is white space in it; write constraints such as >=1.0|<2.0".to_owned()),
        Some(letter) => Err(format!("`{letter}` has to be left out or percent-encoded")),
    }
}

/// Whether a place is in a range, as vers defines it.
fn contains(constraints: &[(Comparator, usize)], at: usize) -> bool {
    if let Some((comparator, _)) = constraints.iter().find(|(_, bound)| *bound == at) {
        return matches!(comparator, Comparator::Equal | Comparator::LessOrEqual | Comparator::GreaterOrEqual);
    }
    let bounds: Vec<(bool, usize)> = constraints
        .iter()
        .filter_map(|(comparator, bound)| match comparator {
            Comparator::Less | Comparator::LessOrEqual => Some((false, *bound)),
            Comparator::Greater | Comparator::GreaterOrEqual => Some((true, *bound)),
            Comparator::Equal | Comparator::NotEqual => None,
        })
        .collect();
    if bounds.is_empty() {
        return constraints.iter().all(|(comparator, _)| *comparator == Comparator::NotEqual);
    }
    let below = bounds.first().is_some_and(|(lower, bound)| !lower && at < *bound);
    let above = bounds.last().is_some_and(|(lower, bound)| *lower && at > *bound);
    below
        || above
        || bounds.windows(2).any(|pair| matches!(pair, [(true, low), (false, high)] if *low < at && at < *high))
}

/// The ecosystem of a scheme that has its own order.
pub(crate) fn known_scheme(scheme: &str) -> Option<Ecosystem> {
    match scheme {
        // Numbers between dots, and dates, compare number by number.
        "intdot" | "datetime" | "generic" => Some(Ecosystem::Generic),
        _ => Ecosystem::parse(scheme).filter(|ecosystem| *ecosystem != Ecosystem::Generic),
    }
}

#[cfg(test)]
mod tests {
    use super::Range;

    fn fault(text: &str) -> Option<String> {
        match Range::parse(text) {
            Err(reason) => Some(reason),
            Ok(range) => range.fault(),
        }
    }

    #[test]
    fn forms() {
        for good in [
            "vers:intdot/<4.2.0",
            "vers:npm/>=2.2.0|<2.3.0",
            ">abc|<=def",
            "<v0.8.15",
            "vers:all/*",
            "vers:own/<2|>1|!=3|<0",
            "vers:npm/1.2.3|>=2.0.0|<5.0.0",
            "1.0|1.1",
        ] {
            assert_eq!(fault(good), None, "{good}");
        }
        for bad in [
            "vers:all/<3",
            "> abc and <= def",
            "all versions < 4",
            "vers:own/<>3.2",
            "vers:own/||>3",
            "vers:npm/>=2.3.0|<2.2.0",
            "vers:npm/*",
            "*",
            "4.2",
            "vers:npm/<1.0.0|<2.0.0",
            "vers:npm/1.0.0|1.0.0",
            "",
        ] {
            assert!(fault(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn overlap() {
        let overlaps = |left, right| Range::parse(left).unwrap().overlaps(&Range::parse(right).unwrap());
        assert_eq!(overlaps("vers:intdot/>2.1.0|<4.2.0", "vers:intdot/>1.2.0|<2.4.0"), Some(true));
        assert_eq!(overlaps(">2.4.0|<4.2.0", ">1.2.0|<2.1.0"), Some(false));
        assert_eq!(overlaps(">2.1.0|<4.2.0", ">1.2.0|<=2.1.0"), Some(false));
        assert_eq!(overlaps(">2.1.0|<3.16.0|>3.16.0|<4.2.0", "3.16.0"), Some(false));
        assert_eq!(overlaps("vers:intdot/>2.1.0|<4.2.0", "2.4.0"), Some(true));
        assert!(Range::parse("vers:semver/<2.1.0|>4.2.0").unwrap().is_open_upward());
        assert!(!Range::parse("vers:intdot/<2.1.0|>4.2.0|!=5.1|<=10.3.1").unwrap().is_open_upward());
    }
}
