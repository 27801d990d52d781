//! `portcullis vex …`: VEX documents read, and converted between OpenVEX, CSAF and CycloneDX.

use std::io::Write;

use limits::Limits;
use serde_json::json;
use vex::{Document, Finding};

use crate::{Outcome, findings, input};

/// Arguments of `portcullis vex`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Read VEX documents: OpenVEX, CSAF, CycloneDX.
    Read(Files),
    /// Convert a VEX document; what the new format cannot carry is said on standard error.
    Convert(Convert),
}

#[derive(Debug, clap::Args)]
struct Files {
    /// Print one JSON object a file.
    #[arg(long)]
    json: bool,
    /// VEX documents; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum To {
    /// OpenVEX 0.2.0.
    Openvex,
    /// CSAF 2.0, profile VEX.
    Csaf,
    /// CycloneDX 1.6.
    Cyclonedx,
}

impl From<To> for vex::Format {
    fn from(to: To) -> Self {
        match to {
            To::Openvex => Self::OpenVex,
            To::Csaf => Self::Csaf,
            To::Cyclonedx => Self::CycloneDx,
        }
    }
}

#[derive(Debug, clap::Args)]
struct Convert {
    /// The format to write.
    #[arg(long, value_enum)]
    to: To,
    /// Time for a document that has none (RFC 3339); without it the time of the file is taken.
    #[arg(long, value_name = "TIME")]
    time: Option<String>,
    /// Print one JSON object with the document and what was lost.
    #[arg(long)]
    json: bool,
    /// The VEX document; `-` is standard input.
    #[arg(value_name = "FILE")]
    file: String,
}

pub(crate) fn run(args: Args) -> Outcome {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match args.verb {
        Verb::Read(files) => findings::each_file(&files.files, files.json, &mut out, |file, bytes, mut out| {
            let (document, found) = read(bytes)?;
            if files.json {
                input::line(&mut out, &line(file, &document, &found));
            } else {
                print(out, file, &document, &found);
            }
            Ok(findings::judge(&found))
        }),
        Verb::Convert(args) => convert(&args, &mut out),
    }
}

fn read(bytes: &[u8]) -> Result<(Document, Vec<Finding>), String> {
    let (document, found) = vex::read(bytes, &Limits::DOCUMENT).map_err(|error| error.to_string())?;
    if document.format.is_none() {
        return Err("is no VEX document: neither OpenVEX, nor CSAF, nor CycloneDX in JSON".to_owned());
    }
    Ok((document, found))
}

fn convert(args: &Convert, out: &mut impl Write) -> Outcome {
    let files = std::slice::from_ref(&args.file);
    findings::each_file(files, args.json, out, |file, bytes, mut out| {
        let (document, found) = read(bytes)?;
        let time = match (&args.time, &document.timestamp) {
            (Some(time), _) | (None, Some(time)) => time.clone(),
            (None, None) => file_time(file)?,
        };
        let written = vex::write(&document, args.to.into(), &time);
        if args.json {
            let line = json!({"file": file, "document": written.document, "losses": written.losses, "findings": found});
            input::line(&mut out, &line);
        } else {
            let _closed_pipe = writeln!(out, "{:#}", written.document);
            findings::print(&mut std::io::stderr(), &found);
            for loss in &written.losses {
                let place =
                    loss.statement.map_or_else(|| "document".to_owned(), |index| format!("statement {}", index + 1));
                input::complain(&format!("lost: {place}, {}: {}", loss.field, loss.message));
            }
        }
        Ok(findings::judge(&found))
    })
}

/// When a file was last written, as a time for a document that names none.
fn file_time(file: &str) -> Result<String, String> {
    let changed = std::fs::metadata(file).and_then(|data| data.modified()).ok();
    let time = changed.and_then(|changed| jiff::Timestamp::try_from(changed).ok());
    time.and_then(|time| time.round(jiff::Unit::Second).ok())
        .map(|time| time.to_string())
        .ok_or_else(|| "names no time; give one with --time 2024-05-31T12:00:00Z".to_owned())
}

fn line(file: &str, document: &Document, found: &[Finding]) -> serde_json::Value {
    let mut line = json!({"file": file});
    if let (Some(map), Ok(serde_json::Value::Object(document))) = (line.as_object_mut(), serde_json::to_value(document))
    {
        map.extend(document);
        map.insert("valid".to_owned(), findings::is_valid(found).into());
        map.insert("findings".to_owned(), json!(found));
    }
    line
}

fn print(out: &mut dyn Write, file: &str, document: &Document, found: &[Finding]) {
    let format = match document.format {
        Some(vex::Format::OpenVex) => "OpenVEX",
        Some(vex::Format::Csaf) => "CSAF",
        Some(vex::Format::CycloneDx) => "CycloneDX",
        None => "nothing known",
    };
    let author = document.author.as_deref().unwrap_or("unknown author");
    let count = document.statements.len();
    let noun = if count == 1 { "statement" } else { "statements" };
    let _closed_pipe = writeln!(out, "{file}: {format}, {author}, {count} {noun}");
    for statement in &document.statements {
        let status = statement.status.map_or("without status", vex::Status::as_str).replace('_', " ");
        let why = statement
            .justification
            .map(|reason| format!(" ({})", reason.as_str().replace('_', " ")))
            .unwrap_or_default();
        let products: Vec<String> = statement
            .products
            .iter()
            .map(|product| {
                let parts: Vec<String> = product.subcomponents.iter().map(vex::Product::display).collect();
                if parts.is_empty() {
                    product.display()
                } else {
                    format!("{} in {}", parts.join(", "), product.display())
                }
            })
            .collect();
        let _closed_pipe = writeln!(out, "  {} {status}{why}: {}", statement.vulnerability.name, products.join("; "));
    }
    findings::print(out, found);
}
