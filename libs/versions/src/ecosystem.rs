//! The ecosystems, by the names that OSV records and package URLs give them.

use std::cmp::Ordering;

use crate::{LONGEST, apk, deb, dotted, maven, natural, nuget, php, pypi, rpm, ruby, semver};

/// A way of ordering versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ecosystem {
    /// Semantic versioning 2.0.0.
    Semver,
    /// npm and others that follow node-semver.
    Npm,
    /// Python packages: PEP 440.
    Pypi,
    /// Maven.
    Maven,
    /// Go modules.
    Go,
    /// Rust crates.
    Cargo,
    /// RubyGems.
    Gem,
    /// NuGet.
    Nuget,
    /// Packagist (Composer).
    Composer,
    /// Hex (Erlang, Elixir).
    Hex,
    /// Pub (Dart).
    Pub,
    /// Debian and what derives from it.
    Deb,
    /// RPM distributions.
    Rpm,
    /// Alpine and what derives from it.
    Apk,
    /// Arch Linux.
    Alpm,
    /// CRAN and Bioconductor (R).
    Cran,
    /// Hackage (Haskell).
    Hackage,
    /// Anything else: numbers as numbers, words as words.
    Generic,
}

/// Names in lower case: those of OSV, of package URLs, of `vers`, and the common ones.
const NAMES: &[(&str, Ecosystem)] = &[
    ("semver", Ecosystem::Semver),
    ("npm", Ecosystem::Npm),
    ("pypi", Ecosystem::Pypi),
    ("maven", Ecosystem::Maven),
    ("go", Ecosystem::Go),
    ("cargo", Ecosystem::Cargo),
    ("gem", Ecosystem::Gem),
    ("nuget", Ecosystem::Nuget),
    ("composer", Ecosystem::Composer),
    ("hex", Ecosystem::Hex),
    ("pub", Ecosystem::Pub),
    ("deb", Ecosystem::Deb),
    ("rpm", Ecosystem::Rpm),
    ("apk", Ecosystem::Apk),
    ("alpm", Ecosystem::Alpm),
    ("cran", Ecosystem::Cran),
    ("hackage", Ecosystem::Hackage),
    ("generic", Ecosystem::Generic),
    // Other names of the same orders.
    ("almalinux", Ecosystem::Rpm),
    ("alpaquita", Ecosystem::Apk),
    ("alpine", Ecosystem::Apk),
    ("amazon linux", Ecosystem::Rpm),
    ("android", Ecosystem::Generic),
    ("arch", Ecosystem::Alpm),
    ("arch linux", Ecosystem::Alpm),
    ("archlinux", Ecosystem::Alpm),
    ("azure linux", Ecosystem::Rpm),
    ("bellsoft hardened containers", Ecosystem::Apk),
    ("bioconductor", Ecosystem::Cran),
    ("bitbucket", Ecosystem::Generic),
    ("bitnami", Ecosystem::Semver),
    ("chainguard", Ecosystem::Apk),
    ("cleanstart", Ecosystem::Apk),
    ("cocoapods", Ecosystem::Gem),
    ("conan", Ecosystem::Generic),
    ("conancenter", Ecosystem::Generic),
    ("conda", Ecosystem::Pypi),
    ("cpan", Ecosystem::Generic),
    ("crates.io", Ecosystem::Cargo),
    ("debian", Ecosystem::Deb),
    ("docker", Ecosystem::Generic),
    ("dpkg", Ecosystem::Deb),
    ("echo", Ecosystem::Deb),
    ("fedora", Ecosystem::Rpm),
    ("ghc", Ecosystem::Hackage),
    ("git", Ecosystem::Generic),
    ("github", Ecosystem::Generic),
    ("github actions", Ecosystem::Semver),
    ("golang", Ecosystem::Go),
    ("julia", Ecosystem::Semver),
    ("kubernetes", Ecosystem::Semver),
    ("linux", Ecosystem::Generic),
    ("mageia", Ecosystem::Rpm),
    ("minimos", Ecosystem::Apk),
    ("opam", Ecosystem::Deb),
    ("openeuler", Ecosystem::Rpm),
    ("opensuse", Ecosystem::Rpm),
    ("oss-fuzz", Ecosystem::Generic),
    ("packagist", Ecosystem::Composer),
    ("photon os", Ecosystem::Rpm),
    ("red hat", Ecosystem::Rpm),
    ("redhat", Ecosystem::Rpm),
    ("rocky linux", Ecosystem::Rpm),
    ("rockylinux", Ecosystem::Rpm),
    ("root", Ecosystem::Generic),
    ("rubygems", Ecosystem::Gem),
    ("suse", Ecosystem::Rpm),
    ("swift", Ecosystem::Semver),
    ("swifturl", Ecosystem::Semver),
    ("ubuntu", Ecosystem::Deb),
    ("vscode", Ecosystem::Semver),
    ("wolfi", Ecosystem::Apk),
];

impl Ecosystem {
    /// The ecosystem of this name, in any case; a release after a colon (`Debian:12`) does not count.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim();
        let name = name.split_once(':').map_or(name, |(name, _release)| name);
        NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, ecosystem)| *ecosystem)
    }

    /// Every name that [`Ecosystem::parse`] knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    /// The name of the ecosystem in package URLs and `vers` ranges.
    pub fn name(self) -> &'static str {
        if self == Self::Go {
            return "golang";
        }
        NAMES.iter().find(|(_, ecosystem)| *ecosystem == self).map_or("generic", |(name, _)| *name)
    }

    /// The order of two versions; nothing when one of them is no version of this ecosystem.
    pub fn compare(self, left: &str, right: &str) -> Option<Ordering> {
        if left.len() > LONGEST || right.len() > LONGEST {
            return None;
        }
        match self {
            Self::Semver | Self::Cargo | Self::Hex => semver::compare(left, right),
            Self::Npm => semver::compare_npm(left, right),
            Self::Go => semver::compare_go(left, right),
            Self::Pub => semver::compare_pub(left, right),
            Self::Pypi => pypi::compare(left, right),
            Self::Maven => maven::compare(left, right),
            Self::Gem => ruby::compare(left, right),
            Self::Nuget => nuget::compare(left, right),
            Self::Composer => php::compare(left, right),
            Self::Deb => deb::compare(left, right),
            Self::Rpm => rpm::compare(left, right),
            Self::Apk => apk::compare(left, right),
            Self::Alpm => rpm::compare_alpm(left, right),
            Self::Cran => dotted::compare_cran(left, right),
            Self::Hackage => dotted::compare_hackage(left, right),
            Self::Generic => natural::generic(left, right),
        }
    }

    /// Whether a text is a version of this ecosystem.
    pub fn is_version(self, text: &str) -> bool {
        self.compare(text, text).is_some()
    }
}

impl std::fmt::Display for Ecosystem {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.name())
    }
}
