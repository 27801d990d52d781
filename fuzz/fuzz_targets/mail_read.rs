//! Any bytes as a mail: what is read fits the limits, and file names stay in their folder.
#![no_main]

use libfuzzer_sys::fuzz_target;
use limits::Limits;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(message) = mail::read(bytes, &Limits::MAIL) {
        assert!(message.text.len() <= Limits::MAIL.text);
        for attachment in &message.attachments {
            let name = attachment.file_name();
            assert!(!name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\']));
        }
    }
});
