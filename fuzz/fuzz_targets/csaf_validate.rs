//! Any bytes as a CSAF document: judged or refused, and what was read is written the same way twice.
#![no_main]

use csaf::{Csaf, Level, Limits, Value, Version, validate};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(root) = Value::read(bytes, &Limits::DOCUMENT) else { return };
    let report = validate(&root, Level::Informative);
    assert_eq!(report.valid, report.findings.iter().all(|finding| finding.level != Level::Mandatory));
    for finding in &report.findings {
        assert!(!finding.message.is_empty() && (finding.path.is_empty() || finding.path.starts_with('/')));
    }
    let read = Csaf::read(&root).csaf;
    for version in [Version::V2_0, Version::V2_1] {
        let written = read.to_bytes(version).bytes;
        let again = Value::read(&written, &Limits::FILE).expect("what we write can be read");
        assert_eq!(Csaf::read(&again).csaf.to_bytes(version).bytes, written);
    }
});
