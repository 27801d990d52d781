//! Any text as a process pack: what is usable survives comparison with itself, and findings name a line.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|files: (&str, &str)| {
    let reading = pack::read(&[("pack.toml", files.0.as_bytes()), ("practice.toml", files.1.as_bytes())], None);
    assert!(reading.findings.iter().all(|finding| finding.line > 0 && !finding.reason.is_empty()));
    if let Some(pack) = reading.usable() {
        assert!(pack::diff(pack, pack).is_empty());
    }
});
