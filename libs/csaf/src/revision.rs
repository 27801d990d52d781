//! Document versions: integers or semantic versions, as `version_t` allows (2.0, 3.1.11).

use std::cmp::Ordering;

/// A document version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number<'a> {
    /// Integer versioning.
    Integer(&'a str),
    /// Semantic versioning.
    Semantic {
        /// Major, minor and patch as digits.
        core: [&'a str; 3],
        /// Pre-release part without its dash, empty when absent.
        pre: &'a str,
        /// Build part without its plus, empty when absent.
        build: &'a str,
    },
}

impl<'a> Number<'a> {
    /// Reads a version; `None` when the text is neither form.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        if is_number(text) {
            return Some(Self::Integer(text));
        }
        let (rest, build) = match text.split_once('+') {
            Some((rest, build)) if !build.is_empty() => (rest, build),
            Some(_) => return None,
            None => (text, ""),
        };
        let (core, pre) = match rest.split_once('-') {
            Some((core, pre)) if !pre.is_empty() => (core, pre),
            Some(_) => return None,
            None => (rest, ""),
        };
        let mut parts = core.split('.');
        let core = [parts.next()?, parts.next()?, parts.next()?];
        let sound = parts.next().is_none()
            && core.iter().all(|part| is_number(part))
            && (pre.is_empty() || pre.split('.').all(is_pre_part))
            && (build.is_empty() || build.split('.').all(is_word));
        sound.then_some(Self::Semantic { core, pre, build })
    }

    /// The integer, or the major part.
    #[must_use]
    pub const fn major(&self) -> &'a str {
        match self {
            Self::Integer(number) => number,
            Self::Semantic { core: [major, ..], .. } => major,
        }
    }

    /// Version `0` or `0.y.z`: before the first release.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.major() == "0"
    }

    /// The pre-release part, empty when absent.
    #[must_use]
    pub const fn pre(&self) -> &'a str {
        match self {
            Self::Integer(_) => "",
            Self::Semantic { pre, .. } => pre,
        }
    }

    /// The build part, empty when absent.
    #[must_use]
    pub const fn build(&self) -> &'a str {
        match self {
            Self::Integer(_) => "",
            Self::Semantic { build, .. } => build,
        }
    }

    /// The same version without build part, and without pre-release part when `no_pre`.
    #[must_use]
    pub const fn plain(self, no_pre: bool) -> Self {
        match self {
            Self::Integer(_) => self,
            Self::Semantic { core, pre, .. } => Self::Semantic { core, pre: if no_pre { "" } else { pre }, build: "" },
        }
    }

    /// Precedence as SemVer 11 has it; build parts do not count. Integers go before semantic versions of one major.
    #[must_use]
    pub fn precedence(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Semantic { core: left, pre: left_pre, .. }, Self::Semantic { core: right, pre: right_pre, .. }) => {
                left.iter()
                    .zip(right)
                    .map(|(left, right)| compare_digits(left, right))
                    .find(|order| order.is_ne())
                    .unwrap_or_else(|| compare_pre(left_pre, right_pre))
            }
            (Self::Integer(_), Self::Integer(_) | Self::Semantic { .. })
            | (Self::Semantic { .. }, Self::Integer(_)) => compare_digits(self.major(), other.major()),
        }
    }
}

/// Compares two runs of digits without leading zeros by value, however long.
pub(crate) fn compare_digits(left: &str, right: &str) -> Ordering {
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

fn compare_pre(left: &str, right: &str) -> Ordering {
    match (left.is_empty(), right.is_empty()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let mut right = right.split('.');
    for part in left.split('.') {
        let Some(other) = right.next() else { return Ordering::Greater };
        let order = match (all_digits(part), all_digits(other)) {
            (true, true) => compare_digits(part, other),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => part.cmp(other),
        };
        if order.is_ne() {
            return order;
        }
    }
    if right.next().is_some() { Ordering::Less } else { Ordering::Equal }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_number(text: &str) -> bool {
    all_digits(text) && (text == "0" || !text.starts_with('0'))
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn is_pre_part(text: &str) -> bool {
    is_word(text) && (!all_digits(text) || is_number(text))
}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn reads_both_forms() {
        for text in ["0", "1", "12", "1.0.0", "1.0.0-rc.1+b.7", "0.9.0-0a", "1.0.0+001"] {
            assert!(Number::parse(text).is_some(), "{text}");
        }
        for text in ["", "01", "1.0", "1.0.0-", "1.0.0+", "1.0.0-01", "v1", "1.0.0.0", "1.0.0-a..b", "1 "] {
            assert!(Number::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn orders_like_semver() {
        let chain = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0", "1.2.0", "1.10.0"];
        for pair in chain.windows(2) {
            let [left, right] = pair else { continue };
            let (left, right) = (Number::parse(left).unwrap(), Number::parse(right).unwrap());
            assert!(left.precedence(&right).is_lt(), "{left:?} {right:?}");
        }
    }
}
