//! Business calendars: working days, working hours and holidays in a time zone (P5).

use std::collections::BTreeSet;
use std::time::Duration;

use crate::{Date, Timestamp};

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl Weekday {
    /// All seven, Monday first.
    pub const ALL: [Self; 7] =
        [Self::Monday, Self::Tuesday, Self::Wednesday, Self::Thursday, Self::Friday, Self::Saturday, Self::Sunday];

    /// Three letters, as settings write it: `mon`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Monday => "mon",
            Self::Tuesday => "tue",
            Self::Wednesday => "wed",
            Self::Thursday => "thu",
            Self::Friday => "fri",
            Self::Saturday => "sat",
            Self::Sunday => "sun",
        }
    }

    /// Reads three letters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|day| day.as_str().eq_ignore_ascii_case(text.trim()))
    }

    fn of(date: jiff::civil::Date) -> Self {
        match date.weekday() {
            jiff::civil::Weekday::Monday => Self::Monday,
            jiff::civil::Weekday::Tuesday => Self::Tuesday,
            jiff::civil::Weekday::Wednesday => Self::Wednesday,
            jiff::civil::Weekday::Thursday => Self::Thursday,
            jiff::civil::Weekday::Friday => Self::Friday,
            jiff::civil::Weekday::Saturday => Self::Saturday,
            jiff::civil::Weekday::Sunday => Self::Sunday,
        }
    }
}

/// When a response team works: a time zone, working weekdays, and holidays.
#[derive(Clone, Debug)]
pub struct BusinessCalendar {
    zone: jiff::tz::TimeZone,
    working: Vec<Weekday>,
    holidays: BTreeSet<Date>,
}

/// Why a calendar cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCalendar {
    /// The time zone is not in the time zone database.
    #[error("{0} is not a time zone; use a name such as Europe/Berlin")]
    Zone(String),
    /// No day of the week is a working day.
    #[error("at least one day of the week must be a working day")]
    NoWorkingDay,
}

impl BusinessCalendar {
    /// A calendar in `zone` with these working weekdays and holidays.
    ///
    /// # Errors
    /// When the zone is unknown or no weekday works.
    pub fn new(
        zone: &str,
        working: Vec<Weekday>,
        holidays: impl IntoIterator<Item = Date>,
    ) -> Result<Self, InvalidCalendar> {
        let zone = jiff::tz::TimeZone::get(zone).map_err(|_| InvalidCalendar::Zone(zone.to_owned()))?;
        if working.is_empty() {
            return Err(InvalidCalendar::NoWorkingDay);
        }
        Ok(Self { zone, working, holidays: holidays.into_iter().collect() })
    }

    /// Whether people work on this date.
    #[must_use]
    pub fn is_working_day(&self, date: Date) -> bool {
        self.working.contains(&Weekday::of(date.jiff())) && !self.holidays.contains(&date)
    }

    /// The moment that lies so many working days after `start`.
    ///
    /// The time of day is kept. A start outside working days counts from the beginning of the next working day, so
    /// a report on Saturday with a target of one working day is due at the end of Monday's first moment plus one day.
    /// A calendar of holidays without end stops counting after ten years.
    #[must_use]
    pub fn after_working_days(&self, start: Timestamp, days: u32) -> Timestamp {
        let Ok(instant) = jiff::Timestamp::from_microsecond(start.micros()) else { return start };
        let zoned = instant.to_zoned(self.zone.clone());
        let mut date = Date::from_jiff(zoned.date());
        let mut time = zoned.time();
        let mut patience = 3_660;
        while !self.is_working_day(date) && patience > 0 {
            date = date.plus_days(1);
            time = jiff::civil::Time::midnight();
            patience -= 1;
        }
        let mut left = days;
        while left > 0 && patience > 0 {
            date = date.plus_days(1);
            patience -= 1;
            if self.is_working_day(date) {
                left -= 1;
            }
        }
        date.jiff()
            .to_datetime(time)
            .to_zoned(self.zone.clone())
            .map_or(start, |due| Timestamp::from_micros(due.timestamp().as_microsecond()))
    }

    /// The moment so many hours of the wall clock after `start`; for targets that run day and night.
    #[must_use]
    pub fn after_hours(start: Timestamp, hours: u32) -> Timestamp {
        start + Duration::from_secs(u64::from(hours) * 3_600)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(start: &str, days: u32, expected: &str) {
        let weekdays = Weekday::ALL.into_iter().take(5).collect();
        let holidays = ["2026-12-25".parse().unwrap(), "2027-01-01".parse().unwrap()];
        let calendar = BusinessCalendar::new("Europe/Berlin", weekdays, holidays).unwrap();
        assert_eq!(calendar.after_working_days(start.parse().unwrap(), days).rfc3339(), expected);
    }

    #[test]
    fn working_days_skip_weekends_and_holidays() {
        check("2026-11-20T09:00:00Z", 1, "2026-11-23T09:00:00Z");
        check("2026-12-24T09:00:00Z", 1, "2026-12-28T09:00:00Z");
        check("2026-12-24T09:00:00Z", 0, "2026-12-24T09:00:00Z");
    }

    #[test]
    fn a_start_on_the_weekend_counts_from_monday() {
        check("2026-11-21T15:00:00Z", 0, "2026-11-22T23:00:00Z");
        check("2026-11-21T15:00:00Z", 2, "2026-11-24T23:00:00Z");
    }

    #[test]
    fn the_time_of_day_is_kept_over_a_clock_change() {
        check("2026-10-23T10:00:00Z", 1, "2026-10-26T11:00:00Z");
    }

    #[test]
    fn what_is_no_calendar_is_refused() {
        assert!(matches!(BusinessCalendar::new("Mars/Base", vec![Weekday::Monday], []), Err(InvalidCalendar::Zone(_))));
        assert!(matches!(BusinessCalendar::new("UTC", vec![], []), Err(InvalidCalendar::NoWorkingDay)));
    }
}
