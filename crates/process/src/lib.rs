//! The spine of the life cycle: packs, profiles, release plans, tasks, evidence, waivers and gates.
//!
//! One catalogue of activities becomes the plan of each release; how a task stands is computed from evidence, from what
//! the practices observe (`v_<practice>_facts`), and from exceptions, never typed. The gate adds it up.

pub mod evidence;
pub mod gate;
pub mod pack;
pub mod place;
pub mod plan;
pub mod profile;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod token;
pub mod waiver;

use kernel::Result;
use platform::Ctx;
use web::Routes;

/// The routes of this function.
#[must_use]
pub fn routes() -> Routes {
    pack::routes()
        .merge(profile::routes())
        .merge(plan::routes())
        .merge(evidence::routes())
        .merge(waiver::routes())
        .merge(gate::routes())
        .merge(token::routes())
}

/// Its background work.
pub fn jobs(jobs: &mut platform::jobs::Jobs) {
    plan::jobs(jobs);
}

/// How its records are found elsewhere.
pub fn cards(cards: &mut platform::cards::Cards) {
    plan::finders(cards);
}

/// Brings a new installation to where it can work: the built-in pack, and a key that signs verdicts.
///
/// # Errors
/// When the database does not answer.
pub async fn ensure_ready(ctx: &Ctx) -> Result<()> {
    pack::load_built_in(ctx).await?;
    gate::make_key(ctx).await
}
