//! Any text as a range in `vers` notation: its canonical form must be read as the same range.
#![no_main]

use libfuzzer_sys::fuzz_target;
use versions::Vers;

fuzz_target!(|pair: (&str, &str)| {
    if let Ok(vers) = Vers::parse(pair.0) {
        let _either = vers.contains(pair.1);
        assert_eq!(Vers::parse(&vers.canonical()), Ok(vers));
    }
});
