//! `portcullis osv …`: OSV records read, and asked whether they affect a version.

use std::io::Write;

use limits::Limits;
use osv::{Answer, Finding, Record};
use serde_json::json;

use crate::{Outcome, findings, input};

/// Arguments of `portcullis osv`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Read and check OSV records.
    Read(Files),
    /// Say which records affect a version; the status is 1 when one does.
    Affects(Affects),
}

#[derive(Debug, clap::Args)]
struct Files {
    /// Print one JSON object a file.
    #[arg(long)]
    json: bool,
    /// OSV records; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
}

#[derive(Debug, clap::Args)]
struct Affects {
    /// Ecosystem as OSV names it, such as `npm` or `Debian:12`.
    ecosystem: String,
    /// Name of the package there.
    name: String,
    /// Version of the package.
    version: String,
    #[command(flatten)]
    files: Files,
}

pub(crate) fn run(args: Args) -> Outcome {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match args.verb {
        Verb::Read(files) => findings::each_file(&files.files, files.json, &mut out, |file, bytes, mut out| {
            let (record, found) = osv::read(bytes, &Limits::DOCUMENT).map_err(|error| error.to_string())?;
            if files.json {
                input::line(&mut out, &line(file, &record, &found));
            } else {
                print(out, file, &record, &found);
            }
            Ok(findings::judge(&found))
        }),
        Verb::Affects(args) => affects(&args, &mut out),
    }
}

fn affects(args: &Affects, out: &mut impl Write) -> Outcome {
    findings::each_file(&args.files.files, args.files.json, out, |file, bytes, mut out| {
        let (record, _) = osv::read(bytes, &Limits::DOCUMENT).map_err(|error| error.to_string())?;
        let answer = osv::affects(&record, &args.ecosystem, &args.name, &args.version);
        let word = match answer {
            Answer::Affected => "affected",
            Answer::NotAffected => "not affected",
            Answer::Unknown => "unknown",
        };
        if args.files.json {
            input::line(&mut out, &json!({"file": file, "id": record.id, "answer": word}));
        } else {
            let _closed_pipe = writeln!(out, "{file}: {} {word}", record.id);
        }
        Ok(if answer == Answer::NotAffected { Outcome::Good } else { Outcome::Bad })
    })
}

fn line(file: &str, record: &Record, found: &[Finding]) -> serde_json::Value {
    let mut line = json!({
        "file": file,
        "id": record.id,
        "modified": record.modified,
        "withdrawn": record.withdrawn,
        "aliases": record.aliases,
        "summary": record.summary,
        "valid": findings::is_valid(found),
        "findings": found,
    });
    if let (Some(map), serde_json::Value::Object(mut record)) = (line.as_object_mut(), record.write()) {
        for name in ["affected", "severity", "references"] {
            map.insert(name.to_owned(), record.remove(name).unwrap_or_else(|| json!([])));
        }
    }
    line
}

fn print(out: &mut dyn Write, file: &str, record: &Record, found: &[Finding]) {
    let withdrawn = if record.withdrawn.is_some() { " (withdrawn)" } else { "" };
    let aliases = if record.aliases.is_empty() { String::new() } else { format!(", {}", record.aliases.join(", ")) };
    let _closed_pipe = writeln!(out, "{file}: {}{aliases}{withdrawn}", record.id);
    if let Some(summary) = &record.summary {
        let summary: String = summary.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let _closed_pipe = writeln!(out, "  {summary}");
    }
    for package in record.affected.iter().filter_map(|affected| affected.package.as_ref()) {
        let _closed_pipe = writeln!(out, "  {} {}", package.ecosystem, package.name);
    }
    findings::print(out, found);
}
