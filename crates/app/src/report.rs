//! `portcullis report import`: mail becomes reports and messages in the installation.

use std::path::PathBuf;
use std::process::ExitCode;

use operations::issue_management::intake::{self, Imported};

use crate::log::{complain, say};
use crate::{ConfigArgs, start};

/// Arguments of `portcullis report import`.
#[derive(clap::Args)]
pub(crate) struct ImportArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// Print one JSON object a mail.
    #[arg(long)]
    json: bool,
    /// Mails (.eml), mbox files and Maildir folders.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Imports each file; one that cannot be read does not keep the others out. The same mail twice does nothing.
pub(crate) fn import(args: &ImportArgs) -> anyhow::Result<ExitCode> {
    start::block_on(async {
        let platform = start::open(args.config.config.as_deref()).await?;
        let ctx = platform.program("mail import");
        operations::ensure_ready(&ctx).await.map_err(start::words)?;
        let mut code = ExitCode::SUCCESS;
        for file in &args.files {
            match intake::import_path(&platform.program("mail import"), file).await {
                Ok(done) => done.iter().for_each(|(path, imported)| print(args.json, path, imported)),
                Err(error) => {
                    complain(&format!("{:#}", start::words(error)));
                    code = ExitCode::from(2);
                }
            }
        }
        Ok(code)
    })
}

fn print(json: bool, path: &std::path::Path, imported: &Imported) {
    if !json {
        return say(&format!("{}: {imported}", path.display()));
    }
    let (outcome, number, problem) = match imported {
        Imported::Report(number) => ("report", number, None),
        Imported::Reply(number) => ("reply", number, None),
        Imported::Known(number) => ("known", number, None),
        Imported::Unreadable(number, why) => ("unreadable", number, Some(why)),
    };
    let file = path.display().to_string();
    say(&serde_json::json!({"file": file, "outcome": outcome, "number": number, "problem": problem}).to_string());
}
