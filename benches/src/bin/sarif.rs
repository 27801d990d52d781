//! Reads a generated SARIF log of 100,000 results from a stream and from memory; says how fast and with how much memory.
//!
//! The first argument is another number of results, or the path of a log to read in its place.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use benches::{Dice, peak, processor_time};
use limits::Limits;
use scan::Finding;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let argument = std::env::args().nth(1).unwrap_or_else(|| "100000".to_owned());
    if let Ok(count) = argument.parse() {
        let path = std::env::temp_dir().join(format!("portcullis-bench-{}.sarif", std::process::id()));
        log(&path, count)?;
        let read = both(&path);
        std::fs::remove_file(&path)?;
        return read;
    }
    both(&PathBuf::from(argument))
}

/// The stream comes first: the peak of memory is that of the process, and the log in memory would be in it.
#[expect(clippy::print_stdout, reason = "the result is for people")]
fn both(path: &Path) -> Result<(), Failure> {
    let megabytes = f64::from(u32::try_from(std::fs::metadata(path)?.len())?) / 1e6;
    for way in ["stream", "memory"] {
        let bytes = if way == "memory" { std::fs::read(path)? } else { Vec::new() };
        let mut best = f64::MAX;
        let mut findings = 0_usize;
        for _ in 0..5 {
            findings = 0;
            let mut sink = |finding: Finding| {
                std::hint::black_box(&finding);
                findings = findings.saturating_add(1);
            };
            let start = processor_time();
            let limits = Limits::FILE;
            let summary = if bytes.is_empty() {
                scan::read_stream(Box::new(File::open(path)?), None, &limits, &mut sink)?
            } else {
                scan::read_into(scan::Input::memory(&bytes, &limits)?, None, &mut sink)?
            };
            if let Some(broken) = summary.broken {
                return Err(broken.into());
            }
            best = best.min(processor_time() - start);
        }
        println!(
            "{way}: {megabytes:.1} MB, {findings} findings, {:.0} MB/s, at most {} of memory (goal: 200 MB/s, in a stream 300 MB)",
            megabytes / best.max(0.01),
            peak()
        );
    }
    Ok(())
}

/// A log of one run with 40 rules; every result has a place, a message of its own and a fingerprint.
fn log(path: &Path, count: usize) -> std::io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    let mut dice = Dice::new(1);
    write!(
        out,
        r#"{{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"example-sast","semanticVersion":"1.0.0","rules":["#
    )?;
    for rule in 0..40 {
        let comma = if rule == 0 { "" } else { "," };
        write!(
            out,
            r#"{comma}{{"id":"EX{rule:03}","name":"ExampleRule{rule}","shortDescription":{{"text":"Example rule {rule}"}},"fullDescription":{{"text":"Example rule {rule}: an input is used without a check of its length."}},"help":{{"text":"Check the length before the copy."}},"properties":{{"tags":["security","external/cwe/cwe-{:03}"],"security-severity":"{}.5"}}}}"#,
            rule + 20,
            rule % 10
        )?;
    }
    write!(out, r#"]}}}},"results":["#)?;
    for number in 0..count {
        let comma = if number == 0 { "" } else { "," };
        let (rule, level) = (number % 40, ["error", "warning", "note"].get(dice.roll(3)).unwrap_or(&"note"));
        let (module, line) = (dice.roll(997), dice.roll(4_000) + 10);
        write!(
            out,
            r#"{comma}{{"ruleId":"EX{rule:03}","ruleIndex":{rule},"level":"{level}","message":{{"text":"Unchecked header length in queue handler #{number}. The header received by the queue handler is used without a check of its length. An attacker who can send a crafted header may read or write outside the buffer. Found by rule EX{rule:03} in module {module} (occurrence {number})."}},"locations":[{{"physicalLocation":{{"artifactLocation":{{"uri":"src/header/queue/module_{module}.c","uriBaseId":"%SRCROOT%"}},"region":{{"startLine":{line},"startColumn":5,"endLine":{line},"endColumn":40}}}}}}],"partialFingerprints":{{"primaryLocationLineHash":"{number:032x}:1"}}}}"#
        )?;
    }
    write!(out, "]}}]}}")?;
    out.flush()
}
