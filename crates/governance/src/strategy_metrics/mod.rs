//! Strategy and metrics (M4, M16, M17): the programme in figures, and the improvement loop.

mod improvement;
mod lens;
mod programme;
#[cfg(test)]
pub(crate) mod testing;

use web::Routes;

/// The routes of this practice.
pub(crate) fn routes() -> Routes {
    programme::routes().merge(improvement::routes())
}
