//! The exposure of releases to the flaws of a case, in the words of VEX.

pub(super) mod actions;
mod model;
pub(super) mod pages;
mod rules;
mod store;

pub(crate) use model::{Justification, Status};
