//! `portcullis maturity …`.

use crate::Outcome;

/// Arguments of `portcullis maturity`.
#[derive(Debug, clap::Args)]
pub struct Args {}

pub(crate) fn run(_args: Args) -> Outcome {
    Outcome::Failed
}
