//! `portcullis sbom …`.

use crate::Outcome;

/// Arguments of `portcullis sbom`.
#[derive(Debug, clap::Args)]
pub struct Args {}

pub(crate) fn run(_args: Args) -> Outcome {
    Outcome::Failed
}
