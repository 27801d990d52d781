//! `portcullis cve …`: CVE records read, and checked against the format and the rules for CNAs.

use std::io::Write;

use cve::{Finding, Record};
use limits::Limits;
use serde_json::json;

use crate::{Outcome, findings, input};

/// Arguments of `portcullis cve`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Read CVE records (format 5.x).
    Read(Files),
    /// Check CVE records against the record format and the CNA Operational Rules.
    Check(Files),
}

#[derive(Debug, clap::Args)]
struct Files {
    /// Print one JSON object a file.
    #[arg(long)]
    json: bool,
    /// CVE records; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
}

pub(crate) fn run(args: Args) -> Outcome {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let (files, check) = match args.verb {
        Verb::Read(files) => (files, false),
        Verb::Check(files) => (files, true),
    };
    findings::each_file(&files.files, files.json, &mut out, |file, bytes, mut out| {
        let (record, mut found) = cve::read(bytes, &Limits::DOCUMENT).map_err(|error| error.to_string())?;
        if check {
            found.extend(cve::rules(&record, None, true));
        }
        if files.json {
            input::line(&mut out, &line(file, &record, &found));
        } else {
            print(out, file, &record, &found);
        }
        Ok(findings::judge(&found))
    })
}

fn line(file: &str, record: &Record, found: &[Finding]) -> serde_json::Value {
    let cna = &record.containers.cna;
    let vectors: Vec<&str> =
        record.all_containers().flat_map(|container| &container.metrics).flat_map(cve::Metric::vectors).collect();
    let cwes: Vec<&str> = record.all_containers().flat_map(cve::Container::cwes).collect();
    let references: Vec<&str> = cna.references.iter().map(|reference| reference.url.as_str()).collect();
    json!({
        "file": file,
        "id": record.metadata.id,
        "state": record.metadata.state.as_ref().map(cve::State::as_str),
        "version": record.data_version,
        "assigner": record.metadata.assigner_short_name,
        "title": cna.title,
        "description": cna.english(),
        "affected": cna.affected.iter().map(affected).collect::<Vec<_>>(),
        "cwe": cwes,
        "cvss": vectors,
        "references": references,
        "valid": findings::is_valid(found),
        "findings": found,
    })
}

fn affected(affected: &cve::Affected) -> serde_json::Value {
    json!({
        "vendor": affected.vendor,
        "product": affected.product.as_ref().or(affected.package_name.as_ref()),
        "purl": affected.package_url,
        "default_status": affected.default_status.as_ref().map(cve::Status::as_str),
        "versions": affected.versions.iter().map(|version| json!({
            "version": version.version,
            "status": version.status.as_ref().map(cve::Status::as_str),
            "less_than": version.less_than,
            "less_than_or_equal": version.less_than_or_equal,
            "type": version.version_type,
        })).collect::<Vec<_>>(),
    })
}

fn print(out: &mut dyn Write, file: &str, record: &Record, found: &[Finding]) {
    let state = record.metadata.state.as_ref().map_or("without state", cve::State::as_str);
    let _closed_pipe = writeln!(out, "{file}: {} {state}", record.metadata.id);
    let cna = &record.containers.cna;
    if let Some(title) = cna.title.as_deref().or_else(|| cna.english()) {
        let title: String = title.chars().take(200).map(|c| if c.is_control() { ' ' } else { c }).collect();
        let _closed_pipe = writeln!(out, "  {title}");
    }
    for affected in &cna.affected {
        let vendor = affected.vendor.as_deref().unwrap_or_default();
        let product = affected.product.as_deref().or(affected.package_name.as_deref()).unwrap_or("(no product)");
        let versions: Vec<String> = affected.versions.iter().map(words).collect();
        let _closed_pipe = writeln!(out, "  {vendor} {product}: {}", versions.join("; "));
    }
    findings::print(out, found);
}

fn words(version: &cve::Version) -> String {
    let status = version.status.as_ref().map_or("unknown", cve::Status::as_str);
    match (&version.less_than, &version.less_than_or_equal) {
        (Some(end), _) => format!("{status} from {} before {end}", version.version),
        (None, Some(end)) => format!("{status} from {} to {end}", version.version),
        (None, None) => format!("{status} {}", version.version),
    }
}
