//! Small pieces of text as markup.

use kernel::Timestamp;
use maud::{Markup, html};

use crate::ui;

/// Plain text as paragraphs: blank lines part them, single line breaks stay.
#[must_use]
pub fn paragraphs(text: &str) -> Markup {
    html! {
        @for paragraph in text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
            p {
                @for (index, line) in paragraph.lines().enumerate() {
                    @if index > 0 { br; }
                    (line)
                }
            }
        }
    }
}

/// A moment, in UTC for everybody and in the viewer's zone with script.
#[must_use]
pub fn moment(at: Timestamp) -> Markup {
    ui::time(&at.rfc3339(), &at.for_people())
}

/// A moment as how long ago it is, with the exact time beside it.
#[must_use]
pub fn ago(at: Timestamp, now: Timestamp) -> Markup {
    ui::time_ago(&at.rfc3339(), &for_people(at, now))
}

/// How far a moment is from `now`, in words: "3 days ago", "in 2 hours".
#[must_use]
pub fn for_people(at: Timestamp, now: Timestamp) -> String {
    let (seconds, future) = if at > now { (at.since(now).as_secs(), true) } else { (now.since(at).as_secs(), false) };
    let (count, unit) = match seconds {
        0..=59 => return if future { "in a moment".to_owned() } else { "just now".to_owned() },
        60..=3_599 => (seconds / 60, "minute"),
        3_600..=86_399 => (seconds / 3_600, "hour"),
        86_400..=5_183_999 => (seconds / 86_400, "day"),
        5_184_000..=63_071_999 => (seconds / 2_592_000, "month"),
        _ => (seconds / 31_536_000, "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if future { format!("in {count} {unit}{plural}") } else { format!("{count} {unit}{plural} ago") }
}
