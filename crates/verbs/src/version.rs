//! `portcullis version …`.

use crate::Outcome;

/// Arguments of `portcullis version`.
#[derive(Debug, clap::Args)]
pub struct Args {}

pub(crate) fn run(_args: Args) -> Outcome {
    Outcome::Failed
}
