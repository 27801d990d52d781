//! Decisions about cases: the table of moves, what each needs, the route by risk. Pure: no clock, no database, no HTTP.

#[cfg(test)]
mod guide;
mod need;
mod refused;
mod route;
mod table;
#[cfg(test)]
mod tests;

use super::model::Case;

pub(super) use need::{Given, Need, Standing, may_pass};
pub(super) use refused::MoveRefused;
pub(super) use route::{may_route, route_by_risk};
pub(super) use table::{By, Move, move_named, next_moves};

/// Decides about a move; permission is asked elsewhere.
pub(super) fn may_move(
    case: &Case,
    standing: Standing,
    chosen: &Move,
    by: By,
    given: Given<'_>,
) -> Result<(), MoveRefused> {
    if !chosen.from.contains(&case.state) {
        return Err(MoveRefused::WrongState(case.state.label()));
    }
    if chosen.by != by {
        return Err(MoveRefused::ByAdvisory);
    }
    chosen.needs.iter().try_for_each(|need| may_pass(case, standing, *need, given))
}
