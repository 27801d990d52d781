//! Response clocks (P2, P5): when each step is due, warnings before and escalation after.
//!
//! Clocks are made from the case and its policy by one rule and written by one function, which every change of a case
//! calls; so there is no state of a case with clocks that do not fit it.

mod jobs;
mod rules;
mod store;

pub(super) use jobs::{CHECK, check};
pub(super) use rules::{Level, level, percent_used};
pub(super) use store::{Running, list, settle};
