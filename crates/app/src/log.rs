//! What the program writes beside its answers: log entries and words to whoever started it.

use std::io::Write;

use platform::settings::Settings;
use tracing_subscriber::EnvFilter;

/// Starts logging to standard error as the settings say. Entries carry no secrets and no case content.
pub(crate) fn start(settings: &Settings) {
    let filter = EnvFilter::try_new(&settings.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process, as in tests, keeps the first log.
    let _already_started =
        if settings.log_json { builder.json().try_init() } else { builder.with_ansi(false).try_init() };
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic: {}", panic.payload_as_str().unwrap_or("without words"));
    }));
}

/// Says what went wrong, to whoever typed the command.
pub(crate) fn complain(words: &str) {
    let _closed_pipe = writeln!(std::io::stderr(), "portcullis: {words}");
}

/// Prints an answer.
pub(crate) fn say(words: &str) {
    let _closed_pipe = writeln!(std::io::stdout(), "{words}");
}
