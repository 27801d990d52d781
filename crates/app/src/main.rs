//! The binary: one program for the server, for its administration and for the command line.

mod administration;
mod archive;
mod demo;
mod gate;
mod health;
mod log;
mod publish;
mod report;
mod serve;
mod slices;
mod start;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

#[derive(Parser)]
#[command(name = "portcullis", version, about = "A vendor's product security in one program")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

/// Where the settings are; without it the environment and the defaults hold.
#[derive(Args, Clone, Debug)]
struct ConfigArgs {
    /// Settings file (TOML).
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Verb {
    /// Start the example vendor in a throw-away folder, on loopback.
    Demo(demo::Args),
    /// Start the server.
    Serve(ConfigArgs),
    /// Bring the database up to this program, and end.
    Migrate(ConfigArgs),
    /// Settings.
    #[command(subcommand)]
    Config(administration::ConfigVerb),
    /// Copy the embedded database and all files into one archive.
    Backup(archive::BackupArgs),
    /// Bring back an archive into an empty data folder.
    Restore(archive::RestoreArgs),
    /// People.
    #[command(subcommand)]
    User(administration::UserVerb),
    /// Keys at rest.
    #[command(subcommand)]
    Key(administration::KeyVerb),
    /// The audit log.
    #[command(subcommand)]
    Audit(administration::AuditVerb),
    /// Reports that came by mail.
    #[command(subcommand)]
    Report(ReportVerb),
    /// Ask the gate of a server about a release: exit status 0 passed, 1 something lacks, 2 could not ask.
    Gate(gate::Args),
    /// Write the public site as static files for any web server.
    Publish(publish::PublishArgs),
    #[command(flatten)]
    Offline(verbs::Verb),
}

#[derive(Subcommand)]
enum ReportVerb {
    /// Take in reports that came by mail: single mails, mbox files and Maildir folders.
    Import(report::ImportArgs),
    #[command(flatten)]
    Offline(verbs::ReportVerb),
}

fn main() -> ExitCode {
    let ended = match Cli::parse().verb {
        Verb::Offline(verb) => return verbs::run(verb).into(),
        Verb::Report(ReportVerb::Offline(verb)) => return verbs::run_report(verb).into(),
        Verb::Report(ReportVerb::Import(args)) => report::import(&args),
        Verb::Demo(args) => demo::run(args),
        Verb::Serve(args) => serve::run(&args),
        Verb::Migrate(args) => administration::migrate(&args),
        Verb::Config(verb) => administration::config(&verb),
        Verb::Backup(args) => archive::backup(&args),
        Verb::Restore(args) => archive::restore(&args),
        Verb::User(verb) => administration::user(&verb),
        Verb::Key(verb) => administration::key(&verb),
        Verb::Audit(verb) => administration::audit(&verb),
        Verb::Gate(args) => gate::run(&args),
        Verb::Publish(args) => publish::publish(&args),
    };
    match ended {
        Ok(code) => code,
        Err(error) => {
            log::complain(&format!("{error:#}"));
            ExitCode::from(2)
        }
    }
}
