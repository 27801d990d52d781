//! Points in time as CSAF writes them: RFC 3339, compared across time zones and at any precision.

/// A point in time; ordered by when it was, whatever its zone and precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant<'a> {
    seconds: i64,
    /// Digits after the point without trailing zeros: their text order is their order in time.
    fraction: &'a str,
}

/// What a text says that means to be a date and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp<'a> {
    /// When it was.
    pub instant: Instant<'a>,
    /// Year as written.
    pub year: i64,
    /// The form CSAF 2.1 asks for in 2.2: capital `T` and `Z`, no leap second.
    pub strict: bool,
}

impl<'a> Instant<'a> {
    /// Reads an RFC 3339 date-time; `None` when it is none.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        Stamp::parse(text).map(|stamp| stamp.instant)
    }

    /// Whether this is more than a number of days after another point in time.
    #[must_use]
    pub fn is_later_by_more_than(&self, earlier: &Self, days: i64) -> bool {
        let limit = Self { seconds: earlier.seconds.saturating_add(days.saturating_mul(86_400)), ..*earlier };
        *self > limit
    }
}

impl<'a> Stamp<'a> {
    /// Reads an RFC 3339 date-time (5.6); `None` when it is none.
    ///
    /// A 60th second is accepted at the end of a UTC day only, where leap seconds can be.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let bytes = text.as_bytes();
        let year = digits(bytes, 0, 4)?;
        let month = digits(bytes, 5, 2)?;
        let day = digits(bytes, 8, 2)?;
        let separator = *bytes.get(10)?;
        let hour = digits(bytes, 11, 2)?;
        let minute = digits(bytes, 14, 2)?;
        let second = digits(bytes, 17, 2)?;
        let marks = (bytes.get(4)?, bytes.get(7)?, bytes.get(13)?, bytes.get(16)?);
        if marks != (&b'-', &b'-', &b':', &b':') || !matches!(separator, b'T' | b't') {
            return None;
        }
        let (fraction, zone) = split_fraction(text.get(19..)?)?;
        let (offset, capital) = zone_offset(zone)?;
        let in_range = (1..=12).contains(&month)
            && day >= 1
            && day <= days_in(year, month)
            && hour <= 23
            && minute <= 59
            && second <= 60;
        if !in_range {
            return None;
        }
        let of_day = hour * 3600 + minute * 60 - offset;
        if second == 60 && of_day.rem_euclid(86_400) != 86_340 {
            return None;
        }
        let seconds = days_from_civil(year, month, day) * 86_400 + of_day + second;
        Some(Self {
            instant: Instant { seconds, fraction: fraction.trim_end_matches('0') },
            year,
            strict: separator == b'T' && capital && second < 60,
        })
    }
}

fn digits(bytes: &[u8], from: usize, count: usize) -> Option<i64> {
    bytes
        .get(from..from.checked_add(count)?)?
        .iter()
        .try_fold(0_i64, |value, byte| byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0')))
}

fn split_fraction(rest: &str) -> Option<(&str, &str)> {
    let Some(after) = rest.strip_prefix('.') else { return Some(("", rest)) };
    let end = after.find(|letter: char| !letter.is_ascii_digit())?;
    if end == 0 { None } else { after.split_at_checked(end) }
}

/// Offset in seconds, and whether `Z` is a capital.
fn zone_offset(zone: &str) -> Option<(i64, bool)> {
    match zone {
        "Z" => return Some((0, true)),
        "z" => return Some((0, false)),
        _ => {}
    }
    let bytes = zone.as_bytes();
    let sign = match bytes.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hour, minute) = (digits(bytes, 1, 2)?, digits(bytes, 4, 2)?);
    if bytes.len() != 6 || bytes.get(3) != Some(&b':') || hour > 23 || minute > 59 {
        return None;
    }
    Some((sign * (hour * 3600 + minute * 60), true))
}

const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a date of the Gregorian calendar.
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let shifted = (month + 9) % 12;
    let of_year = (153 * shifted + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::{Instant, Stamp};

    #[test]
    fn orders_across_zones_and_precision() {
        let when = |text| Instant::parse(text).unwrap();
        assert_eq!(when("2021-07-21T10:00:00Z"), when("2021-07-21T12:00:00.000+02:00"));
        assert!(when("2021-07-21T10:00:00.00010Z") > when("2021-07-21T10:00:00.000Z"));
        assert!(when("2021-07-21T10:00:00.9Z") > when("2021-07-21T10:00:00.10Z"));
        assert_eq!(when("1970-01-02T00:00:00Z").seconds, 86_400);
        assert_eq!(when("2024-02-29T00:00:00Z").seconds, 1_709_164_800);
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in [
            "",
            "2021-02-29T10:00:00Z",
            "2021-02-28 10:00:00Z",
            "2021-02-28T24:00:00Z",
            "2021-02-28T10:00:00",
            "2021-02-28T10:00:00.Z",
            "2021-02-28T10:00:00+0200",
            "2021-02-28T10:00:60Z",
            "2021-02-28Té0:00:00Z",
        ] {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
        assert!(!Stamp::parse("2016-12-31T23:59:60Z").unwrap().strict);
        assert!(!Stamp::parse("2016-12-31t23:59:59Z").unwrap().strict);
    }
}
