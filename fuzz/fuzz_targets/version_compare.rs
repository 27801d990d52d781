//! Any two texts as versions of every ecosystem: the order turns around with its sides.
#![no_main]

use libfuzzer_sys::fuzz_target;
use versions::Ecosystem;

fuzz_target!(|pair: (&str, &str)| {
    for ecosystem in Ecosystem::names().filter_map(Ecosystem::parse) {
        let order = ecosystem.compare(pair.0, pair.1);
        assert_eq!(ecosystem.compare(pair.1, pair.0), order.map(std::cmp::Ordering::reverse));
    }
});
