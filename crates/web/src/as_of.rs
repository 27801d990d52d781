//! The day that a page is asked for.

use std::time::Duration;

use kernel::{Date, Error, Result, Timestamp};

use crate::query::Query;

/// A day of the past, or now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// The moment: now, or the end of the day.
    pub at: Timestamp,
    /// The day.
    pub day: Date,
    /// Whether it is a day of the past.
    pub past: bool,
}

impl AsOf {
    /// Reads `?as_of=2026-03-01`, or `?asof=`; without it, and for today, it is now.
    ///
    /// # Errors
    /// Refused for what is no date, and for a day to come, of which nothing is recorded.
    pub fn read(query: &Query, now: Timestamp) -> Result<Self> {
        let today = now.date();
        let text = [query.get("as_of"), query.get("asof")].into_iter().find(|text| !text.is_empty());
        let Some(text) = text else { return Ok(Self { at: now, day: today, past: false }) };
        let refused = |words: String| Error::Refused { code: "bad-date", words };
        let day: Date = text.parse().map_err(|_| {
            refused(format!("“{text}” is not a date. Write as_of as in 2026-03-01, or leave it out for now."))
        })?;
        if day > today {
            return Err(refused(format!(
                "{day} is a day to come, of which nothing is recorded. Choose today or an earlier day."
            )));
        }
        if day == today {
            return Ok(Self { at: now, day, past: false });
        }
        Ok(Self { at: day.plus_days(1).start() - Duration::from_micros(1), day, past: true })
    }

    /// The value of the address, empty for now.
    #[must_use]
    pub fn text(self) -> String {
        if self.past { self.day.to_string() } else { String::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_past_day_ends_at_midnight_and_the_future_is_refused() {
        let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        let read = |query: &str| AsOf::read(&Query::of("/desk", query), now);
        let past = read("asof=2026-03-01").unwrap();
        assert_eq!((past.at.rfc3339().as_str(), past.text().as_str()), ("2026-03-01T23:59:59Z", "2026-03-01"));
        for present in ["", "as_of=2026-03-02"] {
            let read = read(present).unwrap();
            assert_eq!((read.at, read.text()), (now, String::new()));
        }
        for wrong in ["as_of=2026-03-03", "as_of=soon"] {
            assert!(matches!(read(wrong), Err(Error::Refused { code: "bad-date", .. })), "{wrong}");
        }
    }
}
