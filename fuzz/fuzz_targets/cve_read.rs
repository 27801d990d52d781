//! Any bytes as a CVE record: what is written must be read as the same record.
#![no_main]

use libfuzzer_sys::fuzz_target;
use limits::Limits;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((record, _)) = cve::read(bytes, &Limits::DOCUMENT) {
        let _findings = cve::rules(&record, None, true);
        assert_eq!(cve::read_value(&record.write()).0, record);
    }
});
