//! Any bytes as a VEX document, written in every format and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use limits::Limits;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((document, _)) = vex::read(bytes, &Limits::DOCUMENT) {
        for format in [vex::Format::OpenVex, vex::Format::Csaf, vex::Format::CycloneDx] {
            let written = vex::write(&document, format, "2024-05-31T12:00:00Z");
            let (again, _) = vex::read_value(&written.document);
            assert_eq!(again.format, Some(format));
        }
    }
});
