//! Any bytes as a `security.txt`: what is valid can be written again.
#![no_main]

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use limits::Limits;

fuzz_target!(|bytes: &[u8]| {
    let read = mail::security_txt::read(bytes, None, &[], Timestamp::UNIX_EPOCH, &Limits::DOCUMENT);
    if let Ok(checked) = read
        && checked.is_valid()
    {
        assert!(checked.document.build().is_ok());
    }
});
