//! The program from outside: verbs, output, exit status.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod administration;
mod offline;

use std::path::Path;
use std::process::{Command, Output};

/// Runs the program in a folder, with only the environment that is named here.
fn portcullis(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_portcullis"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .output()
        .unwrap()
}

/// What a run printed and how it ended.
#[track_caller]
fn check(output: &Output, status: i32) -> (String, String) {
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned());
    assert_eq!(output.status.code(), Some(status), "stdout: {out}\nstderr: {err}");
    (out, err)
}
