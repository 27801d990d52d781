//! `portcullis publish DIR`: the public site as static files for any web server.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::log::say;
use crate::{ConfigArgs, start};

/// Arguments of `portcullis publish`.
#[derive(clap::Args)]
pub(crate) struct PublishArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// The folder to write; replaced as a whole.
    dir: PathBuf,
}

/// `portcullis publish DIR`
pub(crate) fn publish(args: &PublishArgs) -> anyhow::Result<ExitCode> {
    start::block_on(async {
        let platform = start::open(args.config.config.as_deref()).await?;
        let ctx = platform.program("command line");
        let report = operations::publish_tree(&ctx, &args.dir).await.map_err(start::words)?;
        say(&format!(
            "{} holds {} advisories in {} files; let any web server serve it at {}.",
            args.dir.display(),
            report.advisories,
            report.files,
            platform.settings.base_url
        ));
        Ok(ExitCode::SUCCESS)
    })
}
