//! Strategy and metrics (M4, M16, M17): maturity assessments, the programme in figures, and the improvement loop.
//!
//! Question models are data (`catalogue`); an `assessment` answers one for the organisation, a family or a product, each
//! answer validated by a second person; `observed` sets live figures beside the answers; `target` and `roadmap` say what is
//! wanted and how to get there. Scores are exact fractions, computed by `libs/maturity`. Others read them by
//! `v_strategy_metrics_scores`. `programme` is the dashboard, `improvement` what is learned from escapes.

pub mod assessment;
pub mod catalogue;
mod improvement;
mod lens;
pub mod observed;
mod place;
mod programme;
pub mod roadmap;
pub mod target;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use kernel::Result;
use platform::Ctx;
use web::{Routes, ui};

/// The entry of the navigation.
pub(crate) const ACTIVE: &str = "assessments";

/// The tabs of the room.
pub(crate) fn tabs(here: &str) -> Vec<ui::Tab> {
    [
        ("Assessments", "/desk/assessments"),
        ("Scores", "/desk/assessments/scores"),
        ("Targets", "/desk/assessments/targets"),
        ("Roadmap", "/desk/assessments/roadmap"),
        ("Question models", "/desk/assessments/models"),
    ]
    .into_iter()
    .map(|(label, href)| ui::Tab::new(label, href).here(href == here))
    .collect()
}

/// The routes of this practice.
pub fn routes() -> Routes {
    assessment::routes()
        .merge(catalogue::routes())
        .merge(observed::routes())
        .merge(target::routes())
        .merge(roadmap::routes())
        .merge(programme::routes())
        .merge(improvement::routes())
}

/// How its records are shown by other slices.
pub fn cards(cards: &mut platform::cards::Cards) {
    assessment::cards(cards);
    improvement::finders(cards);
}

/// Brings a new installation to where it can work: our own questions.
///
/// # Errors
/// When the database does not answer.
pub async fn ensure_ready(ctx: &Ctx) -> Result<()> {
    catalogue::load_built_in(ctx).await
}
