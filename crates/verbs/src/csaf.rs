//! `portcullis csaf …`.

use crate::Outcome;

/// Arguments of `portcullis csaf`.
#[derive(Debug, clap::Args)]
pub struct Args {}

pub(crate) fn run(_args: Args) -> Outcome {
    Outcome::Failed
}
