//! `portcullis report …`.

use crate::Outcome;

/// Arguments of `portcullis report`.
#[derive(Debug, clap::Args)]
pub struct Args {}

pub(crate) fn run(_args: Args) -> Outcome {
    Outcome::Failed
}
