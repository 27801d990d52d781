//! `portcullis pack …`.

use crate::Outcome;

/// Arguments of `portcullis pack`.
#[derive(Debug, clap::Args)]
pub struct Args {}

pub(crate) fn run(_args: Args) -> Outcome {
    Outcome::Failed
}
