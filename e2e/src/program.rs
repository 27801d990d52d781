//! The program under test, as a process of its own.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A running server.
pub struct Program {
    /// Where it answers, without a slash at the end.
    pub base: String,
    /// What it printed when it was ready.
    pub announced: serde_json::Value,
    child: Child,
}

impl Drop for Program {
    #[expect(clippy::disallowed_methods, reason = "dropping cannot wait in async code")]
    fn drop(&mut self) {
        // Asked kindly first, so that the throw-away folder of the demo is removed.
        if let Some(id) = self.child.id() {
            let _ended_already = std::process::Command::new("kill").arg(id.to_string()).status();
            std::thread::sleep(Duration::from_millis(300));
        }
        let _ended_already = self.child.start_kill();
    }
}

/// The debug build of the program.
pub fn binary() -> anyhow::Result<PathBuf> {
    let test = std::env::current_exe()?;
    let folder = test.parent().and_then(Path::parent).context("no target folder")?;
    let binary = folder.join("portcullis");
    if !binary.is_file() {
        bail!("{} is not built; run cargo build --workspace", binary.display());
    }
    Ok(binary)
}

impl Program {
    /// Starts the demo on a free port and waits until it is ready.
    pub async fn demo() -> anyhow::Result<Self> {
        let mut child = Command::new(binary()?)
            .args(["demo", "--json", "--port", "0"])
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("the demo does not start")?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        let line = tokio::time::timeout(Duration::from_secs(120), lines.next_line())
            .await
            .context("the demo was not ready in two minutes")??
            .context("the demo ended")?;
        let announced: serde_json::Value = serde_json::from_str(&line)?;
        let base = announced["portal"].as_str().context("no address")?.trim_end_matches('/').to_owned();
        Ok(Self { base, announced, child })
    }

    /// Starts the server with these settings and waits until it is ready.
    pub async fn serve(settings: &Path, base: &str) -> anyhow::Result<Self> {
        let child = Command::new(binary()?)
            .arg("serve")
            .arg("--config")
            .arg(settings)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("the server does not start")?;
        let mut program = Self { base: base.to_owned(), announced: serde_json::Value::Null, child };
        let output = program.child.stdout.take().context("no output")?;
        let mut lines = BufReader::new(output).lines();
        let mut said = Vec::new();
        loop {
            let line = tokio::time::timeout(Duration::from_secs(60), lines.next_line())
                .await
                .context("the server was not ready in a minute")??
                .context("the server ended")?;
            let ready = line.starts_with("Portcullis answers at");
            said.push(line);
            if ready {
                break;
            }
        }
        program.announced = serde_json::json!(said);
        Ok(program)
    }

    /// The password of a demo person with this role.
    pub fn sign_in(&self, role: &str) -> anyhow::Result<(String, String)> {
        let people = self.announced["people"].as_array().context("nobody to sign in as")?;
        let person = people
            .iter()
            .find(|person| person["role"].as_str().is_some_and(|found| found.to_lowercase().contains(role)))
            .with_context(|| format!("no {role} among {people:?}"))?;
        let text = |name: &str| person[name].as_str().unwrap_or_default().to_owned();
        Ok((text("email"), text("password")))
    }
}
