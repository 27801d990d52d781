//! Any text as a file of the official maturity model: read or refused in words.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Err(error) = maturity::read_core_model(&[("model.yml", data)]) {
        assert!(!error.to_string().is_empty());
    }
});
