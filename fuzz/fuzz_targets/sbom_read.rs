//! Any bytes as an SBOM of any format: a document or words, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use limits::Limits;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { expanded: 1 << 20, ..Limits::DOCUMENT };
    match sbom::read_slice(bytes, &limits) {
        Ok(document) => {
            let most = document.components.len();
            assert!(document.components.iter().all(|component| component.parent.is_none_or(|parent| parent < most)));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
