//! `portcullis pack …`: checks process packs, with file and line for everything that is wrong.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::{Outcome, input};

/// Longest pack file.
const FILE_BYTES: u64 = 4 << 20;
/// How many packs may stand below one another.
const DEPTH: usize = 8;

/// Arguments of `portcullis pack`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: PackVerb,
}

#[derive(Debug, clap::Subcommand)]
enum PackVerb {
    /// Check the packs in folders: what is wrong, with file, line and reason.
    Check(CheckArgs),
}

#[derive(Debug, clap::Args)]
struct CheckArgs {
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
    /// Folders with a `pack.toml`.
    #[arg(required = true, value_name = "DIR")]
    dirs: Vec<String>,
}

/// What `--json` prints for a folder.
#[derive(Serialize)]
struct Line<'a> {
    dir: &'a str,
    id: Option<&'a str>,
    version: Option<String>,
    valid: bool,
    practices: usize,
    activities: usize,
    findings: &'a [pack::Finding],
}

pub(crate) fn run(args: Args) -> Outcome {
    match args.verb {
        PackVerb::Check(args) => check(&args, &mut std::io::stdout().lock(), &mut std::io::stderr().lock()),
    }
}

fn check(args: &CheckArgs, out: &mut impl Write, err: &mut impl Write) -> Outcome {
    let (mut bad, mut failed) = (false, false);
    for dir in &args.dirs {
        match load(Path::new(dir), &mut Vec::new()) {
            Ok(reading) => {
                bad |= reading.usable().is_none();
                print(args.json, dir, &reading, out);
            }
            Err(error) => {
                failed = true;
                if args.json {
                    input::line(out, &input::Unreadable { file: dir, error: &error });
                }
                let _closed_pipe = writeln!(err, "{dir}: {error}");
            }
        }
    }
    match (failed, bad) {
        (true, _) => Outcome::Failed,
        (false, true) => Outcome::Bad,
        (false, false) => Outcome::Good,
    }
}

fn print(json: bool, dir: &str, reading: &pack::Reading, out: &mut impl Write) {
    let valid = reading.usable().is_some();
    let found = reading.pack.as_ref();
    if json {
        let line = Line {
            dir,
            id: found.map(|pack| pack.id.as_str()),
            version: found.map(|pack| pack.version.to_string()),
            valid,
            practices: found.map_or(0, |pack| pack.practices.len()),
            activities: found.map_or(0, |pack| pack.activities.len()),
            findings: &reading.findings,
        };
        input::line(out, &line);
        return;
    }
    let mut text = String::new();
    for finding in &reading.findings {
        text.push_str(&finding.to_string());
        text.push('\n');
    }
    let title = found.map_or_else(
        || dir.to_owned(),
        |pack| {
            let (practices, activities) = (pack.practices.len(), pack.activities.len());
            format!("{} {}: {practices} practices, {activities} activities", pack.id, pack.version)
        },
    );
    let errors = reading.findings.iter().filter(|finding| finding.severity == pack::Severity::Error).count();
    let verdict = match (errors, reading.findings.len()) {
        (0, 0) => "nothing wrong".to_owned(),
        (0, warnings) => format!("usable, with {warnings} to look at"),
        (errors, _) => format!("not usable: {errors} to mend"),
    };
    let _closed_pipe = writeln!(out, "{text}{title}; {verdict}");
}

/// Reads a pack and the packs below it: a folder beside it, else one that the program brings along.
fn load(dir: &Path, below: &mut Vec<String>) -> Result<pack::Reading, String> {
    let files = read_dir(dir)?;
    let borrowed: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let base = match pack::header(&borrowed) {
        Some(pack::Header { id, extends: Some(extends), .. }) => {
            below.push(id);
            let turns = below.contains(&extends) || below.len() > DEPTH || !is_folder_name(&extends);
            if turns { None } else { load_base(dir, &extends, below)? }
        }
        Some(_) | None => None,
    };
    Ok(pack::read(&borrowed, base.as_ref()))
}

