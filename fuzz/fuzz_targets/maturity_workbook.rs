//! Any bytes as a toolbox workbook: scores stay between nothing and three.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let limits = limits::Limits { expanded: 16 << 20, ..limits::Limits::DOCUMENT };
    if let Ok(workbook) = maturity::read_workbook(data, &limits) {
        assert!(workbook.scores.unanswered <= workbook.model.questions().count());
    }
});
