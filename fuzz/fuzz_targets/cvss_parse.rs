//! Any text as a CVSS vector: its canonical form must be read as the same vector.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match cvss::Vector::parse(text) {
        Ok(vector) => {
            assert_eq!(cvss::Vector::parse(&vector.canonical()), Ok(vector));
            assert_eq!(vector.scores().base, vector.base().score());
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
