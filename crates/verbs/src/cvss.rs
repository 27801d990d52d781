//! `portcullis cvss score`: scores, severities and the canonical form of CVSS vectors of any version.

use std::io::Write;

use cvss::{Score, Vector, Version};
use serde::Serialize;

use crate::{Outcome, input};

/// Arguments of `portcullis cvss`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Score vectors of CVSS 2.0, 3.0, 3.1 and 4.0.
    Score {
        /// Print one JSON object a line.
        #[arg(long)]
        json: bool,
        /// Vectors, such as CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H; `-` reads one a line from standard input.
        #[arg(required = true, value_name = "VECTOR")]
        vectors: Vec<String>,
    },
}

/// The line of a vector. Scores that a version does not have are null; in v4.0 `base` is the score of the base
/// metrics alone and `score` that of all.
#[derive(Serialize)]
struct Scored<'a> {
    vector: &'a str,
    version: &'static str,
    base: f64,
    temporal: Option<f64>,
    environmental: Option<f64>,
    score: f64,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    nomenclature: Option<&'static str>,
    canonical: String,
}

#[derive(Serialize)]
struct Refused<'a> {
    vector: &'a str,
    error: String,
}

pub(crate) fn run(args: Args) -> Outcome {
    let Command::Score { json, vectors } = args.command;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut worst = Outcome::Good;
    for vector in &vectors {
        if vector == "-" {
            if let Err(words) = input::each_line(|line| worst = worst.max(score(&mut out, line, json))) {
                input::complain(&words);
                worst = Outcome::Failed;
            }
        } else {
            worst = worst.max(score(&mut out, vector.trim(), json));
        }
    }
    worst
}

fn score(out: &mut impl Write, text: &str, json: bool) -> Outcome {
    match Vector::parse(text) {
        Ok(vector) if json => {
            input::line(out, &scored(text, &vector));
            Outcome::Good
        }
        Ok(vector) => {
            let _closed_pipe = write_words(out, &vector);
            Outcome::Good
        }
        Err(error) => {
            if json {
                input::line(out, &Refused { vector: text, error: error.to_string() });
            } else {
                let _closed_pipe = writeln!(out, "{text}\n  refused: {error}");
            }
            Outcome::Bad
        }
    }
}

fn scored<'a>(text: &'a str, vector: &Vector) -> Scored<'a> {
    let scores = vector.scores();
    Scored {
        vector: text,
        version: vector.version().as_str(),
        base: scores.base.as_f64(),
        temporal: scores.temporal.map(Score::as_f64),
        environmental: scores.environmental.map(Score::as_f64),
        score: scores.score.as_f64(),
        severity: vector.severity().as_str(),
        nomenclature: vector.nomenclature().map(cvss::Nomenclature::as_str),
        canonical: vector.canonical(),
    }
}

/// The score first, then what it is made of.
fn write_words(out: &mut impl Write, vector: &Vector) -> std::io::Result<()> {
    let scores = vector.scores();
    let name = vector.nomenclature().map_or("CVSS", cvss::Nomenclature::as_str);
    writeln!(out, "{vector}")?;
    write!(out, "  {} {}  ({name} {}; base {}", scores.score, vector.severity(), vector.version(), scores.base)?;
    if let Some(temporal) = scores.temporal {
        write!(out, ", temporal {temporal}")?;
    }
    if let Some(environmental) = scores.environmental {
        write!(out, ", environmental {environmental}")?;
    }
    if let Some(classes) = vector.macro_vector().filter(|_| vector.version() == Version::V40) {
        write!(out, ", macro vector {classes}")?;
    }
    writeln!(out, ")")
}
