//! Reports: the inbox, one report with its conversation, and what the desk does with it (P11, P15, P17).

mod actions;
mod desk_pages;
mod detail_pages;
mod inbox_pages;
mod model;
mod rules;
mod store;

use kernel::Permission;
use platform::cards::Cards;
use web::{Routes, Who};

pub(super) use actions::{keep_files, require_handling};
pub(super) use desk_pages::product_choices_of;
pub(super) use detail_pages::{download, show_again};
pub(super) use model::{Attachment, Channel, Class, Credit, NewReport, Report, ReportState, SignatureMark};
pub(super) use rules::{LinkEnd, composed, link_end};
pub(super) use store::{
    attachments, find_duplicate, insert, list_products, list_whole_of_case, load_any, load_attachment, load_by_secret,
    load_visible, next_number, set_acknowledged, set_answered, set_credit, set_secret, set_sender_key, waits_again,
};

pub(super) fn routes() -> Routes {
    let read = Who::May(Permission::ReadReports);
    let handle = Who::May(Permission::HandleReports);
    Routes::new()
        .get("/desk/reports", read, inbox_pages::list)
        .get("/desk/reports/new", handle, desk_pages::new)
        .post("/desk/reports/new", handle, desk_pages::enter)
        .get("/desk/reports/import", handle, desk_pages::import_form)
        .post("/desk/reports/import", handle, desk_pages::import)
        .get("/desk/reports/{id}", read, detail_pages::show)
        .get("/desk/reports/{id}/raw", handle, detail_pages::raw)
        .post("/desk/reports/{id}/classify", handle, detail_pages::classify)
        .post("/desk/reports/{id}/facts", handle, detail_pages::set_facts)
        .post("/desk/reports/{id}/case", handle, detail_pages::open_case)
        .post("/desk/reports/{id}/link", handle, detail_pages::link)
        .post("/desk/reports/{id}/close", handle, detail_pages::close)
        .post("/desk/reports/{id}/reopen", handle, detail_pages::reopen)
        // Members of a case get its attachments without a say about reports; the action asks for the place.
        .get("/desk/report-files/{id}", Who::SignedIn, detail_pages::attachment)
}

pub(super) fn cards(cards: &mut Cards) {
    cards.add("report", |tx, actor, ids| Box::pin(store::load_cards(tx, actor, ids)));
}

/// What only tests look into.
#[cfg(test)]
pub(super) mod tests_only {
    pub(in super::super) use super::store::{Filter, list};
}
