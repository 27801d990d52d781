//! Notices (P9): who signed up with which wishes, and the mail about each published version, sent once to each.
//!
//! Signing up is confirmed by a link that is opened and a button that is pressed, since programs open links too.
//! Whatever address is entered, the answer is the same, so nobody learns who is signed up. Every notice carries a link
//! to change or end the subscription and the headers of one-click unsubscribing (RFC 8058). A notice is queued in the
//! same transaction as the row that says so, and that row's key is advisory, version and subscriber.

mod actions;
mod desk_pages;
mod letter;
mod model;
mod pages;
mod rules;
mod store;
#[cfg(test)]
mod tests;

use kernel::Permission;
use platform::jobs::Jobs;
use web::{Routes, Who};

pub(crate) use actions::enqueue;
pub(crate) use letter::{notice_body, notice_letter};

/// The public addresses and the desk's.
pub(crate) fn routes() -> Routes {
    let who = Who::Anyone;
    let manage = Who::May(Permission::ManageSubscribers);
    Routes::new()
        .get("/subscribe", who, pages::sign_up_form)
        .post("/subscribe", who, pages::sign_up)
        .get("/subscribe/{token}/confirm", who, pages::confirm_form)
        .post("/subscribe/{token}/confirm", who, pages::confirm)
        .get("/subscribe/{token}", who, pages::manage_form)
        .post("/subscribe/{token}", who, pages::manage)
        .get("/subscribe/{token}/unsubscribe", who, pages::unsubscribe_form)
        .post("/subscribe/{token}/unsubscribe", who, pages::unsubscribe)
        .get("/desk/notices", manage, desk_pages::list)
        .get("/desk/notices.csv", manage, desk_pages::csv)
        .post("/desk/notices/remove", manage, desk_pages::remove)
}

/// The jobs of this folder.
pub(crate) fn jobs(jobs: &mut Jobs) {
    jobs.add(actions::SEND, actions::run);
    jobs.add_recurring(actions::SWEEP, std::time::Duration::from_secs(86_400), actions::sweep);
}
