//! Any bytes as a report of a recognised tool, in memory and as a stream: findings or words, never a panic.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use limits::Limits;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { expanded: 1 << 20, ..Limits::DOCUMENT };
    let memory = scan::read(bytes, None, &limits);
    let mut streamed = 0;
    let stream = scan::read_stream(Box::new(Cursor::new(bytes)), None, &limits, &mut |_finding| streamed += 1);
    match memory {
        Ok(report) => assert!(report.findings.iter().all(|finding| !finding.fingerprint.is_empty())),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    if let Err(error) = stream {
        assert!(!error.to_string().is_empty());
    }
});
