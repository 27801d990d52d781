//! Release plans: the tasks that a pack, a risk class and the ways of working ask of a release, and how they stand.
//!
//! A task's state is never stored: it is computed from evidence, live facts and exceptions, for now or for any earlier
//! moment. What lists and the heat map need of it is kept in a summary, written with every change and by a job as time
//! passes; the figures of past days are kept by another job.

mod actions;
mod days;
mod describe;
mod due;
mod find;
mod heat_pages;
mod list_pages;
mod model;
mod pages;
mod plan_pages;
mod practice_pages;
mod review_pages;
mod rules;
mod sheet;
mod store;
mod summary;
mod task_pages;
#[cfg(test)]
mod tests;

use std::time::Duration;

use kernel::Permission;
use platform::jobs::Jobs;
use web::{Routes, Who};

pub use actions::{PlanDraft, assign, edit_task, make, move_pack, start};
pub use days::{figures_at, keep_days};
pub use model::{Line, Piece, PieceState, Plan, Schedule, Sheet, Status, Task, TaskId, TaskState, Which};
pub use sheet::{load_sheet, load_sheets};
pub use store::list_summaries;
pub use summary::{Counts, Summary, refresh, refresh_all, refresh_product};

pub(crate) use describe::state_badge;
pub use list_pages::overview;
pub(crate) use pages::crumbs;
pub use pages::tabs;
pub(crate) use practice_pages::coverage_tabs;
pub use rules::is_shown_by_document;
pub(crate) use rules::ordinal;
pub(crate) use store::{list_task_names, load_pack, load_task, set_locked};
pub(crate) use summary::refresh_leaning_on;
pub(crate) use task_pages::{Typed, again};

/// The routes of plans, tasks and practices.
pub(crate) fn routes() -> Routes {
    let read = Who::May(Permission::ReadPlans);
    let work = Who::May(Permission::WorkPlans);
    Routes::new()
        .get("/desk/releases", read, list_pages::list)
        .get("/desk/releases/{id}", read, pages::show)
        .get("/desk/releases/{id}/plan", work, plan_pages::form)
        .post("/desk/releases/{id}/plan", work, plan_pages::make)
        .get("/desk/releases/{id}/move", work, plan_pages::move_form)
        .post("/desk/releases/{id}/move", work, plan_pages::move_pack)
        .post("/desk/releases/{id}/tasks", work, pages::bulk)
        .get("/desk/releases/{id}/reviews", read, review_pages::show)
        .post("/desk/releases/{id}/reviews", Who::May(Permission::ApprovePlans), review_pages::decide)
        .get("/desk/releases/{id}/tasks/{task}", read, task_pages::show)
        .post("/desk/releases/{id}/tasks/{task}", work, task_pages::edit)
        .post("/desk/releases/{id}/tasks/{task}/start", work, task_pages::start)
        .get("/desk/practices", read, practice_pages::list)
        .get("/desk/practices/heatmap", read, heat_pages::show)
        .get("/desk/practices/{id}", read, practice_pages::show)
}

/// How plans and the process are found by the search over everything.
pub(crate) fn finders(cards: &mut platform::cards::Cards) {
    cards.add_finder("Tasks of releases in work", |tx, actor, words| Box::pin(find::tasks(tx, actor, words)));
    cards.add_finder("Process", |tx, actor, words| Box::pin(find::process(tx, actor, words)));
}

/// The background work of plans.
pub(crate) fn jobs(jobs: &mut Jobs) {
    jobs.add_recurring("process.recompute", Duration::from_secs(900), |ctx, _| {
        Box::pin(async move { refresh_all(&ctx).await.map(|_| ()) })
    });
    jobs.add_recurring("process.days", Duration::from_secs(3_600), |ctx, _| {
        Box::pin(async move { keep_days(&ctx).await })
    });
}