fn load_base(dir: &Path, id: &str, below: &mut Vec<String>) -> Result<Option<pack::Pack>, String> {
    let beside = sibling(dir, id);
    let reading = if beside.join("pack.toml").is_file() {
        load(&beside, below)?
    } else if let Some(files) = content::pack(id) {
        pack::read(files, None)
    } else {
        return Ok(None);
    };
    Ok(reading.usable().cloned())
}

/// A pack id names a folder only when it cannot lead elsewhere.
fn is_folder_name(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

fn sibling(dir: &Path, id: &str) -> PathBuf {
    let whole = std::fs::canonicalize(dir).unwrap_or_else(|_| dir.to_path_buf());
    whole.parent().map_or_else(|| PathBuf::from(id), |parent| parent.join(id))
}

fn read_dir(dir: &Path) -> Result<Vec<(String, Vec<u8>)>, String> {
    let sentence = |error: std::io::Error| format!("cannot be read: {error}; name the folder that holds pack.toml");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(sentence)? {
        let path = entry.map_err(sentence)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") && path.is_file() {
            let name = path.to_string_lossy().into_owned();
            let bytes = input::read(&name, FILE_BYTES).map_err(|error| format!("{name} {error}"))?;
            files.push((name, bytes));
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACK: &str = "../../content/packs/compact";

    fn run_on(json: bool, dirs: &[&str]) -> (Outcome, String, String) {
        let args = CheckArgs { json, dirs: dirs.iter().map(|dir| (*dir).to_owned()).collect() };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let outcome = check(&args, &mut out, &mut err);
        (outcome, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    }

    #[test]
    fn a_good_pack_passes() {
        let (outcome, out, _) = run_on(true, &[PACK, "../../content/packs/standard"]);
        assert_eq!((outcome, out.lines().count()), (Outcome::Good, 2));
        let line: serde_json::Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
        assert_eq!((line["id"].as_str(), line["valid"].as_bool()), (Some("compact"), Some(true)));
    }

    #[test]
    fn an_extension_finds_its_base_and_its_mistakes_have_file_and_line() {
        let folder = tempfile::tempdir().unwrap();
        let header = "format = 1\nid = \"halden\"\nversion = \"1.0.0\"\ntitle = \"Halden\"\nextends = \"compact\"\n";
        std::fs::write(folder.path().join("pack.toml"), header).unwrap();
        let dir = folder.path().to_str().unwrap();
        assert_eq!(run_on(false, &[dir]).0, Outcome::Good);
        let removal = format!("{header}remove = [\n  {{ id = \"nothing.here\", reason = \"none\" }},\n]\n");
        std::fs::write(folder.path().join("pack.toml"), removal).unwrap();
        let (outcome, out, _) = run_on(false, &[dir]);
        assert_eq!(outcome, Outcome::Bad);
        assert!(out.contains("pack.toml:7: error:") && out.contains("[nothing-to-remove]"), "{out}");
    }

    #[test]
    fn a_pack_that_extends_itself_is_bad_and_ends() {
        let folder = tempfile::tempdir().unwrap();
        let text = "format = 1\nid = \"ring\"\nversion = \"1.0.0\"\ntitle = \"Ring\"\nextends = \"ring\"\n";
        std::fs::create_dir(folder.path().join("ring")).unwrap();
        std::fs::write(folder.path().join("ring/pack.toml"), text).unwrap();
        let (outcome, out, _) = run_on(false, &[folder.path().join("ring").to_str().unwrap()]);
        assert_eq!(outcome, Outcome::Bad);
        assert!(out.contains("[unknown-base]"), "{out}");
    }

    #[test]
    fn a_folder_that_is_not_there_is_told_and_the_next_is_read() {
        let (outcome, out, err) = run_on(true, &["no/such/folder", PACK]);
        assert_eq!((outcome, out.lines().count()), (Outcome::Failed, 2));
        assert!(out.starts_with("{\"file\":\"no/such/folder\",\"error\":") && err.contains("pack.toml"), "{out}{err}");
    }
}
