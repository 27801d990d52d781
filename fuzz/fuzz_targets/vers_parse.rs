//! Any text as a range in `vers` notation. Some ecosystems' orders are not transitive, so a canonical form need not
//! come out the same when it is read again; it must not panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use versions::Vers;

fuzz_target!(|pair: (&str, &str)| {
    if let Ok(vers) = Vers::parse(pair.0) {
        let _either = vers.contains(pair.1);
        let _either = Vers::parse(&vers.canonical());
    }
});
