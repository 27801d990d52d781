//! The offline verbs as somebody types them: standard output, standard error and exit status of a process of its own.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::exit,
    reason = "tests fail by panicking; the child gets its arguments from the environment and ends as a program does"
)]

mod contract;
mod mistakes;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use clap::Parser;
use serde_json::Value;
use verbs::Outcome;

#[derive(Parser)]
enum Program {
    #[command(flatten)]
    Offline(verbs::Verb),
    #[command(subcommand)]
    Report(verbs::ReportVerb),
}

/// Names the arguments of the child, one a line.
const ARGUMENTS: &str = "PORTCULLIS_TEST_ARGUMENTS";
/// Stands before what the verb itself prints; before it is what the test harness prints.
const START: &str = "\n--- the verb ---\n";

/// The child: does nothing as a test, and is the program when it is told to.
#[test]
fn the_program() {
    let Ok(arguments) = std::env::var(ARGUMENTS) else { return };
    let parsed = Program::try_parse_from(std::iter::once("portcullis").chain(arguments.lines()));
    let _closed_pipe = std::io::stdout().lock().write_all(START.as_bytes());
    let outcome = match parsed {
        Ok(Program::Offline(verb)) => verbs::run(verb),
        Ok(Program::Report(verb)) => verbs::run_report(verb),
        Err(error) => error.exit(),
    };
    std::process::exit(match outcome {
        Outcome::Good => 0,
        Outcome::Bad => 1,
        Outcome::Failed => 2,
    });
}

/// How a verb ended.
struct Ran {
    status: i32,
    out: String,
    err: String,
}

impl Ran {
    /// The lines of standard output, each one JSON object.
    fn lines(&self) -> Vec<Value> {
        let lines = self.out.lines().map(serde_json::from_str).collect::<Result<_, _>>();
        assert!(lines.is_ok(), "{}{}", self.out, self.err);
        lines.unwrap()
    }

    /// The only line.
    fn line(&self) -> Value {
        let mut lines = self.lines();
        assert_eq!(lines.len(), 1, "{}{}", self.out, self.err);
        lines.remove(0)
    }
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["the_program", "--exact", "--nocapture", "--test-threads", "1"]);
    command.env(ARGUMENTS, arguments.join("\n")).current_dir(folder);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a verb in a folder, with this on standard input.
fn run_with(folder: &Path, arguments: &[&str], input: &[u8]) -> Ran {
    let mut child = command(folder, arguments).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let bytes = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&bytes));
    let output = child.wait_with_output().unwrap();
    // A verb that does not read its input closes it.
    let _closed_pipe = writer.join().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (_, out) = text.split_once(START).unwrap_or(("", ""));
    Ran {
        status: output.status.code().unwrap(),
        out: out.to_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn run(folder: &Path, arguments: &[&str]) -> Ran {
    run_with(folder, arguments, b"")
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}
