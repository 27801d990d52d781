//! Any bytes as an OSV record, asked about a version: what is written must be read as the same record.
#![no_main]

use libfuzzer_sys::fuzz_target;
use limits::Limits;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((record, _)) = osv::read(bytes, &Limits::DOCUMENT) {
        for package in record.affected.iter().filter_map(|affected| affected.package.as_ref()) {
            let _answer = osv::affects(&record, &package.ecosystem, &package.name, "1.2.3");
        }
        assert_eq!(osv::read_value(&record.write()).0, record);
    }
});
