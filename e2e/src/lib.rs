//! Browser journeys: the main jobs in headless Chromium against the real program.
//!
//! They run when `PORTCULLIS_E2E` is set, as `cargo xtask test` does, since they need Chromium, its driver, GnuPG and a mail
//! server. The program under test is the debug build beside this crate's own.

pub mod browser;
pub mod mail;
pub mod program;

/// Whether the journeys are wanted; says so when they are not.
pub fn wanted() -> bool {
    let wanted = std::env::var_os("PORTCULLIS_E2E").is_some();
    if !wanted {
        eprintln!("browser journeys are left out: set PORTCULLIS_E2E, or run cargo xtask test");
    }
    wanted
}
