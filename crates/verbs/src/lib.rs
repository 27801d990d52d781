//! Offline verbs of the command line: they read files, need no database, and start in milliseconds.
//!
//! Each verb prints for people, or with `--json` one object a line on standard output in the order of its
//! arguments; everything else goes to standard error.

mod csaf;
mod cve;
mod cvss;
mod findings;
mod input;
mod maturity;
mod osv;
mod outcome;
mod pack;
mod purl;
mod report;
mod sbom;
mod scan;
mod verify;
mod version;
mod vex;

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
    /// Read and check CVE records.
    Cve(cve::Args),
    /// Read OSV records and ask them about versions.
    Osv(osv::Args),
    /// Read VEX documents and convert them.
    Vex(vex::Args),
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
        Verb::Cve(args) => cve::run(args),
        Verb::Osv(args) => osv::run(args),
        Verb::Vex(args) => vex::run(args),
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
