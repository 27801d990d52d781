//! Roadmaps: phases with a day, an owner, the scores to be reached and the activities to be done.

mod actions;
mod model;
mod pages;
mod store;

use kernel::Permission;
use web::{Routes, Who};

pub use actions::{PhaseDraft, add, change};
pub use model::{Phase, PhaseId, PhaseState};
pub(crate) use pages::phases_part;
pub(crate) use store::list;

/// The routes of roadmaps.
pub(crate) fn routes() -> Routes {
    let read = Who::May(Permission::ReadProgramme);
    let run = Who::May(Permission::RunProgramme);
    Routes::new()
        .get("/desk/assessments/roadmap", read, pages::show)
        .get("/desk/assessments/roadmap/new", run, pages::new_form)
        .post("/desk/assessments/roadmap/new", run, pages::new)
        .get("/desk/assessments/roadmap/{id}", run, pages::edit_form)
        .post("/desk/assessments/roadmap/{id}", run, pages::edit)
}
