//! Why a vulnerability came to be, which release brought it in, what found it, and which activity of the process should
//! have caught it (M16). Asked for when a confirmed case with a vulnerability closes; figures of it are published in
//! `v_issue_management_root_cause`.

mod actions;
mod model;
pub(super) mod pages;
mod rules;
mod store;

pub(super) use model::{Cause, Detected};
pub(super) use store::load_current;
