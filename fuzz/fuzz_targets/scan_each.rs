//! Any bytes as a report of each tool by name, the first two bytes naming it: a reader survives what is not its own.
#![no_main]

use libfuzzer_sys::fuzz_target;
use limits::Limits;

fuzz_target!(|bytes: &[u8]| {
    let Some((number, report)) = bytes.split_first_chunk::<2>() else { return };
    let tools = scan::tools();
    let tool = &tools[usize::from(u16::from_le_bytes(*number)) % tools.len()];
    let limits = Limits { expanded: 1 << 20, ..Limits::DOCUMENT };
    if let Err(error) = scan::read(report, Some(tool.name), &limits) {
        assert!(!error.to_string().is_empty());
    }
});
