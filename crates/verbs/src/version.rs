//! `portcullis version compare`: the order of versions in an ecosystem.

use std::cmp::Ordering;
use std::io::Write;

use versions::Ecosystem;

use crate::{Outcome, input};

/// Arguments of `portcullis version`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Print `<`, `=` or `>` for two versions, `?` where one of them is no version of the ecosystem.
    Compare {
        /// The ecosystem, as OSV or package URLs name it (`PyPI`, `Debian:12`, `npm`); `-` reads lines of
        /// ecosystem, left and right between tabs from standard input.
        #[arg(value_name = "ECOSYSTEM")]
        ecosystem: String,
        /// The left version.
        #[arg(allow_hyphen_values = true)]
        left: Option<String>,
        /// The right version.
        #[arg(allow_hyphen_values = true)]
        right: Option<String>,
    },
}

pub(crate) fn run(args: Args) -> Outcome {
    let Command::Compare { ecosystem, left, right } = args.command;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match (ecosystem.as_str(), left, right) {
        ("-", None, None) => compare_lines(&mut out),
        (name, Some(left), Some(right)) => match Ecosystem::parse(name) {
            Some(ecosystem) => print(&mut out, ecosystem, &left, &right),
            None => {
                complain_of(name);
                Outcome::Failed
            }
        },
        _ => {
            input::complain(
                "name an ecosystem and two versions (version compare npm 1.2.3 1.10.0), or - to read lines of \
                 ecosystem, left and right between tabs",
            );
            Outcome::Failed
        }
    }
}

fn compare_lines(out: &mut impl Write) -> Outcome {
    let mut worst = Outcome::Good;
    let read = input::each_line(|line| {
        let mut fields = line.split('\t');
        let outcome = match (fields.next(), fields.next(), fields.next(), fields.next()) {
            (Some(name), Some(left), Some(right), None) => match Ecosystem::parse(name) {
                Some(ecosystem) => print(out, ecosystem, left, right),
                None => {
                    complain_of(name);
                    unknown(out)
                }
            },
            _ => {
                input::complain(&format!("\"{line}\" is not ecosystem, left and right between tabs"));
                unknown(out)
            }
        };
        worst = worst.max(outcome);
    });
    if let Err(words) = read {
        input::complain(&words);
        return Outcome::Failed;
    }
    worst
}

/// Keeps one line of output for each line of input.
fn unknown(out: &mut impl Write) -> Outcome {
    let _closed_pipe = writeln!(out, "?");
    Outcome::Failed
}

fn print(out: &mut impl Write, ecosystem: Ecosystem, left: &str, right: &str) -> Outcome {
    let (sign, outcome) = match ecosystem.compare(left, right) {
        Some(Ordering::Less) => ("<", Outcome::Good),
        Some(Ordering::Equal) => ("=", Outcome::Good),
        Some(Ordering::Greater) => (">", Outcome::Good),
        None => ("?", Outcome::Bad),
    };
    let _closed_pipe = writeln!(out, "{sign}");
    outcome
}

fn complain_of(name: &str) {
    let mut names: Vec<&str> = Ecosystem::names().collect();
    names.sort_unstable();
    input::complain(&format!("\"{name}\" is no known ecosystem; known are: {}", names.join(", ")));
}
