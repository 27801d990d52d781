//! Dates and times as JSON documents write them.

/// Whether `text` is a date of the calendar, `YYYY-MM-DD` (RFC 3339 `full-date`).
#[must_use]
pub fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *bytes else { return false };
    let (Some(year), Some(month), Some(day)) = (number(&[y1, y2, y3, y4]), number(&[m1, m2]), number(&[d1, d2])) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// Whether `text` is a date and time: RFC 3339 when `zone` is needed, else as XML Schema has it.
#[must_use]
pub fn is_date_time(text: &str, zone: bool) -> bool {
    let Some((date, rest)) = text.split_once(['T', 't']) else { return false };
    if !is_date(date) {
        return false;
    }
    let end = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (time, offset) = rest.split_at_checked(end).unwrap_or((rest, ""));
    is_time(time) && if offset.is_empty() { !zone } else { is_offset(offset) }
}

fn is_time(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let [h1, h2, b':', m1, m2, b':', s1, s2] = *whole.as_bytes() else { return false };
    let in_range = |digits: [u8; 2], most| number(&digits).is_some_and(|value| value <= most);
    in_range([h1, h2], 23)
        && in_range([m1, m2], 59)
        && in_range([s1, s2], 60)
        && fraction.is_none_or(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_offset(text: &str) -> bool {
    match *text.as_bytes() {
        [b'Z' | b'z'] => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => {
            number(&[h1, h2]).is_some_and(|hours| hours <= 23) && number(&[m1, m2]).is_some_and(|minutes| minutes <= 59)
        }
        _ => false,
    }
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_follow_the_calendar() {
        for good in ["2020-04-07T07:01:00Z", "2020-02-29T00:00:00.123+02:00", "2020-04-07t07:01:60z"] {
            assert!(is_date_time(good, true), "{good}");
        }
        for bad in ["2020-04-07", "2021-02-29T00:00:00Z", "2020-04-07T25:00:00Z", "2020-04-07T07:01:00", "", "TZ"] {
            assert!(!is_date_time(bad, true), "{bad}");
        }
        assert!(is_date_time("2020-04-07T07:01:00", false));
    }
}
