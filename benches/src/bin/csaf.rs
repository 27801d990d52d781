//! Speed of the CSAF validator: a folder of documents, and one large document.
//!
//! `csaf FOLDER [LARGE.json]…`: documents a second of processor time in one thread with schema and mandatory tests, then with all
//! tests; then the time of each large document.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::path::{Path, PathBuf};
use std::time::Instant;

use benches::processor_time;
use csaf::{Level, Limits, validate_bytes};

fn documents(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            documents(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next() else {
        println!("usage: csaf FOLDER [LARGE.json]…");
        return;
    };
    let mut paths = Vec::new();
    documents(Path::new(&folder), &mut paths);
    let texts: Vec<Vec<u8>> = paths.iter().filter_map(|path| std::fs::read(path).ok()).collect();
    let bytes: usize = texts.iter().map(Vec::len).sum();
    for level in [Level::Mandatory, Level::Informative] {
        let (mut rounds, mut valid, start, spent) = (0_u32, 0_usize, Instant::now(), processor_time());
        while start.elapsed().as_secs_f64() < 60.0 && processor_time() - spent < 2.0 {
            valid = texts.iter().filter(|text| is_valid(text, level)).count();
            rounds = rounds.saturating_add(1);
        }
        let seconds = (processor_time() - spent) / f64::from(rounds.max(1));
        let count = u32::try_from(texts.len()).map_or(0.0, f64::from);
        let megabytes = u32::try_from(bytes).map_or(0.0, f64::from) / 1e6;
        println!(
            "{}: {} documents, {valid} valid, {:.0} documents/s, {:.0} MB/s",
            level.as_str(),
            texts.len(),
            count / seconds,
            megabytes / seconds
        );
    }
    for path in arguments {
        let Ok(text) = std::fs::read(&path) else { continue };
        for level in [Level::Mandatory, Level::Informative] {
            let start = Instant::now();
            let valid = is_valid(&text, level);
            println!(
                "{path}: {} bytes, {}, valid {valid}: {:.3} s",
                text.len(),
                level.as_str(),
                start.elapsed().as_secs_f64()
            );
        }
    }
}

fn is_valid(text: &[u8], level: Level) -> bool {
    validate_bytes(text, level, &Limits::FILE).is_ok_and(|report| report.valid)
}
