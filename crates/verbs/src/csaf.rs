//! `portcullis csaf …`.

use std::io::Write;

use csaf::{Finding, Level, Limits, ReadError, Report, Version};
use serde::Serialize;

use crate::{Outcome, input};

/// Arguments of `portcullis csaf`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Judge documents by the schema and the tests of CSAF 2.0 or 2.1, whichever they say they are.
    Validate(Validate),
}

#[derive(Debug, clap::Args)]
struct Validate {
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
    /// Which tests to run: mandatory, optional (with the mandatory ones) or informative (all).
    #[arg(long, default_value = "informative", value_parser = level)]
    level: Level,
    /// Documents; - is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
}

fn level(name: &str) -> Result<Level, String> {
    Level::parse(name).ok_or_else(|| "it is one of mandatory, optional and informative".to_owned())
}

/// What `--json` prints for a document.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    version: Version,
    valid: bool,
    findings: &'a [Finding],
}

pub(crate) fn run(args: Args) -> Outcome {
    match args.verb {
        Verb::Validate(args) => validate(&args),
    }
}

fn validate(args: &Validate) -> Outcome {
    let mut out = std::io::stdout().lock();
    let mut outcome = Outcome::Good;
    for file in &args.files {
        let read = input::read(file, Limits::FILE.bytes);
        let report = read
            .and_then(|bytes| csaf::validate_bytes(&bytes, args.level, &Limits::FILE).map_err(|error| reason(&error)));
        match report {
            Ok(report) => {
                outcome = outcome.max(if report.valid { Outcome::Good } else { Outcome::Bad });
                if args.json {
                    let Report { version, valid, ref findings, .. } = report;
                    input::line(&mut out, &Line { file, version, valid, findings });
                } else {
                    let _closed_pipe = print(&mut out, file, &report);
                }
            }
            Err(error) => {
                outcome = outcome.max(Outcome::Failed);
                if args.json {
                    input::line(&mut out, &input::Unreadable { file, error: &error });
                } else {
                    let _closed_pipe = writeln!(std::io::stderr(), "{file}: {error}");
                }
            }
        }
    }
    outcome
}

fn reason(error: &ReadError) -> String {
    error.to_string()
}

/// Most places of one test that are printed for people.
const MOST_PLACES: usize = 10;

/// Prints a verdict for people: the findings by test, each sentence once with its places.
fn print(out: &mut impl Write, file: &str, report: &Report) -> std::io::Result<()> {
    let verdict = if report.valid { "valid" } else { "NOT VALID" };
    writeln!(out, "{file}: {verdict} CSAF {}", report.version.as_str())?;
    let mut heading = None;
    for group in report.findings.chunk_by(|left, right| left.test == right.test) {
        let Some(first) = group.first() else { continue };
        if heading != Some(first.level) {
            heading = Some(first.level);
            let title = match first.level {
                Level::Mandatory => "Errors: the document is not valid until these are mended",
                Level::Optional => "Warnings: mend these unless there is a good reason not to",
                Level::Informative => "Hints",
            };
            writeln!(out, "  {title}")?;
        }
        for finding in group.iter().take(MOST_PLACES) {
            let place = if finding.path.is_empty() { "(whole document)" } else { &finding.path };
            writeln!(out, "    {:<10} {}\n               at {place}", finding.test, finding.message)?;
        }
        if group.len() > MOST_PLACES {
            let more = group.len().saturating_sub(MOST_PLACES);
            writeln!(out, "    {:<10} and {more} more of this kind; --json lists all", first.test)?;
        }
    }
    if report.dropped > 0 {
        writeln!(out, "  and {} further findings, which were not kept", report.dropped)?;
    }
    if report.findings.is_empty() {
        writeln!(out, "  nothing to mend")?;
    }
    Ok(())
}
