//! Any text as a question catalogue: what is read has a score with no answers, and that is nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(model) = maturity::read_catalogue(text, maturity::Scale::Fifths) {
        let scores = maturity::score(&model, &Default::default());
        assert!(scores.overall.is_none_or(|score| score == maturity::Ratio::ZERO));
    }
});
