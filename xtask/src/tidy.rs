//! The rules of ARCHITECTURE.md that no compiler knows. Each complaint names place, rule and reason.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::Value;

use crate::run::{output, root};

const FUNCTIONS: &[&str] = &["governance", "design", "verification", "operations"];
/// Files that may be longer than a thousand lines: tables.
const TABLES: &[&str] = &["libs/csaf/src/cwe_names.rs"];
const LONGEST: usize = 1_000;

struct SourceFile {
    path: String,
    text: String,
}

impl SourceFile {
    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    fn is_test(&self) -> bool {
        self.path.contains("/tests/")
            || matches!(self.name(), "tests.rs" | "testing.rs")
            || self.path.contains("/tests_")
            || self.path.starts_with("e2e/")
    }

    /// The part before the file's own unit tests.
    fn code(&self) -> &str {
        self.text.split("#[cfg(test)]").next().unwrap_or_default()
    }
}

/// `cargo xtask tidy`
pub fn run() -> anyhow::Result<()> {
    let files = sources()?;
    let mut complaints = directions()?;
    for file in &files {
        complaints.extend(check(file));
    }
    complaints.extend(migrations()?);
    complaints.extend(rooms());
    if complaints.is_empty() {
        println!("tidy: {} files keep the rules", files.len());
        return Ok(());
    }
    for complaint in &complaints {
        println!("tidy: {complaint}");
    }
    bail!("{} complaints; ARCHITECTURE.md says why each rule is there", complaints.len())
}

fn sources() -> anyhow::Result<Vec<SourceFile>> {
    let listed = output("git", &["ls-files", "--cached", "--others", "--exclude-standard", "*.rs"])?;
    listed
        .lines()
        .filter(|path| root().join(path).is_file())
        .map(|path| {
            let text = std::fs::read_to_string(root().join(path)).with_context(|| path.to_owned())?;
            Ok(SourceFile { path: path.to_owned(), text })
        })
        .collect()
}

/// Invariant 1: slice crates do not know each other, and libraries know nothing of ours but libraries.
fn directions() -> anyhow::Result<Vec<String>> {
    let metadata: Value = serde_json::from_str(&output("cargo", &["metadata", "--format-version=1", "--no-deps"])?)?;
    let mut complaints = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        let is_lib = package["manifest_path"].as_str().is_some_and(|path| path.contains("/libs/"));
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let other = dependency["name"].as_str().unwrap_or_default();
            let Some(path) = dependency["path"].as_str() else { continue };
            if FUNCTIONS.contains(&name) && FUNCTIONS.contains(&other) {
                complaints.push(format!(
                    "{name} depends on {other}: functions meet by reference, view and job only (invariant 1)"
                ));
            }
            if is_lib && !path.contains("/libs/") {
                complaints.push(format!(
                    "{name} depends on {other}: a format library knows nothing of ours (direction of dependencies)"
                ));
            }
        }
    }
    Ok(complaints)
}

fn check(file: &SourceFile) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut say = |words: &str| complaints.push(format!("{}: {words}", file.path));
    let (path, code) = (file.path.as_str(), file.code());
    if !file.text.starts_with("//!") && !path.starts_with("fuzz/") {
        say("a file opens with a line of //! that says what it is for");
    }
    let lines = file.text.lines().count();
    if lines > LONGEST && !TABLES.contains(&path) {
        say(&format!(
            "{lines} lines; a file of more than {LONGEST} wants a wall, unless it is a table on the list in xtask"
        ));
    }
    for unfinished in
        [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("unimpl", "emented!"), concat!("#[ign", "ore]")]
    {
        if file.text.contains(unfinished) {
            say(&format!("{unfinished}: finish it or say it in an issue"));
        }
    }
    if file.is_test() {
        return complaints;
    }
    if path.starts_with("libs/") {
        for word in ["std::fs", "std::net", "std::env", "SystemTime", "tokio", "OsRng", "thread_rng"] {
            if code.contains(word) {
                say(&format!("{word}: a library has no files, network, clock, random source or async (invariant 2)"));
            }
        }
    }
    let is_pure =
        matches!(file.name(), "model.rs" | "rules.rs") || path.contains("/model/") || path.contains("/rules/");
    if is_pure && path.starts_with("crates/") {
        for word in ["use db", "use platform", "use web", "use axum", "use serde", "use maud", "use tokio"] {
            if code.contains(word) {
                say(&format!("{word}: model and rules know the kernel and libraries only (invariant 3)"));
            }
        }
    }
    let sql_home = path.starts_with("crates/db/")
        || path.starts_with("crates/platform/")
        || path.starts_with("crates/testbed/")
        || path.contains("/store")
        || path.starts_with("crates/app/src/health")
        || !path.starts_with("crates/");
    if !sql_home && has_sql(code) {
        say("SQL outside store.rs (invariant 4)");
    }
    let axum_home = path.starts_with("crates/web/")
        || path.starts_with("crates/app/")
        || path.starts_with("crates/testbed/")
        || file.name().contains("pages")
        || path.contains("/pages/")
        || file.name() == "api.rs"
        || path.contains("/api/");
    if !axum_home && code.contains("axum::") {
        say("axum outside web, pages and api (invariant 5)");
    }
    if code.contains("PreEscaped") && !path.starts_with("crates/web/") {
        say("PreEscaped marks HTML as safe; only web may");
    }
    complaints
}

fn has_sql(code: &str) -> bool {
    code.split('"').skip(1).step_by(2).any(|text| {
        let text = text.trim_start();
        (text.starts_with("select ") && text.contains(" from "))
            || text.starts_with("insert into ")
            || text.starts_with("delete from ")
            || (text.starts_with("update ") && text.contains(" set "))
    })
}

/// Every file in `migrations/` is in the list, and nothing else is.
fn migrations() -> anyhow::Result<Vec<String>> {
    let list = std::fs::read_to_string(root().join("crates/db/src/migrations.rs"))?;
    let mut complaints = Vec::new();
    for entry in std::fs::read_dir(root().join("migrations"))? {
        let path: PathBuf = entry?.path();
        if path.extension().is_none_or(|ending| ending != "sql") {
            continue;
        }
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        if !list.contains(&format!("\"{name}\"")) {
            complaints.push(format!("migrations/{name}.sql is not in crates/db/src/migrations.rs, so it never runs"));
        }
    }
    Ok(complaints)
}

/// The twelve rooms are there, each with a `mod.rs`.
fn rooms() -> Vec<String> {
    let rooms = [
        ("governance", ["strategy_metrics", "policy_compliance", "education_guidance"]),
        ("design", ["threat_assessment", "security_requirements", "secure_architecture"]),
        ("verification", ["design_review", "implementation_review", "security_testing"]),
        ("operations", ["issue_management", "environment_hardening", "operations_enablement"]),
    ];
    rooms
        .iter()
        .flat_map(|(function, practices)| {
            practices.iter().map(move |practice| format!("crates/{function}/src/{practice}/mod.rs"))
        })
        .filter(|path| !Path::new(&root()).join(path).is_file())
        .map(|path| format!("{path} is missing: every practice has its room"))
        .collect()
}
