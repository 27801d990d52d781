//! Broken input never panics, and findings always name a line that exists.

use proptest::prelude::*;

use crate::small::{HEADER, PRACTICE};

fn mutate(text: &str, at: usize, cut: usize, insert: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    let at = at % bytes.len();
    let end = (at + cut).min(bytes.len());
    bytes.splice(at..end, insert.bytes());
    bytes
}

proptest! {
    #[test]
    fn damaged_files_are_read_without_panic(
        at in 0_usize..5000, cut in 0_usize..40, insert in "[ -~\n]{0,12}", header in any::<bool>()
    ) {
        let (first, second) = if header {
            (mutate(HEADER, at, cut, &insert), PRACTICE.as_bytes().to_vec())
        } else {
            (HEADER.as_bytes().to_vec(), mutate(PRACTICE, at, cut, &insert))
        };
        let reading = pack::read(&[("pack.toml", &first), ("craft.toml", &second)], None);
        for finding in &reading.findings {
            let file = if finding.file == "pack.toml" { &first } else { &second };
            let lines = file.iter().filter(|byte| **byte == b'\n').count() + 1;
            prop_assert!(finding.line >= 1 && finding.line as usize <= lines, "{finding}");
        }
    }

    #[test]
    fn arbitrary_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let reading = pack::read(&[("pack.toml", &bytes)], None);
        prop_assert!(reading.usable().is_none());
    }
}
