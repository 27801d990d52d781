//! The conversation with a reporter: by mail, encrypted where a key is known, and on the reporter's page (P12, P14).

mod actions;
mod model;
mod pages;
mod rules;
mod send;
mod store;

use kernel::Permission;
use web::{Routes, Who};

pub(super) use actions::receive_on_page;
pub(super) use model::{Direction, Message, NewMessage};
pub(super) use pages::{answer_form, thread};
pub(super) use send::{Outgoing, send, send_receipt};
pub(super) use store::{find_report_by_ids, find_report_of_sender, insert, list_of_report, receipts_since};

pub(crate) use actions::tell_reporters;
pub(crate) use pages::conversation_panel;

pub(super) fn routes() -> Routes {
    let handle = Who::May(Permission::HandleReports);
    let work = Who::May(Permission::WorkCases);
    Routes::new()
        .post("/desk/reports/{id}/answer", handle, pages::answer)
        .post("/desk/reports/{id}/secret-link", handle, pages::renew_link)
        .post("/desk/conversations/{case}", work, pages::answer_case)
        .get("/desk/report-messages/{id}/raw", Who::SignedIn, pages::raw)
}
