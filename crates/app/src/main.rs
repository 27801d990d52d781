//! The binary: one program for the server and for the command line.

use clap::Parser;

#[derive(Parser)]
#[command(name = "portcullis", version, about = "Product security in one program")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    #[command(flatten)]
    Offline(verbs::Verb),
}

fn main() -> std::process::ExitCode {
    let cli = Cli::parse();
    match cli.verb {
        Verb::Offline(verb) => verbs::run(verb).into(),
    }
}
