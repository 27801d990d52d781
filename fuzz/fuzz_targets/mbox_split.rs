//! Any bytes as an mbox file: it ends, and no mail is longer than the file.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let lengths: usize = mail::mbox::split(bytes).map(|mail| mail.len()).sum();
    assert!(lengths <= bytes.len());
});
