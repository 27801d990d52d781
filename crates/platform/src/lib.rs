//! What slices run on: access, audit, jobs, files, mail, settings and the operation context.

pub mod access;
pub mod audit;
pub mod cards;
mod context;
pub mod files;
pub mod finders;
pub mod jobs;
pub mod memory;
pub mod numbers;
pub mod outbox;
pub mod profile;
pub mod rate;
pub mod settings;
pub mod token;
pub mod vault;

pub use context::{Ctx, Platform, Start};
