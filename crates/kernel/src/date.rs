//! Calendar dates without a time.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;

use crate::Timestamp;

/// A calendar date, stored and written as ISO text (`2026-11-22`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(jiff::civil::Date);

impl Date {
    pub(crate) const fn from_jiff(date: jiff::civil::Date) -> Self {
        Self(date)
    }

    pub(crate) const fn jiff(self) -> jiff::civil::Date {
        self.0
    }

    /// The date so many days later (earlier when negative); the last possible date when out of range.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(days.days()))
    }

    /// The year, such as 2026.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The first moment of this date in UTC.
    #[must_use]
    pub fn start(self) -> Timestamp {
        self.0
            .to_zoned(jiff::tz::TimeZone::UTC)
            .map_or(Timestamp::from_micros(0), |zoned| Timestamp::from_micros(zoned.timestamp().as_microsecond()))
    }

    /// Whole days from `earlier` to this date; negative when this date is before it.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i32 {
        self.0.since(earlier.0).map_or(0, |span| span.get_days())
    }
}

impl FromStr for Date {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.trim().parse().map(Self)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
