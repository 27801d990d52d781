//! The day that a page is asked for.

use kernel::{Date, Error, Result, Timestamp};
use platform::Ctx;
use web::Query;

/// A day in the past, or now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AsOf {
    /// The moment: now, or the end of the day.
    pub(crate) at: Timestamp,
    /// The day.
    pub(crate) day: Date,
    /// Whether it is a day of the past.
    pub(crate) past: bool,
}

impl AsOf {
    /// The value of the address, empty for now.
    pub(crate) fn text(self) -> String {
        if self.past { self.day.to_string() } else { String::new() }
    }
}

/// Reads `?as_of=` (or `?asof=`, as the plans write it); without it, now.
///
/// # Errors
/// Refused when it is no date.
pub(crate) fn as_of(query: &Query, ctx: &Ctx) -> Result<AsOf> {
    let today = ctx.now.date();
    let text = [query.get("as_of"), query.get("asof")].into_iter().find(|text| !text.is_empty());
    let Some(text) = text else { return Ok(AsOf { at: ctx.now, day: today, past: false }) };
    let day: Date = text.parse().map_err(|_| Error::Refused {
        code: "bad-date",
        words: format!("“{text}” is not a date. Write as_of as in 2026-03-01."),
    })?;
    if day >= today {
        return Ok(AsOf { at: ctx.now, day: today, past: false });
    }
    let end = day.plus_days(1).start() - std::time::Duration::from_micros(1);
    Ok(AsOf { at: end, day, past: true })
}
