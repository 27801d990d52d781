//! `portcullis cvss …`.

use crate::Outcome;

/// Arguments of `portcullis cvss`.
#[derive(Debug, clap::Args)]
pub struct Args {}

pub(crate) fn run(_args: Args) -> Outcome {
    Outcome::Failed
}
