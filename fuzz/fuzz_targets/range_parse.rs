//! Any text as a range of every ecosystem.
#![no_main]

use libfuzzer_sys::fuzz_target;
use versions::{Ecosystem, Range};

fuzz_target!(|pair: (&str, &str)| {
    for ecosystem in Ecosystem::names().filter_map(Ecosystem::parse) {
        if let Ok(range) = Range::parse(ecosystem, pair.0) {
            let _either = range.contains(pair.1);
            let _text = range.to_string();
        }
    }
});
