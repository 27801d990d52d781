//! Any text as a package URL: its canonical form must be read as the same package.
#![no_main]

use libfuzzer_sys::fuzz_target;
use versions::purl::Purl;

fuzz_target!(|text: &str| {
    if let Ok(purl) = Purl::parse(text) {
        assert_eq!(Purl::parse(&purl.canonical()), Ok(purl));
    }
});
