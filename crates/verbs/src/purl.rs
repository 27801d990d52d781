//! `portcullis purl parse`: the parts and the canonical form of package URLs.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;
use versions::purl::Purl;

use crate::{Outcome, input};

/// Arguments of `portcullis purl`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Show the parts of package URLs, brought into their normal form.
    Parse {
        /// Print one JSON object a line.
        #[arg(long)]
        json: bool,
        /// Package URLs, such as pkg:npm/left-pad@1.3.0; `-` reads one a line from standard input.
        #[arg(required = true, value_name = "PURL")]
        purls: Vec<String>,
    },
}

/// The line of a package URL; parts that it does not have are null.
#[derive(Serialize)]
struct Parsed<'a> {
    purl: &'a str,
    r#type: &'a str,
    namespace: Option<&'a str>,
    name: &'a str,
    version: Option<&'a str>,
    qualifiers: Option<&'a BTreeMap<String, String>>,
    subpath: Option<&'a str>,
    canonical: String,
}

#[derive(Serialize)]
struct Refused<'a> {
    purl: &'a str,
    error: String,
}

pub(crate) fn run(args: Args) -> Outcome {
    let Command::Parse { json, purls } = args.command;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut worst = Outcome::Good;
    for purl in &purls {
        if purl == "-" {
            if let Err(words) = input::each_line(|line| worst = worst.max(parse(&mut out, line, json))) {
                input::complain(&words);
                worst = Outcome::Failed;
            }
        } else {
            worst = worst.max(parse(&mut out, purl, json));
        }
    }
    worst
}

fn parse(out: &mut impl Write, text: &str, json: bool) -> Outcome {
    match Purl::parse(text) {
        Ok(purl) if json => {
            let parsed = Parsed {
                purl: text,
                r#type: purl.kind(),
                namespace: purl.namespace(),
                name: purl.name(),
                version: purl.version(),
                qualifiers: Some(purl.qualifiers()).filter(|qualifiers| !qualifiers.is_empty()),
                subpath: purl.subpath(),
                canonical: purl.canonical(),
            };
            input::line(out, &parsed);
            Outcome::Good
        }
        Ok(purl) => {
            let _closed_pipe = write_words(out, &purl);
            Outcome::Good
        }
        Err(error) => {
            if json {
                input::line(out, &Refused { purl: text, error: error.to_string() });
            } else {
                let _closed_pipe = writeln!(out, "{text}\n  refused: {error}");
            }
            Outcome::Bad
        }
    }
}

fn write_words(out: &mut impl Write, purl: &Purl) -> std::io::Result<()> {
    writeln!(out, "{purl}")?;
    let parts = [
        ("type", Some(purl.kind())),
        ("namespace", purl.namespace()),
        ("name", Some(purl.name())),
        ("version", purl.version()),
        ("subpath", purl.subpath()),
    ];
    for (label, value) in parts {
        if let Some(value) = value {
            writeln!(out, "  {label:<10} {value}")?;
        }
    }
    purl.qualifiers().iter().try_for_each(|(key, value)| writeln!(out, "  {:<10} {key} = {value}", "qualifier"))
}
