//! Maturity assessments: answers with evidence, validated by a second person, scored exactly.
//!
//! Answers are kept in versions, so that nothing typed is lost when two people work at once and any past day can be shown.
//! Finishing keeps the scores and closes the assessment; the next one begins with its answers, marked as carried over.

mod actions;
mod answer_pages;
mod compare_pages;
mod import;
mod model;
mod pages;
mod practice_pages;
mod result_pages;
mod rules;
mod score_pages;
mod store;

use db::Tx;
use kernel::{Actor, Permission, Result};
use platform::finders::{Found, MOST};
use web::{Routes, Who};

pub use actions::{Draft, Saved, Typed, create, finish, give_up, save, validate};
pub use import::{WorkbookDraft, import};
pub use model::{Answer, Answers, Assessment, AssessmentId, Content, Progress, State, given, practices};
pub(crate) use score_pages::{Asked, ask, picker};
pub(crate) use store::{load_answers, load_latest};

/// The routes of assessments.
pub(crate) fn routes() -> Routes {
    let read = Who::May(Permission::ReadProgramme);
    let work = Who::May(Permission::Assess);
    Routes::new()
        .get("/desk/assessments", read, pages::list)
        .get("/desk/assessments/new", work, pages::new_form)
        .post("/desk/assessments/new", work, pages::new)
        .get("/desk/assessments/import", work, pages::import_form)
        .post("/desk/assessments/import", work, pages::import_workbook)
        .get("/desk/assessments/scores", read, score_pages::show)
        .get("/desk/assessments/{id}", read, result_pages::show)
        .post("/desk/assessments/{id}/finish", work, result_pages::finish)
        .post("/desk/assessments/{id}/drop", work, result_pages::give_up)
        .get("/desk/assessments/{id}/practices/{place}", read, practice_pages::show)
        .post("/desk/assessments/{id}/practices/{place}", work, practice_pages::save)
        .get("/desk/assessments/{id}/answers", read, answer_pages::list)
        .post("/desk/assessments/{id}/validate", work, answer_pages::validate)
        .get("/desk/assessments/{id}/compare", read, compare_pages::show)
        .get("/desk/assessments/{id}/files/{file}", read, answer_pages::download)
}

/// How assessments are shown by other slices.
pub(crate) fn cards(cards: &mut platform::cards::Cards) {
    cards.add("assessment", |tx, actor, ids| Box::pin(store::load_cards(tx, actor, ids)));
    cards.add_finder("Assessments", |tx, actor, words| Box::pin(find(tx, actor, words)));
}

/// Assessments by name that the actor may see, newest first.
async fn find(tx: &mut Tx, actor: &Actor, words: &str) -> Result<Vec<Found>> {
    if !actor.may_somewhere(Permission::ReadProgramme) {
        return Ok(Vec::new());
    }
    let wanted = store::Wanted { text: words.trim().to_owned(), limit: u64::from(MOST), ..store::Wanted::default() };
    let shown = |listed: model::Listed| {
        let one = listed.assessment;
        Found {
            link: format!("/desk/assessments/{}", one.id),
            number: format!("{}, {}", one.assessed_on, one.model_title),
            title: one.name,
        }
    };
    Ok(store::list(tx, actor, &wanted).await?.into_iter().map(shown).collect())
}
