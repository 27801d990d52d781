//! `portcullis sbom …`: CycloneDX and SPDX documents read into one inventory.

use std::io::Write;

use limits::Limits;
use sbom::{Component, Dependency, Document, Finding, Relationship, Severity};
use serde::Serialize;

use crate::{Outcome, input};

/// Arguments of `portcullis sbom`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Read SBOMs: CycloneDX 1.0 to 1.7 (JSON, XML), SPDX 2.2 and 2.3 (JSON, tag-value), SPDX 3.0 (JSON-LD).
    ///
    /// The status is 0 when every document keeps its standard, 1 when one has a finding that is an error, and 2 when
    /// one cannot be read at all.
    Read(ReadArgs),
}

#[derive(Debug, clap::Args)]
struct ReadArgs {
    /// Print one JSON object a file.
    #[arg(long)]
    json: bool,
    /// SBOMs, plain or gzip; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
}

pub(crate) fn run(args: Args) -> Outcome {
    let Verb::Read(args) = args.verb;
    let mut out = std::io::BufWriter::with_capacity(64 << 10, std::io::stdout().lock());
    let mut outcome = Outcome::Good;
    for file in &args.files {
        let one = match read(file) {
            Ok(document) if args.json => print_json(&mut out, file, &document),
            Ok(document) => print_text(&mut out, file, &document),
            Err(error) => {
                if args.json {
                    input::line(&mut out, &input::Unreadable { file, error: &error });
                } else {
                    let _closed_pipe = writeln!(std::io::stderr(), "{file}: {error}");
                }
                Outcome::Failed
            }
        };
        outcome = outcome.max(one);
    }
    let _closed_pipe = out.flush();
    outcome
}

/// Reads a named file in a stream, standard input at once.
fn read(file: &str) -> Result<Document, String> {
    let limits = Limits::FILE;
    if file == "-" {
        let bytes = input::read(file, limits.bytes)?;
        return sbom::read_slice(&bytes, &limits).map_err(|error| error.to_string());
    }
    let stream = std::fs::File::open(file).map_err(|error| format!("cannot be read: {error}"))?;
    if stream.metadata().is_ok_and(|data| data.is_dir()) {
        return Err("is a directory; name a file".to_owned());
    }
    sbom::read(stream, &limits).map_err(|error| error.to_string())
}

#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    format: &'a str,
    spec_version: Option<&'a str>,
    valid: bool,
    serial: Option<&'a str>,
    subject: Option<&'a Component>,
    components: &'a [Component],
    dependencies: &'a [Dependency],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    relationships: &'a [Relationship],
    services: usize,
    files: usize,
    vulnerabilities: usize,
    findings: &'a [Finding],
}

fn print_json(out: &mut impl Write, file: &str, document: &Document) -> Outcome {
    let line = Line {
        file,
        format: document.format.name(),
        spec_version: document.spec_version.as_deref(),
        valid: document.is_valid(),
        serial: document.serial.as_deref(),
        subject: document.subject.as_ref(),
        components: &document.components,
        dependencies: &document.dependencies,
        relationships: &document.relationships,
        services: document.services,
        files: document.files,
        vulnerabilities: document.vulnerabilities,
        findings: &document.findings,
    };
    // Straight into the output: the line of a large document would cost its length in memory.
    let _closed_pipe = serde_json::to_writer(&mut *out, &line);
    let _closed_pipe = out.write_all(b"\n");
    judge(document)
}

fn judge(document: &Document) -> Outcome {
    if document.is_valid() { Outcome::Good } else { Outcome::Bad }
}

fn print_text(out: &mut impl Write, file: &str, document: &Document) -> Outcome {
    let version = document.spec_version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
    let errors = document.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let verdict = match errors {
        0 => "valid".to_owned(),
        1 => "not valid: 1 error".to_owned(),
        count => format!("not valid: {count} errors"),
    };
    let edges: usize = document.dependencies.iter().map(|dependency| dependency.depends_on.len()).sum();
    let name = document.format.name();
    let components = counted(document.components.len(), "component", "components");
    let edges = counted(edges, "dependency", "dependencies");
    let _closed_pipe = writeln!(out, "{file}: {name}{version}, {components}, {edges}, {verdict}");
    if let Some(subject) = &document.subject {
        let _closed_pipe = writeln!(out, "  about {}", words(subject));
    }
    for component in &document.components {
        let _closed_pipe = writeln!(out, "  {}", words(component));
    }
    for finding in &document.findings {
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let line = finding.line.map(|line| format!(" (line {line})")).unwrap_or_default();
        let _closed_pipe = writeln!(out, "  {severity} {}{line}: {} [{}]", finding.path, finding.message, finding.rule);
    }
    judge(document)
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn words(component: &Component) -> String {
    let mut words = String::new();
    if let Some(group) = &component.group {
        words.push_str(group);
        words.push('/');
    }
    words.push_str(if component.name.is_empty() { "(no name)" } else { &component.name });
    words.push(' ');
    words.push_str(component.version.as_deref().unwrap_or("(no version)"));
    if let Some(purl) = component.purls().next() {
        words.push_str("  ");
        words.push_str(purl);
    }
    if !component.licences.is_empty() {
        let licences: Vec<&str> = component.licences.iter().map(AsRef::as_ref).collect();
        words.push_str("  ");
        words.push_str(&licences.join(", "));
    }
    words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
