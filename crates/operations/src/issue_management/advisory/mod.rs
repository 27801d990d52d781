//! Advisories: written from the case, checked while writing, approved by a second person, published in one transaction.
//!
//! An advisory has a text of its own (title, summary, details, thanks, links) and takes everything else from its case
//! at the moment it is shown: vulnerabilities, scores, releases, remediation. Every saved text stays and can be compared
//! and brought back. A publication is a frozen copy of both:
//! one row in the database with the page, the CSAF document, its hashes and its signature, so that page, feeds,
//! provider files and notices appear together or not at all. Published rows never change; a revision or a withdrawal
//! adds the next version. What was approved is what is published: approval carries a digest of the whole content, and
//! lapses when text or case change (P6, P8, P16).

mod actions;
mod build;
mod checks;
mod compare;
mod csaf_document;
mod facts;
mod model;
mod pages;
mod preview;
mod publishing;
mod rules;
mod snapshot;
mod store;
#[cfg(test)]
pub(crate) mod tests;

use db::Tx;
use kernel::{Id, Permission, Result, kinds};
use maud::{Markup, html};
use platform::Ctx;
use platform::cards::Cards;
use platform::jobs::Jobs;
use web::{Routes, Who, ui};

pub(crate) use facts::{may_see_cases, open_signing_key, visible_cases};
pub(crate) use model::{AdvisoryId, figure, parse_severity, severity_word};
pub(crate) use pages::state_badge;
pub(crate) use snapshot::{Rating as SnapshotRating, Snapshot, Status, Vulnerability as SnapshotVulnerability};
pub(crate) use store::{Filter, Listed, list};

/// The addresses of the advisory desk.
pub(crate) fn routes() -> Routes {
    let write = Who::May(Permission::WriteAdvisories);
    let publish = Who::May(Permission::PublishAdvisories);
    Routes::new()
        .get("/desk/advisories", write, pages::list)
        .get("/desk/advisories.csv", write, pages::csv)
        .get("/desk/advisories/new", write, pages::new_form)
        .post("/desk/advisories/new", write, pages::new)
        .get("/desk/advisories/{id}", write, pages::show)
        .get("/desk/advisories/{id}/edit", write, pages::edit_form)
        .post("/desk/advisories/{id}/edit", write, pages::edit)
        .post("/desk/advisories/{id}/check", write, pages::check)
        .get("/desk/advisories/{id}/history", write, pages::history)
        .post("/desk/advisories/{id}/history/{text}", write, pages::restore)
        .post("/desk/advisories/{id}/submit", write, pages::submit)
        .post("/desk/advisories/{id}/back", write, pages::back)
        .post("/desk/advisories/{id}/approve", publish, pages::approve)
        .post("/desk/advisories/{id}/publish", publish, pages::publish)
        .post("/desk/advisories/{id}/schedule", publish, pages::schedule)
        .post("/desk/advisories/{id}/unschedule", publish, pages::unschedule)
        .post("/desk/advisories/{id}/revise", write, pages::revise)
        .post("/desk/advisories/{id}/withdraw", publish, pages::withdraw)
        .get("/desk/advisories/{id}/preview", write, preview::show)
        .get("/desk/advisories/{id}/compare", write, preview::compare)
}

/// The jobs of the advisory desk.
pub(crate) fn jobs(jobs: &mut Jobs) {
    jobs.add(publishing::PUBLISH, publishing::run_scheduled);
}

/// How advisories are shown by other slices.
pub(crate) fn cards(cards: &mut Cards) {
    cards.add("advisory", |tx, actor, ids| Box::pin(store::load_cards(tx, actor, ids)));
}

/// The advisories of a case with their state, and the button that writes another, for the case's page.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn panel(tx: &mut Tx, ctx: &Ctx, case: Id<kinds::Case>) -> Result<Markup> {
    let advisories = store::list_of_case(tx, case).await?;
    let new = format!("/desk/advisories/new?case={case}");
    let button = html! {
        @if ctx.actor.may_somewhere(Permission::WriteAdvisories) {
            (ui::button_link(ui::Weight::Secondary, "Write an advisory", &new))
        }
    };
    let rows = advisories.iter().map(|advisory| {
        ui::Row::new(vec![
            html! { (advisory.number) },
            html! { (advisory.draft.title) },
            html! { (advisory.kind.label()) },
            state_badge(advisory.state),
        ])
        .link(format!("/desk/advisories/{}", advisory.id))
    });
    let table = ui::Table::new("Advisories of this case")
        .columns(["Number", "Title", "Kind", "State"])
        .rows(rows)
        .empty(ui::empty_state(
            "No advisory yet",
            "An advisory takes title, releases, scores and remediation from this case.",
        ));
    Ok(ui::panel_with("Advisories", button, html! { (table) }))
}
