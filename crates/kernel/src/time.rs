//! Moments in time, to the microsecond, in UTC.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crate::Date;

/// A moment: microseconds since 1970-01-01T00:00:00Z, as stored in both databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment so many microseconds after 1970.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    fn jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// The moment in RFC 3339 with `Z`, to the second: what goes on the wire.
    #[must_use]
    pub fn rfc3339(self) -> String {
        self.jiff().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// The moment as people read it: `2026-11-22 14:05 UTC`.
    #[must_use]
    pub fn for_people(self) -> String {
        self.jiff().strftime("%Y-%m-%d %H:%M UTC").to_string()
    }

    /// The calendar date in UTC.
    #[must_use]
    pub fn date(self) -> Date {
        Date::from_jiff(self.jiff().to_zoned(jiff::tz::TimeZone::UTC).date())
    }

    /// The moment as a mail header writes it (RFC 5322).
    #[must_use]
    pub fn rfc2822(self) -> String {
        self.jiff().strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
    }

    /// The moment named by a local date and time (`2026-11-22T14:05`) in a time zone (`Europe/Berlin`).
    ///
    /// A time that the zone skips or repeats is read as jiff's "compatible" rule says. `None` when either is not one.
    #[must_use]
    pub fn from_local(text: &str, zone: &str) -> Option<Self> {
        let civil: jiff::civil::DateTime = text.trim().replace(' ', "T").parse().ok()?;
        let zone = jiff::tz::TimeZone::get(zone).ok()?;
        Some(Self(civil.to_zoned(zone).ok()?.timestamp().as_microsecond()))
    }

    /// The moment as a form field of type `datetime-local` in a time zone wants it.
    #[must_use]
    pub fn local(self, zone: &str) -> String {
        let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
        self.jiff().to_zoned(zone).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// How long after `earlier` this is; zero when it is not after.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl FromStr for Timestamp {
    type Err = jiff::Error;

    /// Reads RFC 3339 with any offset.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<jiff::Timestamp>().map(|moment| Self(moment.as_microsecond()))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(micros(duration)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(micros(duration)))
    }
}

/// Where `now` comes from: the machine's clock, or one that a test sets.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    Machine,
    /// A clock that stands until it is moved; microseconds since 1970.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `now` until it is moved.
    #[must_use]
    pub fn set(now: Timestamp) -> Self {
        Self::Set(Arc::new(AtomicI64::new(now.0)))
    }

    /// The current moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::Machine => clock::now(),
            Self::Set(at) => Timestamp(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a set clock forward; the machine's clock cannot be moved.
    pub fn advance(&self, by: Duration) {
        if let Self::Set(at) = self {
            at.fetch_add(micros(by), Ordering::SeqCst);
        }
    }
}

/// The only place that reads the machine's clock.
pub mod clock {
    use super::Timestamp;

    /// The current moment.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that may read the clock")]
    pub fn now() -> Timestamp {
        Timestamp(jiff::Timestamp::now().as_microsecond())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_rfc_3339() {
        let moment: Timestamp = "2026-11-22T15:05:00+01:00".parse().unwrap();
        assert_eq!(moment.rfc3339(), "2026-11-22T14:05:00Z");
        assert_eq!(moment.date().to_string(), "2026-11-22");
        assert_eq!(moment.rfc2822(), "Sun, 22 Nov 2026 14:05:00 +0000");
    }

    #[test]
    fn a_local_time_is_read_in_its_zone() {
        let moment = Timestamp::from_local("2026-07-01T12:00", "Europe/Berlin").unwrap();
        assert_eq!(moment.rfc3339(), "2026-07-01T10:00:00Z");
        assert_eq!(moment.local("Europe/Berlin"), "2026-07-01T12:00");
        assert_eq!(Timestamp::from_local("2026-07-01T12:00", "Nowhere/Never"), None);
    }
}
