//! What every crate speaks: identifiers, time, text types, errors, actors and permissions. No I/O, no async.
#![warn(missing_docs)]

mod access;
mod calendar;
mod date;
mod error;
mod id;
mod secret;
mod text;
mod time;
mod words;

pub use access::{Actor, Grant, Permission, Role, Scope};
pub use calendar::{BusinessCalendar, InvalidCalendar, Weekday};
pub use date::Date;
pub use error::{Error, FieldError, Refusal, Result};
pub use id::{Id, IdSource, RecordRef, kinds};
pub use secret::Secret;
pub use text::{EmailAddress, Slug, clean_line, clean_text};
pub use time::{Clock, Timestamp, clock};
