//! Ranges of OSV records: a list of events (OSV schema, "Evaluation").

use std::cmp::Ordering;

use crate::Ecosystem;
use crate::natural::sorted;

/// What happens at a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// Affected from here on; `0` is before every version.
    Introduced(&'a str),
    /// No more affected from here on.
    Fixed(&'a str),
    /// Affected up to here.
    LastAffected(&'a str),
    /// Versions from here on are not spoken of; `*` is after every version.
    Limit(&'a str),
}

impl<'a> Event<'a> {
    const fn version(self) -> &'a str {
        match self {
            Self::Introduced(version) | Self::Fixed(version) | Self::LastAffected(version) | Self::Limit(version) => {
                version
            }
        }
    }
}

/// Whether a list of events makes a version affected; nothing when a version in it, or the one asked for, is none.
pub fn is_affected(ecosystem: Ecosystem, events: &[Event<'_>], version: &str) -> Option<bool> {
    if !ecosystem.is_version(version) {
        return None;
    }
    let before = |left: &str, right: &str| match (left, right) {
        ("0", "0") => Some(Ordering::Equal),
        ("0", _) => Some(Ordering::Less),
        (_, "0") => Some(Ordering::Greater),
        _ => ecosystem.compare(left, right),
    };
    let mut spoken: Vec<Event<'_>> = Vec::with_capacity(events.len());
    let (mut limited, mut within) = (false, false);
    for event in events {
        if let Event::Limit(limit) = event {
            limited = true;
            within |= *limit == "*" || before(version, limit)?.is_lt();
            continue;
        }
        before(event.version(), event.version())?;
        spoken.push(*event);
    }
    if limited && !within {
        return Some(false);
    }
    let mut affected = false;
    for event in sorted(spoken, &|left, right| before(left.version(), right.version()).unwrap_or(Ordering::Equal)) {
        let order = match event.version() {
            "0" => Ordering::Greater,
            bound => ecosystem.compare(version, bound)?,
        };
        match event {
            Event::Introduced(_) => affected |= order.is_ge(),
            Event::Fixed(_) => affected &= order.is_lt(),
            Event::LastAffected(_) => affected &= order.is_le(),
            Event::Limit(_) => {}
        }
    }
    Some(affected)
}
