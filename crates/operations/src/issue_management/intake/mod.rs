//! Intake: reports by form, mail and telephone, the conversation with their senders, and keys (P10 to P15, P17).
//!
//! A report belongs to nobody until it is linked with a case; from then on only those who see the case see it.

mod conversation;
mod form;
pub mod keys;
mod mailbox;
mod report;
mod shared;
mod store;
#[cfg(test)]
mod tests;

use platform::cards::Cards;
use platform::jobs::Jobs;
use web::Routes;

pub use mailbox::{Imported, import, import_path};

pub(crate) use conversation::{conversation_panel, tell_reporters};
pub(crate) use store::{list_credits, move_chosen_reports, move_reports};

/// The addresses of intake.
pub fn routes() -> Routes {
    report::routes().merge(conversation::routes()).merge(form::routes()).merge(keys::routes())
}

/// The jobs of intake.
pub fn jobs(jobs: &mut Jobs) {
    keys::jobs(jobs);
}

/// How reports show elsewhere.
pub fn cards(cards: &mut Cards) {
    report::cards(cards);
}
