//! Reports by mail: single mails, mbox files and Maildir folders become reports and messages (P12, P14, P15).

mod actions;
mod rules;
mod source;

pub use actions::import;
pub use rules::Imported;
pub use source::import_path;

pub(super) use actions::may_acknowledge;
pub(super) use source::import_all;
