//! The test programs of the workspace, built once and run as often as there are databases.
//!
//! Cargo would build a crate anew for each choice of packages, because the choice decides which features their
//! dependencies have; so the suites are built for the whole workspace and started from here.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, bail};
use serde_json::Value;

use crate::run::root;

/// One test program.
pub struct Suite {
    /// The crate that it tests.
    pub name: String,
    folder: PathBuf,
    program: PathBuf,
}

/// Builds every test program of the workspace.
pub fn build() -> anyhow::Result<Vec<Suite>> {
    let arguments = ["test", "--workspace", "--no-run", "--quiet", "--message-format=json-render-diagnostics"];
    println!("$ cargo {}", arguments.join(" "));
    let started = Instant::now();
    let output = Command::new("cargo").args(arguments).current_dir(root()).stderr(Stdio::inherit()).output()?;
    println!("  {:.0} s", started.elapsed().as_secs_f64());
    if !output.status.success() {
        bail!("the tests do not compile");
    }
    let text = String::from_utf8(output.stdout).context("cargo's messages are not text")?;
    let messages = text.lines().map(serde_json::from_str).collect::<Result<Vec<Value>, _>>()?;
    Ok(messages.iter().filter_map(suite).collect())
}

fn suite(message: &Value) -> Option<Suite> {
    if message["profile"]["test"] != true {
        return None;
    }
    let folder = Path::new(message["manifest_path"].as_str()?).parent()?.to_owned();
    let name = folder.file_name()?.to_str()?.to_owned();
    Some(Suite { name, folder, program: PathBuf::from(message["executable"].as_str()?) })
}

impl Suite {
    /// Runs the tests in the crate's own folder, as cargo does; fails when one fails.
    pub fn run(&self, arguments: &[&str], variables: &[(&str, &str)]) -> anyhow::Result<()> {
        println!("$ tests of {} {}", self.name, arguments.join(" "));
        let started = Instant::now();
        let status = Command::new(&self.program)
            .arg("--quiet")
            .args(arguments)
            .envs(variables.iter().copied())
            .env("CARGO_MANIFEST_DIR", &self.folder)
            .current_dir(&self.folder)
            .status()
            .with_context(|| format!("{} cannot be started", self.program.display()))?;
        println!("  {:.0} s", started.elapsed().as_secs_f64());
        if !status.success() {
            bail!("tests of {} failed", self.name);
        }
        Ok(())
    }
}
