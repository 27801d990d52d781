//! Offline verbs of the command line: they read files, need no database, and start in milliseconds.
//!
//! Each verb prints for people, or with `--json` one object a line on standard output in the order of its
//! arguments; everything else goes to standard error.

mod csaf;
mod cvss;
mod input;
mod maturity;
mod outcome;
mod pack;
mod purl;
mod report;
mod sbom;
mod scan;
mod verify;
mod version;

pub use outcome::Outcome;
pub use report::Verb as ReportVerb;

/// The verbs that need nothing but files.
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Score CVSS vectors.
    Cvss(cvss::Args),
    /// Validate CSAF documents.
    Csaf(csaf::Args),
    /// Read scan reports.
    Scan(scan::Args),
    /// Read SBOMs.
    Sbom(sbom::Args),
    /// Compare versions.
    Version(version::Args),
    /// Parse package URLs.
    Purl(purl::Args),
    /// Read maturity workbooks.
    Maturity(maturity::Args),
    /// Check process packs.
    Pack(pack::Args),
    /// Verify a signed gate verdict.
    Verify(verify::Args),
}

/// Runs one verb and says how it went.
pub fn run(verb: Verb) -> Outcome {
    match verb {
        Verb::Cvss(args) => cvss::run(args),
        Verb::Csaf(args) => csaf::run(args),
        Verb::Scan(args) => scan::run(args),
        Verb::Sbom(args) => sbom::run(args),
        Verb::Version(args) => version::run(args),
        Verb::Purl(args) => purl::run(args),
        Verb::Maturity(args) => maturity::run(args),
        Verb::Pack(args) => pack::run(args),
        Verb::Verify(args) => verify::run(args),
    }
}

/// Runs one of the verbs about reports that need no database.
pub fn run_report(verb: ReportVerb) -> Outcome {
    report::run(verb)
}
