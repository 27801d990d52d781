//! Target profiles: the score that is wanted in each practice of a place, with a day.
//!
//! A new target ends the one before, which stays, so that any past day can be asked for.

mod actions;
mod model;
mod pages;
mod store;

use kernel::Permission;
use web::{Routes, Who};

pub use actions::{TargetDraft, set};
pub use model::{Gap, Target, TargetId, Wanted, gap};
pub(crate) use model::{hundredths, shown};
pub(crate) use pages::gap_badge;
pub(crate) use store::load_effective;

/// The routes of targets.
pub(crate) fn routes() -> Routes {
    let read = Who::May(Permission::ReadProgramme);
    let run = Who::May(Permission::RunProgramme);
    Routes::new().get("/desk/assessments/targets", read, pages::show).post("/desk/assessments/targets", run, pages::set)
}
