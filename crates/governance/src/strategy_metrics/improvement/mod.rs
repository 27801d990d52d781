//! The improvement loop (M16): which practice should have caught what was found in the field, what was done about it,
//! and the effect since.
//!
//! Escapes are read from `v_issue_management_root_cause`. Everybody who reads the programme counts them; which case one was
//! is shown by its card, so only to those who may see the case.

mod action_pages;
mod actions;
mod effect_pages;
mod form_pages;
pub(super) mod model;
mod pages;
pub(super) mod rules;
pub(super) mod store;
#[cfg(test)]
mod tests;

pub(super) use pages::{heading, practice_title, titles};

use db::Tx;
use kernel::{Actor, Permission, Result};
use platform::finders::Found;
use web::{Routes, Who};

/// How improvement actions are found by the search over everything.
pub(super) fn finders(cards: &mut platform::cards::Cards) {
    cards.add_finder("Improvement actions", |tx, actor, words| Box::pin(find(tx, actor, words)));
}

/// Actions by title, of places that the actor may read, what is owed first.
async fn find(tx: &mut Tx, actor: &Actor, words: &str) -> Result<Vec<Found>> {
    if !actor.may_somewhere(Permission::ReadProgramme) {
        return Ok(Vec::new());
    }
    store::find_actions(tx, actor, words).await
}

/// The addresses of the improvement board.
pub(super) fn routes() -> Routes {
    let read = Who::May(Permission::ReadProgramme);
    let run = Who::May(Permission::RunProgramme);
    Routes::new()
        .get("/desk/programme/improvement", read, pages::board)
        .get("/desk/programme/improvement/escapes", read, pages::escapes)
        .get("/desk/programme/improvement/actions", read, action_pages::list)
        .get("/desk/programme/improvement/actions/new", run, form_pages::new_form)
        .post("/desk/programme/improvement/actions/new", run, form_pages::new_save)
        .get("/desk/programme/improvement/actions/{id}", read, action_pages::show)
        .get("/desk/programme/improvement/actions/{id}/edit", run, form_pages::edit_form)
        .post("/desk/programme/improvement/actions/{id}/edit", run, form_pages::edit_save)
        .post("/desk/programme/improvement/actions/{id}/state", read, action_pages::set_state)
        .post("/desk/programme/improvement/actions/{id}/escapes", run, action_pages::link)
}
