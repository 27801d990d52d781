//! `portcullis maturity …`: reads filled maturity workbooks and shows their scores.

use std::io::Write;

use limits::Limits;
use serde::Serialize;

use crate::{Outcome, input};

/// Arguments of `portcullis maturity`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: MaturityVerb,
}

#[derive(Debug, clap::Subcommand)]
enum MaturityVerb {
    /// Read filled SAMM 1.5 or 2.x toolbox workbooks: scores of practices and functions, and what does not fit.
    Read(ReadArgs),
}

#[derive(Debug, clap::Args)]
struct ReadArgs {
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
    /// Workbooks (.xlsx); `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
}

/// What `--json` prints for a workbook.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    model: &'a str,
    practices: Vec<PracticeLine<'a>>,
    functions: Vec<FunctionLine<'a>>,
    overall: Option<f64>,
    findings: &'a [maturity::Finding],
}

#[derive(Serialize)]
struct PracticeLine<'a> {
    function: &'a str,
    practice: &'a str,
    score: Option<f64>,
    levels: Vec<Option<f64>>,
}

#[derive(Serialize)]
struct FunctionLine<'a> {
    function: &'a str,
    score: Option<f64>,
}

pub(crate) fn run(args: Args) -> Outcome {
    match args.verb {
        MaturityVerb::Read(args) => read(&args, &mut std::io::stdout().lock(), &mut std::io::stderr().lock()),
    }
}

fn read(args: &ReadArgs, out: &mut impl Write, err: &mut impl Write) -> Outcome {
    let mut outcome = Outcome::Good;
    for file in &args.files {
        let workbook = input::read(file, Limits::DOCUMENT.bytes)
            .and_then(|bytes| maturity::read_workbook(&bytes, &Limits::DOCUMENT).map_err(|error| error.to_string()));
        match workbook {
            Ok(workbook) => {
                let wrong = workbook.findings.iter().any(|finding| finding.severity == maturity::Severity::Error);
                outcome = outcome.max(if wrong { Outcome::Bad } else { Outcome::Good });
                if args.json {
                    input::line(out, &line(file, &workbook));
                } else {
                    let _closed_pipe = out.write_all(words(file, &workbook).as_bytes());
                }
            }
            Err(error) => {
                outcome = Outcome::Failed;
                if args.json {
                    input::line(out, &input::Unreadable { file, error: &error });
                }
                let _closed_pipe = writeln!(err, "{file}: {error}");
            }
        }
    }
    outcome
}

fn line<'a>(file: &'a str, workbook: &'a maturity::Workbook) -> Line<'a> {
    let functions = &workbook.scores.functions;
    let practices = functions.iter().flat_map(|function| {
        function.practices.iter().map(|practice| PracticeLine {
            function: &function.title,
            practice: &practice.title,
            score: practice.score.map(maturity::Ratio::value),
            levels: practice.levels.iter().map(|level| level.score.map(maturity::Ratio::value)).collect(),
        })
    });
    Line {
        file,
        model: &workbook.model.title,
        practices: practices.collect(),
        functions: functions
            .iter()
            .map(|function| FunctionLine {
                function: &function.title,
                score: function.score.map(maturity::Ratio::value),
            })
            .collect(),
        overall: workbook.scores.overall.map(maturity::Ratio::value),
        findings: &workbook.findings,
    }
}

/// A table for people: scores from 0 to 3 with two decimals, levels from 0 to 1.
fn words(file: &str, workbook: &maturity::Workbook) -> String {
    let show = |score: Option<maturity::Ratio>| score.map_or_else(|| "n/a".to_owned(), |score| score.rounded(2));
    let mut text = format!("{file}: {}\n", workbook.model.title);
    for (label, value) in &workbook.about {
        text.push_str(&format!("  {label}: {value}\n"));
    }
    for function in &workbook.scores.functions {
        text.push_str(&format!("{:<28} {:>5}\n", function.title, show(function.score)));
        for practice in &function.practices {
            let levels: Vec<String> = practice.levels.iter().map(|level| show(level.score)).collect();
            let score = show(practice.score);
            text.push_str(&format!("  {:<26} {score:>5}   levels {}\n", practice.title, levels.join("  ")));
        }
    }
    text.push_str(&format!("{:<28} {:>5}\n", "Overall", show(workbook.scores.overall)));
    for finding in &workbook.findings {
        text.push_str(&format!("{}: {} [{}]\n", finding.place, finding.message, finding.rule));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_another_kind_is_told_and_the_next_is_tried() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.xlsx");
        std::fs::write(&path, "these are notes").unwrap();
        let name = path.to_str().unwrap().to_owned();
        let args = ReadArgs { json: true, files: vec![name.clone(), "missing.xlsx".to_owned()] };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        assert_eq!(read(&args, &mut out, &mut err), Outcome::Failed);
        let lines: Vec<serde_json::Value> =
            String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[0]["file"].as_str(), Some(name.as_str()));
        assert!(lines[0]["error"].as_str().unwrap().contains("ZIP"));
        assert!(lines[1]["error"].as_str().unwrap().contains("cannot be read"));
    }
}
