//! Product profiles and product teams: how much harm a product can do, and who takes care of it (M1).
//!
//! A profile is answered anew at least once a year; what was answered before stays. A champion is a part like the
//! others, with a name of its own, so that it exists whatever the pack calls its roles.

mod actions;
mod coverage_pages;
mod model;
mod pages;
mod rules;
mod store;
mod team_pages;
#[cfg(test)]
mod tests;

use kernel::Permission;
use web::{Routes, Who};

pub use actions::{Answers, answer, join, leave};
pub use model::{CHAMPION, Member, Profile, ProfileId};
pub(crate) use pages::{class_badge, crumbs};
pub(crate) use rules::{champion_fact, profile_fact, team_fact};
pub use store::{list_current_profiles, list_profiles, list_team, list_teams, load_profile};
pub(crate) use store::{models_of, models_text};

/// The routes of profiles and teams.
pub(crate) fn routes() -> Routes {
    let read = Who::May(Permission::ReadPlans);
    let work = Who::May(Permission::WorkPlans);
    Routes::new()
        .get("/desk/products/{id}/profile", read, pages::show)
        .get("/desk/products/{id}/profile/answer", work, pages::form)
        .post("/desk/products/{id}/profile/answer", work, pages::answer)
        .get("/desk/products/{id}/team", read, team_pages::show)
        .post("/desk/products/{id}/team", work, team_pages::join)
        .post("/desk/products/{id}/team/leave", work, team_pages::leave)
        .get("/desk/practices/coverage", read, coverage_pages::show)
}
