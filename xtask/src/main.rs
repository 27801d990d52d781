//! Chores of the project: `cargo xtask test`, `check`, `tidy`, `needs`.

mod needs;
mod postgres;
mod run;
mod suites;
mod test;
mod tidy;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask test    install what the tests need where it is missing, then run every check and every test
cargo xtask check   format, lints, tidy and the tests on the embedded database: the inner loop
cargo xtask tidy    the rules of ARCHITECTURE.md that no compiler knows
cargo xtask needs   install what the tests need where it is missing";

fn main() -> ExitCode {
    let verb = std::env::args().nth(1).unwrap_or_default();
    let done = match verb.as_str() {
        "test" => test::everything(),
        "check" => test::quick(),
        "tidy" => tidy::run(),
        "needs" => needs::install(),
        _ => {
            println!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
